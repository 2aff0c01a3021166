@testable import HTTP
import Testing

@Suite struct RequestParsingTests {
    @Test(arguments: RequestFixture.all)
    func `takes each request for what a strict server takes it`(_ fixture: RequestFixture) {
        #expect(RequestReader.events([fixture.bytes]) == fixture.events)
    }

    @Test(arguments: RequestFixture.all)
    func `takes each request for the same however it is cut`(_ fixture: RequestFixture) {
        for pieces in deliveries(of: fixture.bytes) {
            let events = RequestReader.events(pieces)
            guard events != fixture.events else { continue }
            Issue.record("cut into \(pieces.map(\.count).prefix(3)): \(events)")
            return
        }
    }

    @Test func `takes no harm from mutated requests`() {
        var random = SeededRandom(seed: 20_261_121)
        let seeds = RequestFixture.all.map(\.bytes)
        for _ in 0..<20_000 {
            let bytes = random.mutated(seeds)
            let whole = RequestReader.events([bytes])
            let cut = Int(random.next() % UInt64(max(1, bytes.count)))
            let split = RequestReader.events([[UInt8](bytes[..<cut]), [UInt8](bytes[cut...])])
            #expect(whole == split, "seed 20261121: \(bytes)")
        }
    }

    @Test func `refuses a head beyond its limit`() {
        let line = "A: " + String(repeating: "b", count: 1000) + "\r\n"
        let head = "GET / HTTP/1.1\r\nHost: t\r\n" + String(repeating: line, count: 40)
        #expect(RequestReader.events([[UInt8](head.utf8)]) == [.refused(431)])
    }

    @Test func `refuses chunk extensions beyond their limit`() {
        let chunk = "1;" + String(repeating: "e", count: 500) + "\r\nx\r\n"
        let request = "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 40)
        #expect(RequestReader.events([[UInt8](request.utf8)]) == [.refused(400)])
    }

    @Test func `refuses what is not HTTP at its first byte`() {
        #expect(RequestReader.events([[0x16, 0x03, 0x01]]) == [.refused(400)])
    }

    private func parse(_ text: String) throws -> ParsedRequest {
        try [UInt8](text.utf8).withUnsafeBytes { try ParsedRequest.parse($0, headerCountMax: 100) }
    }

    @Test func `keeps what a client must not take away by Connection`() throws {
        let request = try parse("""
            POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nAuthorization: Bearer a\r\nX-API-Key: b\r
            X-Forwarded-For: c\r\nX-Mine: d\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r
            Connection: content-length, host, authorization, x-api-key, transfer-encoding, x-forwarded-for, x-mine\r\n\r\n
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
        #expect(try parse("GET http://t?q HTTP/1.1\r\nHost: t\r\n\r\n").head.path == "/")
    }
}

/// Random numbers that are the same in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// One of `seeds` with a few bytes changed, taken out, doubled, or with another spliced in.
    mutating func mutated(_ seeds: [[UInt8]]) -> [UInt8] {
        var bytes = pick(seeds)
        for _ in 0...(next() % 3) where !bytes.isEmpty {
            let index = Int(next() % UInt64(bytes.count))
            switch next() % 5 {
            case 0: bytes[index] = UInt8(truncatingIfNeeded: next())
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            case 3: bytes.insert(pick([13, 10, 32, 9, 0, 58, 59, 255]), at: index)
            default: bytes = [UInt8](bytes[..<index]) + pick(seeds)
            }
        }
        return bytes
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(next() % UInt64(elements.count))]
    }
}
