import HTTP
import Testing

/// The server over real sockets.
@Suite struct ServerTests {
    private func answer(_ text: String, from server: TestServer, pieces: Int = 1) throws -> String {
        let connection = try RawConnection(port: server.port)
        let bytes = [UInt8](text.utf8)
        let size = max(1, bytes.count / pieces)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try connection.send([UInt8](bytes[start..<min(start + size, bytes.count)]))
        }
        return try connection.receiveAll()
    }

    private func echoServer(limits: HTTPLimits = HTTPLimits()) throws -> TestServer {
        try TestServer(limits: limits) { exchange, _ in exchange.echo() }
    }

    /// The bodies of a series of answers that each declare their length.
    private func bodies(_ text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { answer in
            answer.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
        }
    }

    @Test func `answers a request that comes byte by byte`() throws {
        let server = try echoServer()
        let text = "POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
        let answer = try answer(text, from: server, pieces: text.utf8.count)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nPOST /a [hello]"))
        #expect(answer.contains("\r\nconnection: close\r\n"))
    }

    @Test func `answers a hundred pipelined requests in order`() throws {
        let server = try echoServer()
        let requests = (0..<100).map { index in
            "POST /\(index) HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\(index == 99 ? "Connection: close\r\n" : "")\r\nab"
        }
        let text = try answer(requests.joined(), from: server)
        #expect(bodies(text) == (0..<100).map { "POST /\($0) [ab]" })
    }

    @Test func `answers pipelined requests in order when the answers come late`() throws {
        let server = try TestServer { exchange, loop in
            let target = exchange.request.target
            loop.schedule(after: .milliseconds(target == "/0" ? 20 : 1)) { exchange.respond(target) }
        }
        let requests = (0..<3).map { "GET /\($0) HTTP/1.1\r\nHost: t\r\n\r\n" }
        let connection = try RawConnection(port: server.port)
        try connection.send(requests.joined())
        let text = try connection.receive { bodies($0).last == "/2" }
        #expect(bodies(text) == ["/0", "/1", "/2"])
    }

    @Test func `answers the requests before a malformed one and nothing behind it`() throws {
        let server = try echoServer()
        let good = "GET /good HTTP/1.1\r\nHost: t\r\n\r\n"
        let bad = "GET /bad HTTP/1.1\r\nHost: t\r\nbad header\r\n\r\n"
        let text = try answer(good + good + bad + good, from: server)
        #expect(text.components(separatedBy: "HTTP/1.1 200").count == 3)
        #expect(text.components(separatedBy: "HTTP/1.1 400").count == 2)
        #expect(text.components(separatedBy: "HTTP/1.1 ").count == 4)
    }

    @Test func `gives HEAD the headers of GET and no body`() throws {
        let server = try TestServer { exchange, _ in exchange.respond("hello") }
        let text = try answer(
            "HEAD / HTTP/1.1\r\nHost: t\r\n\r\nGET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", from: server)
        #expect(bodies(text) == ["", "hello"])
        #expect(text.components(separatedBy: "content-length: 5\r\n").count == 3)
    }

    @Test func `gives HEAD no chunks`() throws {
        let server = try TestServer { exchange, _ in
            exchange.begin(ResponseHead(status: 200))
            exchange.write([UInt8]("hello".utf8))
            exchange.end()
        }
        let text = try answer("HEAD / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", from: server)
        #expect(text.contains("transfer-encoding: chunked"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [204, 304])
    func `gives an answer without a body neither length nor coding`(_ status: Int) throws {
        let server = try TestServer { exchange, _ in exchange.respond("no", status: status) }
        let text = try answer("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", from: server)
        #expect(text.hasPrefix("HTTP/1.1 \(status) "))
        #expect(!text.contains("content-length"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test func `streams to an HTTP/1.0 client until the connection closes`() throws {
        let server = try TestServer { exchange, _ in
            exchange.begin(ResponseHead(status: 200))
            exchange.write([UInt8]("hello".utf8))
            exchange.end()
        }
        let text = try answer("GET / HTTP/1.0\r\n\r\n", from: server)
        #expect(!text.contains("chunked"))
        #expect(text.contains("connection: close\r\n"))
        #expect(text.hasSuffix("\r\n\r\nhello"))
    }

    @Test func `keeps an HTTP/1.0 connection that asks for it`() throws {
        let server = try TestServer { exchange, _ in exchange.respond("hello") }
        let connection = try RawConnection(port: server.port)
        for _ in 0..<2 {
            try connection.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let text = try connection.receive { $0.hasSuffix("hello") }
            #expect(text.contains("connection: keep-alive\r\n"))
        }
    }

    @Test func `drops the connection fields and framing that a handler sets`() throws {
        let server = try TestServer { exchange, _ in
            exchange.respond(
                ResponseHead(status: 200, headers: [
                    "Connection": "upgrade", "Transfer-Encoding": "chunked", "Content-Length": "99", "X": "y",
                ]), body: [UInt8]("hello".utf8))
        }
        let text = try answer("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", from: server)
        #expect(text.contains("content-length: 5\r\n"))
        #expect(text.contains("X: y\r\n"))
        #expect(!text.contains("99") && !text.contains("chunked") && !text.contains("upgrade"))
    }

    @Test func `ends uncleanly when fewer bytes come than were declared`() throws {
        let server = try TestServer { exchange, _ in
            exchange.begin(ResponseHead(status: 200, headers: ["content-length": "10"]))
            exchange.write([UInt8]("hello".utf8))
            exchange.end()
        }
        let text = try answer("GET / HTTP/1.1\r\nHost: t\r\n\r\n", from: server)
        #expect(text.contains("content-length: 10\r\n"))
        #expect(text.hasSuffix("\r\n\r\nhello"))
    }

    @Test func `ends an aborted stream without its last chunk`() throws {
        let server = try TestServer { exchange, _ in
            exchange.begin(ResponseHead(status: 200))
            exchange.write([UInt8]("hello".utf8))
            exchange.abort()
        }
        let text = try answer("GET / HTTP/1.1\r\nHost: t\r\n\r\n", from: server)
        #expect(text.hasSuffix("\r\n\r\n5\r\nhello\r\n"))
    }

    @Test func `resets an aborted stream whose end would be the connection's`() throws {
        let server = try TestServer { exchange, loop in
            exchange.begin(ResponseHead(status: 200))
            exchange.write([UInt8]("hello".utf8))
            loop.schedule(after: .milliseconds(20)) { exchange.abort() }
        }
        let connection = try RawConnection(port: server.port)
        try connection.send("GET / HTTP/1.0\r\n\r\n")
        #expect(throws: RawConnection.Failure.self) { try connection.receiveAll() }
    }

    @Test(arguments: [
        "HEAD / HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\n\r\n", "HEAD / HTTP/1.1\r\nHost: t\r\nHost: t\r\n\r\n",
    ])
    func `answers HEAD without a body, whatever is wrong with it`(_ request: String) throws {
        let server = try TestServer { exchange, _ in exchange.echo() }
        let text = try answer(request, from: server)
        #expect(text.hasPrefix("HTTP/1.1 4"))
        #expect(text.contains("content-type: text/plain") && !text.contains("content-length: 0\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"), "\(text)")
    }

    @Test(arguments: [
        ("TRACE / HTTP/1.1\r\nHost: t\r\n\r\n", 405), ("BREW / HTTP/1.1\r\nHost: t\r\n\r\n", 501), ("GET / HTTP/2.0\r\nHost: t\r\n\r\n", 505),
        ("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\n\r\n", 413), ("GET /\r\n\r\n", 400),
    ])
    func `counts the answers that it gives by itself`(_ request: String, _ status: Int) throws {
        let meter = ServerMeter()
        let server = try TestServer({
            var options = ServerOptions()
            options.meter = meter
            return options
        }) { exchange, _ in exchange.echo() }
        #expect(try answer(request, from: server).hasPrefix("HTTP/1.1 \(status) "))
        #expect(meter.answers == [status: 1])
        #expect(try answer("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", from: server).hasPrefix("HTTP/1.1 200 "))
        #expect(meter.answers == [status: 1])
    }

    @Test func `shapes its own errors as it is told`() throws {
        let server = try TestServer(setUp: { server, _ in
            server.errorBody = { status, _, _ in (["content-type": "application/json"], [UInt8]("{\"status\":\(status)}".utf8)) }
        }) { exchange, _ in exchange.echo() }
        let text = try answer("bad\r\n\r\n", from: server)
        #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"))
        #expect(text.contains("connection: close\r\n"))
        #expect(text.hasSuffix("\r\n\r\n{\"status\":400}"))
    }
}

extension String {
    func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
