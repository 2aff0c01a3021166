import HTTP
import Testing

/// What has gone wrong between the two sides of other proxies, one test for each.
@Suite struct ProxyStateTests {
    private static let close = "GET /last HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"

    private func statuses(_ text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) }
    }

    private func field(_ request: String, _ name: String) -> String? {
        request.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix(name + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    // MARK: 1. Kong CVE-2026-6338

    @Test func `lets no client take framing or credentials away by Connection`() throws {
        let origin = try LoggingOrigin()
        let proxy = try TestProxy(to: origin.port)
        let smuggled = "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n"
        let text = try proxy.exchange("""
            POST /a HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer a\r\nX-API-Key: b\r\nX-Forwarded-For: c\r
            X-Mine: d\r\nContent-Type: text/plain\r\nContent-Length: \(smuggled.utf8.count)\r
            Connection: Content-Length, host, authorization, x-api-key, transfer-encoding, x-forwarded-for, content-type, x-mine\r
            \r\n\(smuggled)\(Self.close)
            """)
        #expect(statuses(text) == ["200", "200"])
        #expect(origin.summary == ["POST /a [\(smuggled)]", "GET /last []"])
        let request = try #require(origin.requests.first)
        #expect(field(request, "authorization") == "Bearer a")
        #expect(field(request, "x-api-key") == "b")
        #expect(field(request, "x-forwarded-for") == "c")
        #expect(field(request, "content-type") == "text/plain")
        #expect(field(request, "content-length") == "\(smuggled.utf8.count)")
        #expect(field(request, "connection") == nil)
        #expect(field(request, "x-mine") == nil)
    }

    // MARK: 2. Pingora CVE-2026-2833

    @Test func `tunnels nothing behind a request to upgrade`() throws {
        let origin = try LoggingOrigin()
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange(
            "GET /a HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n" + Self.close)
        #expect(statuses(text) == ["200", "200"])
        #expect(origin.summary == ["GET /a []", "GET /last []"])
        #expect(origin.requests.allSatisfy { field($0, "upgrade") == nil && field($0, "connection") == nil })
    }

    @Test func `believes no upstream that upgrades unasked`() throws {
        let origin = try LoggingOrigin { _ in "HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange("GET /a HTTP/1.1\r\nHost: t\r\nUpgrade: foo\r\n\r\n" + Self.close)
        #expect(statuses(text) == ["502", "502"])
        #expect(origin.connections == 2)
    }

    // MARK: 3. Pingora CVE-2025-4366

    @Test(arguments: ["Content-Length: 34", "Content-Length: 100034", "Transfer-Encoding: chunked"])
    func `reads no unread body as a request after an early answer`(_ framing: String) throws {
        let seen = Locked<[String]>([])
        let server = try TestServer { exchange, _ in
            seen.change { $0.append(exchange.request.target) }
            exchange.respond("early", status: 401)
        }
        let connection = try RawConnection(port: server.port)
        let body = "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r"
        try connection.send("POST /a HTTP/1.1\r\nHost: t\r\n\(framing)\r\n\r\n\(body)")
        try? connection.send(Self.close)
        let text = try connection.receiveAll()
        #expect(statuses(text).first == "401")
        #expect(!seen.value.contains("/smuggled"))
        // What fits is dropped and the connection goes on at the right byte; otherwise it ends.
        #expect(seen.value == (framing.hasSuffix(" 34") ? ["/a", "/last"] : ["/a"]))
    }

    // MARK: 4. Answers that no client may see

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: foo\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 005\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nA: b\u{0}\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nA\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 O\rK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 600 No\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 2OO OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/2 200\r\nContent-Length: 5\r\n\r\nhello",
        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", "<html>\r\n\r\n",
    ])
    func `answers 502 in place of an answer that breaks the rules, and drops its connection`(_ answer: String) throws {
        let origin = try LoggingOrigin { request in
            request.hasPrefix("GET /bad ") ? answer + String(repeating: "\r\n", count: 2) : LoggingOrigin.ok
        }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange("GET /bad HTTP/1.1\r\nHost: t\r\n\r\n" + Self.close)
        #expect(statuses(text) == ["502", "200"], "\(text)")
        #expect(!text.contains("hello"))
        #expect(origin.connections == 2)
    }

    @Test func `answers 502 to interim answers without end and to heads beyond the limit`() throws {
        for answer in [
            String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 50),
            "HTTP/1.1 200 OK\r\nA: " + String(repeating: "b", count: 70_000) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 300) + "\r\n",
        ] {
            let origin = try LoggingOrigin { _ in answer }
            let proxy = try TestProxy(to: origin.port)
            #expect(statuses(try proxy.exchange(Self.close)) == ["502"])
        }
    }

    @Test func `passes on nothing behind an answer, and uses its connection for no other`() throws {
        let origin = try LoggingOrigin { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil" }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange("GET /a HTTP/1.1\r\nHost: t\r\n\r\n" + Self.close)
        #expect(statuses(text) == ["200", "200"])
        #expect(!text.contains("evil"))
        #expect(origin.connections == 2)
    }

    @Test(arguments: [204, 304])
    func `passes on no body behind an answer that has none`(_ status: Int) throws {
        let origin = try LoggingOrigin { _ in "HTTP/1.1 \(status) X\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil" }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange("GET /a HTTP/1.1\r\nHost: t\r\n\r\n" + Self.close)
        #expect(statuses(text) == ["\(status)", "\(status)"])
        #expect(!text.contains("evil") && !text.contains("content-length") && !text.contains("transfer-encoding"))
    }

    @Test func `keeps in step behind an answer to HEAD`() throws {
        let origin = try LoggingOrigin { request in
            request.hasPrefix("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : LoggingOrigin.ok
        }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange("HEAD /a HTTP/1.1\r\nHost: t\r\n\r\n" + Self.close)
        #expect(statuses(text) == ["200", "200"])
        #expect(text.components(separatedBy: "content-length: 5\r\n").count == 2)
        #expect(text.hasSuffix("\r\n\r\nok"))
        #expect(origin.connections == 1)
    }

    // MARK: 5. Answers that break off

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nxx\r\n",
    ])
    func `shows the client that an answer broke off`(_ answer: String) throws {
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send(answer)
        }
        let proxy = try TestProxy(to: server.port)
        let text = try proxy.exchange("GET /a HTTP/1.1\r\nHost: t\r\n\r\n")
        // Either length or chunks are there, and what they promise is not.
        #expect(text.contains("hello"))
        #expect(!text.contains("\r\n0\r\n"))
        #expect(text.contains("content-length: 10\r\n") || text.contains("transfer-encoding: chunked\r\n"))
    }

    @Test func `shows an HTTP/1.0 client too that an answer broke off`() throws {
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        }
        let proxy = try TestProxy(to: server.port)
        #expect(throws: RawConnection.Failure.self) { try proxy.exchange("GET /a HTTP/1.0\r\n\r\n") }
    }

    // MARK: 6. Nothing is sent twice

    @Test func `sends no request twice when a kept connection ends under it`() throws {
        let origin = try LoggingOrigin { request in
            request.hasPrefix("POST") ? nil : LoggingOrigin.ok
        }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange(
            "GET /a HTTP/1.1\r\nHost: t\r\n\r\nPOST /b HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi" + Self.close)
        #expect(statuses(text) == ["200", "502", "200"])
        #expect(origin.summary == ["GET /a []", "POST /b [hi]", "GET /last []"])
    }

    // MARK: 7. Fields of one connection

    @Test func `passes on no field of either connection`() throws {
        let fields = "Connection: x-mine, keep-alive\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: a\r\nTE: trailers\r\n"
            + "Trailer: X\r\nUpgrade: h2c\r\nHTTP2-Settings: a\r\nProxy-Authorization: b\r\nProxy-Authenticate: c\r\nX-Kept: 1\r\n"
        let origin = try LoggingOrigin { _ in "HTTP/1.1 200 OK\r\n\(fields)Content-Length: 2\r\n\r\nok" }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange("GET /a HTTP/1.1\r\nHost: t\r\n\(fields)\r\n" + Self.close)
        let request = try #require(origin.requests.first)
        for name in [
            "connection", "x-mine", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "http2-settings",
            "proxy-authorization", "proxy-authenticate",
        ] {
            #expect(field(request, name) == nil, "\(name)")
            let answer = text.components(separatedBy: "HTTP/1.1 ")[1]
            #expect(field(answer, name) == nil, "\(name)")
        }
        #expect(field(request, "x-kept") == "1")
        #expect(field(text, "x-kept") == "1")
    }

    @Test func `passes on the bytes of a value that are of no encoding`() throws {
        let seen = Locked<[UInt8]>([])
        let server = try TestServer { exchange, _ in
            exchange.request.headers.withValue("x-a") { value in
                let bytes = [UInt8](value)
                seen.value = bytes
            }
            exchange.respond("ok")
        }
        let proxy = try TestProxy(to: server.port)
        let value: [UInt8] = [0x85, 0xa0, 0x62, 0xff, 0xa0, 0x85]
        _ = try proxy.exchange([UInt8]("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\nX-A: ".utf8) + value + [13, 10, 13, 10])
        #expect(seen.value == value)
    }

    // MARK: 8. Half-closed clients

    @Test func `answers a client that has shut its sending direction`() throws {
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            usleepMilliseconds(50)
            peer.send(LoggingOrigin.ok)
        }
        let proxy = try TestProxy(to: server.port)
        let connection = try RawConnection(port: proxy.port)
        try connection.send("GET /a HTTP/1.1\r\nHost: t\r\n\r\n")
        connection.finishSending()
        #expect(try connection.receiveAll().hasSuffix("\r\n\r\nok"))
    }

    @Test func `gives an upstream up at once when its client resets`() async throws {
        let begun = Locked(false)
        let ended = Locked(false)
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            begun.value = true
            ended.value = peer.waitForEnd()
        }
        let proxy = try TestProxy(to: server.port)
        let connection = try RawConnection(port: proxy.port)
        try connection.send("GET /a HTTP/1.1\r\nHost: t\r\n\r\n")
        try await wait("the upstream's request") { begun.value }
        let start = ContinuousClock.now
        connection.reset()
        try await wait("the upstream's end") { ended.value }
        // Far less than any timeout; how far depends on what else the machine does.
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    // MARK: 9. Pipelines

    @Test func `answers the 49 requests before a malformed one, refuses it, and reads nothing behind it`() throws {
        let origin = try LoggingOrigin()
        let proxy = try TestProxy(to: origin.port)
        let requests = (1...100).map { index in
            index == 50 ? "GET /bad HTTP/1.1\r\nHost: t\r\nbad\r\n\r\n" : "GET /\(index) HTTP/1.1\r\nHost: t\r\n\r\n"
        }
        let text = try proxy.exchange(requests.joined())
        #expect(statuses(text) == [String](repeating: "200", count: 49) + ["400"])
        #expect(text.components(separatedBy: "connection: close\r\n").count == 2)
        #expect(origin.summary == (1...49).map { "GET /\($0) []" })
    }

    @Test func `answers a hundred requests of one write in order`() throws {
        let origin = try LoggingOrigin { request in
            let line = request.components(separatedBy: " HTTP/1.1")[0]
            return "HTTP/1.1 200 OK\r\nContent-Length: \(line.utf8.count)\r\n\r\n\(line)"
        }
        let proxy = try TestProxy(to: origin.port)
        let text = try proxy.exchange((1...99).map { "GET /\($0) HTTP/1.1\r\nHost: t\r\n\r\n" }.joined() + Self.close)
        let bodies = text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.components(separatedBy: "\r\n\r\n")[1] }
        #expect(bodies == (1...99).map { "GET /\($0)" } + ["GET /last"])
    }

    // MARK: 11. Streams

    @Test func `relays each piece of a stream as it comes`() throws {
        let step = Locked(0)
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            // Every line end of the standard, and a character cut in two.
            for piece in ["data: 1\n\n", "data: 2\r\n\r\n", "data: 3\r\r"] {
                let sent = step.value
                peer.send(String(piece.utf8.count, radix: 16) + "\r\n" + piece + "\r\n")
                // The next is sent only when this one has been seen at the other end.
                while step.value == sent { usleepMilliseconds(1) }
            }
            peer.send(bytes: [0x31, 13, 10, 0xc3, 13, 10])
            while step.value == 3 { usleepMilliseconds(1) }
            peer.send(bytes: [0x31, 13, 10, 0xa9, 13, 10])
            peer.send("0\r\n\r\n")
        }
        let proxy = try TestProxy(to: server.port)
        let connection = try RawConnection(port: proxy.port)
        try connection.send("GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        var all: [UInt8] = []
        func receive(until part: [UInt8]) throws {
            while all.firstRange(of: part) == nil { all += try connection.receive() }
            step.change { $0 += 1 }
        }
        for piece in ["data: 1\n\n", "data: 2\r\n\r\n", "data: 3\r\r"] { try receive(until: [UInt8](piece.utf8)) }
        try receive(until: [0xc3])
        try receive(until: [0xa9])
        try receive(until: [UInt8]("0\r\n\r\n".utf8))
    }

    @Test func `holds an upstream back for a slow reader`() throws {
        let sent = Locked(0)
        let total = 64 << 20
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let piece = [UInt8](repeating: 0x61, count: 65_536)
            while sent.value < total, peer.send(bytes: piece) { sent.change { $0 += piece.count } }
        }
        let proxy = try TestProxy(to: server.port)
        let connection = try RawConnection(port: proxy.port, receiveBuffer: 16_384)
        try connection.send("GET /a HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        // Until nothing moves any more: the buffers of four sockets, and no more.
        var before = -1
        while before != sent.value {
            before = sent.value
            usleepMilliseconds(100)
        }
        #expect(sent.value < total / 2)
        var received = 0
        while case let piece = try connection.receive(), !piece.isEmpty { received += piece.count }
        #expect(received > total)
    }
}
