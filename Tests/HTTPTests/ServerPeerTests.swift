import HTTP
import TestKit
import Testing

/// Clients that leave, read slowly or come in crowds.
@Suite struct ServerPeerTests {
    private let request = "GET / HTTP/1.1\r\nHost: t\r\n\r\n"

    @Test func `answers a client that has shut its sending direction`() throws {
        let server = try TestServer { exchange, loop in
            loop.schedule(after: .milliseconds(30)) { exchange.respond("late") }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(request + request)
        connection.finishSending()
        let text = try connection.receiveAll()
        #expect(text.components(separatedBy: "late").count == 3)
    }

    @Test func `tells of a reset while the answer is waited for`() async throws {
        let state = Locked("")
        let server = try TestServer { exchange, _ in
            state.value = "begun"
            exchange.onGone = { state.value = "gone" }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(request)
        try await wait("the exchange") { state.value == "begun" }
        connection.reset()
        try await wait("onGone") { state.value == "gone" }
    }

    @Test func `tells of a closed client in the middle of a stream`() async throws {
        let state = Locked("")
        let server = try TestServer { exchange, _ in
            exchange.onGone = { state.value = "gone" }
            exchange.begin(ResponseHead(status: 200))
            exchange.write([UInt8]("hello".utf8))
            state.value = "begun"
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(request)
        _ = try connection.receive { $0.contains("hello") }
        connection.close()
        try await wait("onGone") { state.value == "gone" }
    }

    @Test func `tells of a closed client before the answer when asked to`() async throws {
        let state = Locked("")
        let server = try TestServer { exchange, _ in
            exchange.onGone = { state.value = "gone" }
            exchange.treatsHalfCloseAsGone = true
            state.value = "begun"
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(request)
        try await wait("the exchange") { state.value == "begun" }
        connection.close()
        try await wait("onGone") { state.value == "gone" }
    }

    @Test func `tells of a client that closed before the stream began`() async throws {
        let state = Locked("")
        let server = try TestServer { exchange, loop in
            exchange.onGone = { state.value = "gone" }
            loop.schedule(after: .milliseconds(30)) { exchange.begin(ResponseHead(status: 200)) }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(request)
        connection.finishSending()
        try await wait("onGone") { state.value == "gone" }
    }

    @Test func `holds a stream back for a slow reader`() async throws {
        let highest = Locked(0)
        let written = Locked(0)
        let total = 16 << 20
        let server = try TestServer { exchange, _ in
            let piece = [UInt8](repeating: 0x61, count: 10_000)
            func pump() {
                while exchange.isWritable, written.value < total {
                    exchange.write(piece)
                    written.change { $0 += piece.count }
                }
                if written.value >= total { exchange.end() }
            }
            exchange.onWritable = pump
            exchange.begin(ResponseHead(status: 200))
            pump()
        }
        let connection = try RawConnection(port: server.port, receiveBuffer: 16_384)
        try connection.send(request)
        try await Task.sleep(for: .milliseconds(50))
        highest.value = written.value
        // The kernel's buffers and the high-water mark, and no more.
        #expect(highest.value < total / 2)
        var received = 0
        var last: [UInt8] = []
        while !String(decoding: last.suffix(7), as: UTF8.self).hasSuffix("0\r\n\r\n") {
            let piece = try connection.receive()
            if piece.isEmpty { break }
            received += piece.count
            last = last.suffix(7) + piece.suffix(7)
        }
        #expect(received > total)
    }

    @Test func `gives up on a reader that takes nothing`() async throws {
        var limits = HTTPLimits()
        limits.writeTimeout = .milliseconds(100)
        let state = Locked("")
        let server = try TestServer(limits: limits) { exchange, _ in
            exchange.onGone = { state.value = "gone" }
            exchange.begin(ResponseHead(status: 200))
            exchange.write([UInt8](repeating: 0x61, count: 16 << 20))
        }
        let connection = try RawConnection(port: server.port, receiveBuffer: 16_384)
        try connection.send(request)
        try await wait("onGone") { state.value == "gone" }
        connection.close()
    }

    @Test func `refuses connections beyond its limit`() throws {
        var limits = HTTPLimits()
        limits.connectionsMax = 1
        let server = try TestServer(limits: limits) { exchange, _ in exchange.respond("ok") }
        let first = try RawConnection(port: server.port)
        try first.send(request)
        _ = try first.receive { $0.hasSuffix("ok") }
        let second = try RawConnection(port: server.port)
        #expect(try second.receiveAll().hasPrefix("HTTP/1.1 503 "))
        try first.send(request)
        #expect(try first.receive { $0.hasSuffix("ok") }.hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `drains without failing an exchange under way`() async throws {
        let drained = Locked(false)
        let mayEnd = Locked(false)
        let begun = Locked(false)
        let server = try TestServer(setUp: { server, loop in loop.keep(server) }) { exchange, loop in
            begun.value = true
            func answerWhenTold() {
                if mayEnd.value { exchange.respond("whole") } else { loop.schedule(after: .milliseconds(1), answerWhenTold) }
            }
            answerWhenTold()
        }
        let idle = try RawConnection(port: server.port)
        let busy = try RawConnection(port: server.port)
        try busy.send(request)
        try await wait("the exchange") { begun.value }
        server.thread.remote.post { loop in
            loop.kept(Server.self)?.drain(deadline: .seconds(10)) { drained.value = true }
        }
        #expect(try idle.receiveAll() == "")
        mayEnd.value = true
        let text = try busy.receiveAll()
        #expect(text.hasSuffix("whole"))
        #expect(text.contains("connection: close\r\n"))
        idle.close()
        busy.close()
        try await wait("the drain") { drained.value }
        #expect(throws: TestKit.SystemError.self) { try RawConnection(port: server.port) }
    }

    @Test func `cuts what outlasts the drain`() async throws {
        let state = Locked<[String]>([])
        let server = try TestServer(setUp: { server, loop in loop.keep(server) }) { exchange, _ in
            exchange.onGone = { state.change { $0.append("gone") } }
            exchange.begin(ResponseHead(status: 200))
            state.change { $0.append("begun") }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(request)
        try await wait("the exchange") { state.value == ["begun"] }
        server.thread.remote.post { loop in
            loop.kept(Server.self)?.drain(deadline: .milliseconds(30)) { state.change { $0.append("drained") } }
        }
        try await wait("the drain") { state.value.last == "drained" }
        #expect(state.value == ["begun", "gone", "drained"])
    }

    @Test func `shares a port between loops`() async throws {
        let counts = Locked<[Int]>([0, 0])
        let port = Locked<UInt16>(0)
        let threads = try (0..<2).map { index in
            try LoopThread.start(name: "share-\(index)") { loop in
                let server = try Server(
                    loop: loop, listening: ListenAddress(host: "127.0.0.1", port: port.value, reusePort: true)
                ) { exchange in
                    counts.change { $0[index] += 1 }
                    exchange.respond("ok")
                }
                port.value = server.port
            }
        }
        for _ in 0..<64 {
            let connection = try RawConnection(port: port.value)
            try connection.send(request)
            _ = try connection.receive { $0.hasSuffix("ok") }
        }
        #expect(counts.value.reduce(0, +) == 64)
        #expect(counts.value.allSatisfy { $0 > 0 })
        for thread in threads {
            thread.stop()
            thread.join()
        }
    }
}
