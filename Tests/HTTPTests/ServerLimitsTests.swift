import HTTP
import Testing

/// How long a client may take and how much of the server it may use, with the limits made short.
@Suite struct ServerLimitsTests {
    private let get = "GET / HTTP/1.1\r\nHost: t\r\n\r\n"

    private func server(_ change: (inout HTTPLimits) -> Void) throws -> TestServer {
        var limits = HTTPLimits()
        change(&limits)
        return try TestServer(limits: limits) { exchange, _ in exchange.echo() }
    }

    private func statuses(_ text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    }

    @Test func `has the limits that it promises`() {
        let limits = HTTPLimits()
        #expect(limits.headTimeout == .seconds(10))
        #expect(limits.bodyRatePeriod == .seconds(5) && limits.bodyBytesPerPeriodMin == 5 * 240)
        #expect(limits.bodyTimeout == .seconds(600))
        #expect(limits.idleTimeout == .seconds(75))
        #expect(limits.requestsPerConnectionMax == 1000 && limits.connectionAgeMax == .seconds(3600))
        #expect(limits.lingerTimeout == .seconds(2) && limits.lingerTimeoutMax == .seconds(5))
        #expect(limits.outputHighWaterBytes == 32 * 1024 && limits.outputLowWaterBytes < limits.outputHighWaterBytes)
    }

    @Test func `counts a head's time from its first byte, however its bytes come`() throws {
        let server = try server { $0.headTimeout = .milliseconds(300) }
        let connection = try RawConnection(port: server.port)
        try connection.send(get)
        _ = try connection.receive { $0.hasSuffix("]") }
        let start = ContinuousClock.now
        // Each byte comes well within the limit; all of them do not.
        for byte in [UInt8](get.utf8) {
            guard (try? connection.send([byte])) != nil else { break }
            usleepMilliseconds(25)
            if ContinuousClock.now - start > .milliseconds(500) { break }
        }
        #expect(statuses(try connection.receiveAll()) == ["408"])
    }

    @Test func `takes a body that comes slowly, but not too slowly`() throws {
        let server = try server {
            $0.bodyRatePeriod = .milliseconds(500)
            $0.bodyBytesPerPeriodMin = 3
        }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 60\r\n\r\n")
        for _ in 0..<60 {
            try connection.send("a")
            usleepMilliseconds(15)
        }
        #expect(try connection.receive { $0.hasSuffix("]") }.hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `answers 408 to a body that comes fast enough and never ends`() throws {
        let server = try server {
            $0.bodyRatePeriod = .milliseconds(50)
            $0.bodyBytesPerPeriodMin = 1
            $0.bodyTimeout = .milliseconds(300)
        }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n")
        for _ in 0..<2000 {
            guard (try? connection.send("aaaa")) != nil else { break }
            usleepMilliseconds(5)
        }
        #expect(statuses(try connection.receiveAll()) == ["408"])
    }

    @Test func `answers 408 to chunks that hold little but themselves`() throws {
        let server = try server {
            $0.bodyRatePeriod = .milliseconds(200)
            $0.bodyBytesPerPeriodMin = 1000
        }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<100 {
            guard (try? connection.send("1;" + String(repeating: "e", count: 100) + "\r\na\r\n")) != nil else { break }
            usleepMilliseconds(5)
        }
        #expect(statuses(try connection.receiveAll()) == ["408"])
    }

    @Test func `ends a connection that has carried enough requests, and says so before`() throws {
        let server = try server { $0.requestsPerConnectionMax = 3 }
        let connection = try RawConnection(port: server.port)
        try connection.send(String(repeating: get, count: 5))
        let answers = try connection.receiveAll().components(separatedBy: "HTTP/1.1 ").dropFirst()
        #expect(answers.map { $0.contains("connection: close\r\n") } == [false, false, true])
    }

    @Test func `ends a connection that is old enough, and says so before`() throws {
        let server = try server { $0.connectionAgeMax = .seconds(2) }
        let connection = try RawConnection(port: server.port)
        try connection.send(get)
        #expect(try !connection.receive { $0.hasSuffix("]") }.contains("connection: close"))
        usleepMilliseconds(2200)
        try connection.send(get)
        #expect(try connection.receiveAll().contains("connection: close\r\n"))
    }

    @Test func `waits for a client that is silent after the last answer no longer than for one that sends`() throws {
        let server = try server {
            $0.lingerTimeout = .milliseconds(100)
            $0.lingerTimeoutMax = .seconds(2)
        }
        func lingered(sending: Bool) throws -> Duration {
            let connection = try RawConnection(port: server.port)
            // Before the server can begin to count.
            let start = ContinuousClock.now
            try connection.send("bad\r\n\r\n")
            _ = try connection.receiveAll()
            let answered = ContinuousClock.now
            // A connection that the server has closed answers what is sent by a reset, which the next send tells.
            while ContinuousClock.now - start < .seconds(20) {
                if sending || ContinuousClock.now - answered > .seconds(1) {
                    guard (try? connection.send("more")) != nil else { break }
                }
                usleepMilliseconds(10)
            }
            return ContinuousClock.now - start
        }
        let silent = try lingered(sending: false)
        let busy = try lingered(sending: true)
        #expect(silent >= .milliseconds(100) && silent < busy)
        #expect(busy >= .seconds(2) && busy < .seconds(10))
    }

    @Test func `holds no more of an answer than its buffer for a client that does not read`() async throws {
        let queued = Locked(0)
        let server = try TestServer { exchange, _ in
            let piece = [UInt8](repeating: 0x61, count: 1000)
            exchange.begin(ResponseHead(status: 200))
            // All that is welcome, before anything can have left.
            while exchange.isWritable {
                exchange.write(piece)
                queued.change { $0 += piece.count }
            }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(get)
        try await wait("the buffer to fill") { queued.value > 0 }
        #expect(queued.value <= HTTPLimits().outputHighWaterBytes + 1000)
    }

    @Test func `reads no further request while its answers are not taken`() async throws {
        let begun = Locked(0)
        let server = try TestServer { exchange, _ in
            begun.change { $0 += 1 }
            exchange.respond(ResponseHead(status: 200), body: [UInt8](repeating: 0x61, count: 100_000))
        }
        let connection = try RawConnection(port: server.port, receiveBuffer: 16_384)
        let count = 400
        try connection.send(String(repeating: get, count: count))
        var before = -1
        while before != begun.value {
            before = begun.value
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(begun.value < count)
        var received = 0
        while received < count * 100_000 {
            let piece = try connection.receive()
            if piece.isEmpty { break }
            received += piece.count
        }
        #expect(begun.value == count)
    }
}
