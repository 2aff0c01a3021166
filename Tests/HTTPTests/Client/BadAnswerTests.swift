import HTTP
import Testing

/// Answers that a client must not believe: nothing of them is relayed, and their connections are not used again.
@Suite struct BadAnswerTests {
    /// Heads, and what follows them, that break a rule. Named after the rule.
    static let broken: [(rule: String, bytes: String)] = [
        // The status line
        ("no status line", "<html>hello</html>\r\n\r\n"),
        ("another protocol", "ICY 200 OK\r\n\r\n"),
        ("HTTP/2", "HTTP/2 200 OK\r\n\r\n"),
        ("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"),
        ("HTTP/0.9", "HTTP/0.9 200 OK\r\n\r\n"),
        ("a lower-case protocol", "http/1.1 200 OK\r\n\r\n"),
        ("a version of two digits", "HTTP/1.10 200 OK\r\n\r\n"),
        ("a version that is no digit", "HTTP/1.x 200 OK\r\n\r\n"),
        ("a space in front", " HTTP/1.1 200 OK\r\n\r\n"),
        ("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n"),
        ("a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
        ("a status below 100", "HTTP/1.1 099 OK\r\n\r\n"),
        ("a negative status", "HTTP/1.1 -20 OK\r\n\r\n"),
        ("a status that is no number", "HTTP/1.1 2x0 OK\r\n\r\n"),
        ("a hexadecimal status", "HTTP/1.1 0xC8 OK\r\n\r\n"),
        ("two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n"),
        ("a tab before the status", "HTTP/1.1\t200 OK\r\n\r\n"),
        ("no space after the status", "HTTP/1.1 200OK\r\n\r\n"),
        ("NUL in the reason", "HTTP/1.1 200 O\u{0}K\r\n\r\n"),
        ("a bare CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\n"),
        ("an escape in the reason", "HTTP/1.1 200 \u{1b}[31m\r\n\r\n"),
        ("a bare LF after the status line", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}"),
        // Fields
        ("a field without a colon", "HTTP/1.1 200 OK\r\nBroken\r\n\r\n"),
        ("a field without a name", "HTTP/1.1 200 OK\r\n: value\r\n\r\n"),
        ("a space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"),
        ("a space in a name", "HTTP/1.1 200 OK\r\nContent Length: 5\r\n\r\nhello"),
        ("a control character in a name", "HTTP/1.1 200 OK\r\nA\u{1}: b\r\n\r\n"),
        ("a name beyond ASCII", "HTTP/1.1 200 OK\r\nÄ: b\r\n\r\n"),
        ("NUL in a value", "HTTP/1.1 200 OK\r\nA: b\u{0}c\r\n\r\n"),
        ("a bare CR in a value", "HTTP/1.1 200 OK\r\nA: b\rc: d\r\n\r\n"),
        ("a bare LF in a value", "HTTP/1.1 200 OK\r\nA: b\nc: d\r\n\r\n"),
        ("a folded value", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"),
        ("a value folded by a tab", "HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\n\r\n"),
        ("a folded first field", "HTTP/1.1 200 OK\r\n A: b\r\n\r\n"),
        ("a bare LF at the end of the head", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\nhello"),
        ("a value larger than a head may be", "HTTP/1.1 200 OK\r\nA: " + String(repeating: "b", count: 70_000) + "\r\n\r\n"),
        ("more fields than a head may have", "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 300) + "\r\n"),
        ("a head without an end", "HTTP/1.1 200 OK\r\n" + String(repeating: "A: bcdefgh\r\n", count: 8_000)),
        // Content-Length
        ("a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: foo\r\n\r\nhello"),
        ("an empty length", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello"),
        ("a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"),
        ("a length with a sign", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello"),
        ("a hexadecimal length", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello"),
        ("a length with a fraction", "HTTP/1.1 200 OK\r\nContent-Length: 5.0\r\n\r\nhello"),
        ("a length with an underscore", "HTTP/1.1 200 OK\r\nContent-Length: 1_0\r\n\r\nhellohello"),
        ("a length in two words", "HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\nhello"),
        ("a length beyond 64 bits", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\nhello"),
        ("a list of lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello"),
        ("two equal lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
        ("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
        // Transfer-Encoding
        ("length and chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        ("an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello"),
        ("an empty coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\nhello"),
        ("identity", "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello"),
        ("chunks twice", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        ("chunks in two fields", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a coding around the chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("a coding behind the chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        ("chunks with a parameter", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
        ("a coding spelled wrongly", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("chunks to HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        // Chunks
        ("a size that is no number", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
        ("an empty size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n"),
        ("a negative size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"),
        ("a size with 0x", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"),
        ("a size beyond 64 bits", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n"),
        ("a chunk longer than its size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloo\r\n0\r\n\r\n"),
        ("a bare LF after a size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"),
        ("a bare LF after a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n"),
        ("an endless extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + String(repeating: "a", count: 2 << 20)),
        // Interim answers
        ("101 that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: upgrade\r\n\r\n"),
        ("100 without an end", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 20)),
        ("103 without an end", String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", count: 20)),
    ]

    private func request(_ server: RawServer) -> OutboundRequest {
        OutboundRequest(
            method: .post, origin: Origin(scheme: .http, host: "127.0.0.1", port: server.port), target: "/v1", body: [UInt8]("hello".utf8))
    }

    @Test(arguments: broken.indices)
    func `does not believe an answer that breaks a rule`(_ index: Int) async throws {
        let (rule, bytes) = Self.broken[index]
        let ended = Locked(false)
        let server = try RawServer { peer, _ in
            _ = peer.receiveRequest()
            peer.send(bytes)
            // The client, not the server, ends the connection.
            ended.value = peer.waitForEnd()
        }
        let client = try TestClient()
        var request = request(server)
        request.timeouts = CallTimeouts(firstByte: .seconds(20), idle: .seconds(20))
        let outcome = try await client.send(request)
        guard case .malformedResponse = outcome.failure else {
            Issue.record("\(rule): \(String(describing: outcome.failure)), status \(String(describing: outcome.status))")
            return
        }
        try await wait("the end of the connection: \(rule)") { ended.value }
    }

    @Test func `there are at least 64 of them`() { #expect(Self.broken.count >= 64) }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ])
    func `knows a truncated answer, whether it ends by FIN or by a reset`(_ text: String) async throws {
        for isReset in [false, true] {
            let server = try RawServer { peer, _ in
                _ = peer.receiveRequest()
                peer.send(text)
                usleepMilliseconds(20)
                if isReset { peer.reset() }
            }
            let outcome = try await TestClient().send(request(server))
            #expect(outcome.failure == .truncated)
            #expect(!outcome.isEnded)
        }
    }
}
