@testable import HTTP
import Testing

/// An answer's head and what the client takes it for; nil framing: it refuses it.
struct ResponseFixture: Sendable, CustomTestStringConvertible {
    let name: String
    let lines: String
    var framing: BodyFraming?
    var isAnswerToHead = false

    var testDescription: String { name }

    static let all: [ResponseFixture] = [
        .init(name: "length", lines: "HTTP/1.1 200 OK\r\nContent-Length: 5", framing: .length(5)),
        .init(name: "chunked", lines: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", framing: .chunked),
        .init(name: "until close", lines: "HTTP/1.1 200 OK", framing: .untilClose),
        .init(name: "no reason phrase", lines: "HTTP/1.1 200\r\nContent-Length: 0", framing: BodyFraming.none),
        .init(name: "empty reason phrase", lines: "HTTP/1.1 200 \r\nContent-Length: 0", framing: BodyFraming.none),
        .init(name: "204", lines: "HTTP/1.1 204 No Content", framing: BodyFraming.none),
        .init(name: "304 with a length", lines: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5", framing: BodyFraming.none),
        .init(name: "answer to HEAD", lines: "HTTP/1.1 200 OK\r\nContent-Length: 5", framing: BodyFraming.none,
            isAnswerToHead: true),
        .init(name: "HTTP/1.0", lines: "HTTP/1.0 200 OK\r\nContent-Length: 5", framing: .length(5)),
        .init(name: "length no number", lines: "HTTP/1.1 200 OK\r\nContent-Length: foo"),
        .init(name: "two lengths", lines: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5"),
        .init(name: "unknown coding", lines: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip"),
        .init(name: "two codings", lines: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        .init(name: "coding and length", lines: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5"),
        .init(name: "coding in HTTP/1.0", lines: "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked"),
        .init(name: "no status line", lines: "hello\r\nContent-Length: 5"),
        .init(name: "HTTP/2 status line", lines: "HTTP/2 200\r\nContent-Length: 5"),
        .init(name: "status of two digits", lines: "HTTP/1.1 20 OK\r\nContent-Length: 5"),
        .init(name: "status of four digits", lines: "HTTP/1.1 2000 OK\r\nContent-Length: 5"),
        .init(name: "status below 100", lines: "HTTP/1.1 099 OK\r\nContent-Length: 5"),
        .init(name: "NUL in a value", lines: "HTTP/1.1 200 OK\r\nA: b\u{0}\r\nContent-Length: 5"),
        .init(name: "folded header", lines: "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 5"),
        .init(name: "NUL in the reason", lines: "HTTP/1.1 200 O\u{0}\r\nContent-Length: 5"),
    ]
}

@Suite struct ResponseParsingTests {
    @Test(arguments: ResponseFixture.all)
    func `takes each answer for what a strict client takes it`(_ fixture: ResponseFixture) {
        let bytes = [UInt8]((fixture.lines + "\r\n\r\n").utf8)
        let parsed = try? bytes.withUnsafeBytes {
            try ParsedResponse.parse($0, headerCountMax: 100, isAnswerToHead: fixture.isAnswerToHead)
        }
        #expect(parsed?.framing == fixture.framing)
    }

    @Test func `strips the fields of the connection`() throws {
        let text = "HTTP/1.1 200 OK\r\nConnection: x-a\r\nX-A: 1\r\nX-B: 2\r\nKeep-Alive: 5\r\nContent-Length: 0\r\n\r\n"
        let parsed = try [UInt8](text.utf8).withUnsafeBytes {
            try ParsedResponse.parse($0, headerCountMax: 100, isAnswerToHead: false)
        }
        #expect(parsed.head.headers["x-a"] == nil)
        #expect(parsed.head.headers["keep-alive"] == nil)
        #expect(parsed.head.headers["x-b"] == "2")
        #expect(parsed.keepsAlive)
    }
}
