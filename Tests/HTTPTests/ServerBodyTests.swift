import HTTP
import Testing

/// What the server does with bodies that are large, late, unread or unfinished.
@Suite struct ServerBodyTests {
    private func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
        var limits = HTTPLimits()
        change(&limits)
        return limits
    }

    private func collecting(max: Int, limits: HTTPLimits = HTTPLimits()) throws -> TestServer {
        try TestServer(limits: limits) { exchange, _ in
            exchange.collectBody(max: max) { exchange.respond("\($0.count)") }
        }
    }

    @Test func `sends 100 only when the body is wanted`() throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try connection.receive { $0.hasSuffix("\r\n\r\n") } == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send("hello")
        #expect(try connection.receive { $0.hasSuffix("]") }.hasSuffix("POST / [hello]"))
    }

    @Test func `closes after refusing a body that waits for 100`() throws {
        let server = try TestServer { exchange, _ in exchange.respond("no", status: 401) }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        let text = try connection.receiveAll()
        #expect(text.hasPrefix("HTTP/1.1 401 "))
        #expect(text.contains("connection: close\r\n"))
        #expect(!text.contains("100 Continue"))
    }

    @Test func `sends no 100 to HTTP/1.0`() throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello")
        let text = try connection.receiveAll()
        #expect(!text.contains("100 Continue"))
        #expect(text.hasSuffix("[hello]"))
    }

    @Test func `refuses a declared body beyond the limit before reading it`() throws {
        let server = try collecting(max: 10)
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\n\r\n")
        let text = try connection.receiveAll()
        #expect(text.hasPrefix("HTTP/1.1 413 "))
    }

    @Test func `a refusal of its own has the fields that were set for every answer`() throws {
        let server = try TestServer(setUp: { server, _ in
            server.answerFields = { $0.hasOrigin ? ["X-Always": $0.path] : nil }
        }) { exchange, _ in
            exchange.collectBody(max: 10) { exchange.respond("\($0.count)") }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send(Self.named("/a", 2) + "ab" + "POST /b HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n" + Self.named("/c", 11))
        let answers = try connection.receiveAll().components(separatedBy: "HTTP/1.1 ").dropFirst()
        #expect(answers.map { $0.prefix(3) } == ["200", "200", "413"])
        #expect(answers.map { $0.contains("\r\nX-Always: /") } == [true, false, true])
    }

    private static func named(_ path: String, _ length: Int) -> String {
        "POST \(path) HTTP/1.1\r\nHost: t\r\nOrigin: https://a.example\r\nContent-Length: \(length)\r\n\r\n"
    }

    @Test func `refuses a chunked body when it passes the limit`() throws {
        let server = try collecting(max: 10)
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n")
        let text = try connection.receiveAll()
        #expect(text.hasPrefix("HTTP/1.1 413 "))
        #expect(text.components(separatedBy: "HTTP/1.1").count == 2)
    }

    @Test func `takes a body exactly at the limit`() throws {
        let server = try collecting(max: 10)
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n")
        #expect(try connection.receive { $0.hasSuffix("\r\n\r\n10") }.hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `never reads an unread body as a request`() throws {
        let server = try TestServer { exchange, _ in exchange.respond(exchange.request.target) }
        let smuggled = "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n"
        let connection = try RawConnection(port: server.port)
        try connection.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: \(smuggled.utf8.count)\r\n\r\n" + smuggled)
        try connection.send("GET /b HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        let text = try connection.receiveAll()
        #expect(text.components(separatedBy: "HTTP/1.1 200").count == 3)
        #expect(text.hasSuffix("\r\n\r\n/b"))
    }

    @Test func `closes rather than drain a chunked or large unread body`() throws {
        let server = try TestServer { exchange, _ in exchange.respond("early") }
        for framing in ["Transfer-Encoding: chunked", "Content-Length: 10000000"] {
            let connection = try RawConnection(port: server.port)
            try connection.send("POST /a HTTP/1.1\r\nHost: t\r\n\(framing)\r\n\r\n")
            let text = try connection.receiveAll()
            #expect(text.contains("connection: close\r\n"), "\(framing)")
            #expect(text.hasSuffix("early"))
        }
    }

    @Test func `lets a client that still sends read the early answer`() throws {
        let server = try TestServer { exchange, _ in exchange.respond("early", status: 413) }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 3000000\r\n\r\n")
        try connection.send([UInt8](repeating: 0x61, count: 3_000_000))
        #expect(try connection.receiveAll().hasSuffix("early"))
    }

    @Test func `takes a body that is asked for late`() throws {
        let server = try TestServer { exchange, loop in
            loop.schedule(after: .milliseconds(10)) { exchange.echo() }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\nHost: t\r\n\r\n")
        let text = try connection.receive { $0.hasSuffix("GET /b []") }
        #expect(text.contains("POST / [hello]"))
    }

    @Test func `answers 408 to a head that does not come`() throws {
        let server = try TestServer(limits: limits { $0.headTimeout = .milliseconds(50) }) { exchange, _ in exchange.echo() }
        let connection = try RawConnection(port: server.port)
        try connection.send("GET / HTT")
        #expect(try connection.receiveAll().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `answers 408 to a body that comes too slowly`() async throws {
        let gone = Locked(false)
        let server = try TestServer(limits: limits { $0.bodyRatePeriod = .milliseconds(50) }) { exchange, _ in
            exchange.onGone = { gone.value = true }
            exchange.echo()
        }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe")
        #expect(try connection.receiveAll().hasPrefix("HTTP/1.1 408 "))
        try await wait("onGone") { gone.value }
    }

    @Test func `closes an idle connection without a word`() throws {
        let server = try TestServer(limits: limits {
            $0.idleTimeout = .milliseconds(50)
            $0.headTimeout = .milliseconds(50)
        }) { exchange, _ in exchange.echo() }
        #expect(try RawConnection(port: server.port).receiveAll() == "")
        let used = try RawConnection(port: server.port)
        try used.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(try used.receiveAll().hasSuffix("GET / []"))
    }

    @Test func `refuses a request that ends within its body`() async throws {
        let gone = Locked(false)
        let server = try TestServer { exchange, _ in
            exchange.onGone = { gone.value = true }
            exchange.echo()
        }
        let connection = try RawConnection(port: server.port)
        try connection.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe")
        connection.finishSending()
        #expect(try connection.receiveAll().hasPrefix("HTTP/1.1 400 "))
        try await wait("onGone") { gone.value }
    }
}
