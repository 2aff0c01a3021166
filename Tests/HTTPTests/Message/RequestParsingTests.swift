@testable import HTTP
import TestKit
import Testing

@Suite struct RequestParsingTests {
    @Test(arguments: Corpus.all)
    func `takes the bytes for what a strict server takes them`(_ item: CorpusCase) {
        #expect(RequestReader.events([item.wire]) == item.events)
    }

    @Test(arguments: Corpus.all)
    func `takes the bytes for the same however they are cut`(_ item: CorpusCase) {
        #expect(RequestReader.events(item.wire.map { [$0] }) == item.events)
        // Of very long ones every place would be the same for minutes.
        for cut in stride(from: 1, to: item.wire.count, by: max(1, item.wire.count / 500)) {
            let events = RequestReader.events([[UInt8](item.wire[..<cut]), [UInt8](item.wire[cut...])])
            guard events != item.events else { continue }
            Issue.record("cut at \(cut): \(events)")
            return
        }
    }

    @Test func `takes no harm from mutated requests`() {
        var random = SplitMix(state: 20_261_121)
        let seeds = Corpus.all.map(\.wire).filter { $0.count < 2000 }
        for _ in 0..<20_000 {
            let bytes = random.mutated(seeds)
            let whole = RequestReader.events([bytes])
            let cut = Int(random.next() % UInt64(max(1, bytes.count)))
            let split = RequestReader.events([[UInt8](bytes[..<cut]), [UInt8](bytes[cut...])])
            #expect(whole == split, "seed 20261121: \(bytes)")
        }
    }

    private func parse(_ text: String) throws -> ParsedRequest {
        try [UInt8](text.utf8).withUnsafeBytes { try ParsedRequest.parse($0, headerCountMax: 100) }
    }

    @Test func `keeps what a client must not take away by Connection`() throws {
        let request = try parse("""
            POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nAuthorization: Bearer a\r\nX-API-Key: b\r
            X-Forwarded-For: c\r\nX-Mine: d\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r
            Connection: content-length, host, authorization, x-api-key, transfer-encoding, x-forwarded-for, api-key, forwarded, x-goog-api-key, via, x-mine\r\n\r\n
            """)
        #expect(request.framing == .length(2))
        #expect(request.head.headers["authorization"] == "Bearer a")
        #expect(request.head.headers["x-api-key"] == "b")
        #expect(request.head.headers["host"] == "t")
        #expect(request.head.headers["x-forwarded-for"] == "c")
        for name in ["connection", "keep-alive", "te", "upgrade", "x-mine"] {
            #expect(request.head.headers[name] == nil, "\(name)")
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: t\r\n\r\n", true),
        ("GET / HTTP/1.1\r\nHost: t\r\nConnection: Close\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: t\r\nConnection: x, close\r\n\r\n", false),
        ("GET / HTTP/1.0\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
    ])
    func `knows whether the connection goes on`(_ text: String, _ expected: Bool) throws {
        #expect(try parse(text).keepsAlive == expected)
    }

    @Test func `splits path and query at the first question mark`() throws {
        let head = try parse("GET /a/b?c=d?e HTTP/1.1\r\nHost: t\r\n\r\n").head
        #expect(head.path == "/a/b")
        #expect(head.query == "c=d?e")
        #expect(try parse("GET /a HTTP/1.1\r\nHost: t\r\n\r\n").head.query == nil)
        #expect(try parse("GET http://t HTTP/1.1\r\nHost: t\r\n\r\n").head.path == "/")
    }
}
