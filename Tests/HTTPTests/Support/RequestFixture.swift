@testable import HTTP
import Testing

/// A request as bytes and what a strict server takes it for. Named after the mistake.
struct RequestFixture: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let events: [RequestReader.Event]

    var testDescription: String { name }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    static func refused(_ name: String, _ status: Int, _ text: String) -> RequestFixture {
        RequestFixture(name: name, bytes: [UInt8](text.utf8), events: [.refused(status)])
    }

    static func taken(_ name: String, _ text: String, as requests: String...) -> RequestFixture {
        RequestFixture(name: name, bytes: [UInt8](text.utf8), events: requests.map { .request($0) })
    }

    /// A GET whose only oddity is `line`, a header line.
    static func header(_ name: String, _ status: Int, _ line: String) -> RequestFixture {
        refused(name, status, "GET / HTTP/1.1\r\nHost: t\r\n\(line)\r\n\r\n")
    }

    /// A POST with the framing headers `framing` and `body` behind them.
    static func framing(_ name: String, _ status: Int, _ framing: String, body: String = "hello") -> RequestFixture {
        refused(name, status, "POST / HTTP/1.1\r\nHost: t\r\n\(framing)\r\n\r\n\(body)")
    }

    static func chunks(_ name: String, _ status: Int, _ body: String) -> RequestFixture {
        framing(name, status, "Transfer-Encoding: chunked", body: body)
    }

    static func chunks(_ name: String, _ body: String, as text: String) -> RequestFixture {
        taken(name, "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n\(body)", as: "POST / [\(text)]")
    }

    /// A request whose only oddity is its first line.
    static func line(_ name: String, _ status: Int, _ line: String) -> RequestFixture {
        refused(name, status, "\(line)\r\nHost: t\r\n\r\n")
    }

    static func host(_ name: String, _ lines: String) -> RequestFixture {
        refused(name, 400, "GET / HTTP/1.1\r\n\(lines)\r\n")
    }
}

extension RequestFixture {
    static let framing: [RequestFixture] = [
        .framing("two different Content-Length", 400, "Content-Length: 5\r\nContent-Length: 6"),
        .framing("two identical Content-Length", 400, "Content-Length: 5\r\nContent-Length: 5"),
        .framing("Content-Length as a list", 400, "Content-Length: 5, 5"),
        .framing("Content-Length with a plus", 400, "Content-Length: +5"),
        .framing("negative Content-Length", 400, "Content-Length: -1"),
        .framing("hexadecimal Content-Length", 400, "Content-Length: 0x5"),
        .framing("Content-Length with an underscore", 400, "Content-Length: 5_0"),
        .framing("Content-Length with a space inside", 400, "Content-Length: 5 5"),
        .framing("Content-Length in scientific notation", 400, "Content-Length: 1e1"),
        .framing("empty Content-Length", 400, "Content-Length: "),
        .framing("Content-Length with a trailing comma", 400, "Content-Length: 5,"),
        .framing("Content-Length beyond 64 bits", 400, "Content-Length: 99999999999999999999"),
        .framing("Content-Length beside Transfer-Encoding", 400, "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        .framing("Transfer-Encoding beside Content-Length", 400, "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        .framing("identity coding", 501, "Transfer-Encoding: identity"),
        .framing("chunked not alone", 501, "Transfer-Encoding: chunked, identity"),
        .framing("chunked last of two", 501, "Transfer-Encoding: gzip, chunked"),
        .framing("unknown coding", 501, "Transfer-Encoding: xchunked"),
        .framing("chunked twice in one line", 501, "Transfer-Encoding: chunked, chunked"),
        .framing("chunked in two lines", 400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        .framing("vertical tab before chunked", 400, "Transfer-Encoding: \u{b}chunked"),
        .framing("comma before chunked", 501, "Transfer-Encoding: ,chunked"),
        .framing("NUL after chunked", 400, "Transfer-Encoding: chunked\u{0}"),
        .framing("quoted chunked", 501, "Transfer-Encoding: \"chunked\""),
        .framing("space before the colon of Transfer-Encoding", 400, "Transfer-Encoding : chunked"),
        .refused("Transfer-Encoding from HTTP/1.0", 400,
            "POST / HTTP/1.0\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        .taken("Content-Length with leading zeros is decimal",
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 0010\r\n\r\n0123456789", as: "POST / [0123456789]"),
        .taken("Transfer_Encoding is another header",
            "POST / HTTP/1.1\r\nHost: t\r\nTransfer_Encoding: chunked\r\nContent-Length: 2\r\n\r\nhi", as: "POST / [hi]"),
        .taken("coding in upper case",
            "POST / HTTP/1.1\r\nHost: t\r\nTRANSFER-ENCODING: CHUNKED\r\n\r\n2\r\nhi\r\n0\r\n\r\n", as: "POST / [hi]"),
        .taken("GET with a body",
            "GET /a HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: t\r\n\r\n",
            as: "GET /a [hi]", "GET /b []"),
        .taken("a body that looks like a request",
            "POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 30\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: t\r\n"
                .replacingLength(), as: "POST /a [GET /smuggled HTTP/1.1\r\nHost: t\r\n]"),
    ]

    static let chunked: [RequestFixture] = [
        .chunks("prefixed chunk size", 400, "0x5\r\nhello\r\n0\r\n\r\n"),
        .chunks("signed chunk size", 400, "+5\r\nhello\r\n0\r\n\r\n"),
        .chunks("negative chunk size", 400, "-0\r\n\r\n"),
        .chunks("chunk size with an underscore", 400, "5_0\r\nhello\r\n0\r\n\r\n"),
        .chunks("space before a chunk size", 400, " 5\r\nhello\r\n0\r\n\r\n"),
        .chunks("space after a chunk size", 400, "5 \r\nhello\r\n0\r\n\r\n"),
        .chunks("empty chunk size", 400, "\r\nhello\r\n0\r\n\r\n"),
        .chunks("chunk size beyond 64 bits", 400, "FFFFFFFFFFFFFFFF1\r\nhello"),
        .chunks("chunk size line ended by LF", 400, "5\nhello\r\n0\r\n\r\n"),
        .chunks("chunk size line ended by CR", 400, "5\rhello\r\n0\r\n\r\n"),
        .chunks("chunk size line ended by CR and something", 400, "5\rXhello\r\n0\r\n\r\n"),
        .chunks("chunk data longer than its size", 400, "5\r\nhello!\r\n0\r\n\r\n"),
        .chunks("chunk data ended by LF", 400, "5\r\nhello\n0\r\n\r\n"),
        .chunks("LF in a chunk extension", 400, "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        .chunks("NUL in a chunk extension", 400, "5;a\u{0}b\r\nhello\r\n0\r\n\r\n"),
        .chunks("bare CR in a chunk extension", 400, "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        .chunks("last line ended by LF", 400, "0\r\n\n"),
        .chunks("trailer without a colon", 400, "0\r\ntrailer\r\n\r\n"),
        .chunks("trailer without a name", 400, "0\r\n: x\r\n\r\n"),
        .chunks("folded trailer", 400, "0\r\na: b\r\n c\r\n\r\n"),
        .chunks("plain chunks", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", as: "hello!"),
        .chunks("chunk extension", "5;a=b\r\nhello\r\n0;last\r\n\r\n", as: "hello"),
        .chunks("quoted chunk extension", "5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n", as: "hello"),
        .chunks("upper-case size with leading zeros", "000A\r\n0123456789\r\n000\r\n\r\n", as: "0123456789"),
        .chunks("trailers are dropped", "2\r\nhi\r\n0\r\nContent-Length: 9\r\nAuthorization: x\r\n\r\n", as: "hi"),
        .chunks("no chunk but the last", "0\r\n\r\n", as: ""),
    ]

    static let headers: [RequestFixture] = [
        .header("folded with a space", 400, "A: b\r\n c"),
        .header("folded with a tab", 400, "A: b\r\n\tc"),
        .refused("space before the first header", 400, "GET / HTTP/1.1\r\n Host: t\r\n\r\n"),
        .header("space before the colon", 400, "A : b"),
        .header("empty name", 400, ": b"),
        .header("no colon", 400, "abc"),
        .header("NUL in a value", 400, "A: b\u{0}c"),
        .header("bare CR in a value", 400, "A: b\rc"),
        .header("bare LF in a value", 400, "A: b\nc: d"),
        .header("control character in a value", 400, "A: b\u{1}c"),
        .header("delete in a value", 400, "A: b\u{7f}c"),
        .header("bracket in a name", 400, "A[: b"),
        .header("parenthesis in a name", 400, "A(: b"),
        .header("at sign in a name", 400, "A@: b"),
        .header("letter beyond ASCII in a name", 400, "Ä: b"),
        .refused("bare LF everywhere", 400, "GET / HTTP/1.1\nHost: t\n\n"),
        .refused("bare LF at the end", 400, "GET / HTTP/1.1\r\nHost: t\r\n\n"),
        .header("two Authorization", 400, "Authorization: a\r\nAuthorization: a"),
        .header("two Content-Type", 400, "Content-Type: a/b\r\nContent-Type: a/b"),
        .header("two Content-Encoding", 400, "Content-Encoding: gzip\r\nContent-Encoding: br"),
        .header("unknown expectation", 417, "Expect: 200-maybe"),
        .header("too many headers", 431, (0..<100).map { "A\($0): b" }.joined(separator: "\r\n")),
        .taken("text beyond ASCII in a value", "GET / HTTP/1.1\r\nHost: t\r\nA: é\r\n\r\n", as: "GET / []"),
        .taken("an empty value", "GET / HTTP/1.1\r\nHost: t\r\nA:\r\n\r\n", as: "GET / []"),
        .taken("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n", as: "GET / []"),
        .refused("three empty lines first", 400, "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n"),
    ]

    static let requestLines: [RequestFixture] = [
        .line("two spaces", 400, "GET  / HTTP/1.1"),
        .line("tabs for spaces", 400, "GET\t/\tHTTP/1.1"),
        .line("space at the end", 400, "GET / HTTP/1.1 "),
        .line("space in front", 400, " GET / HTTP/1.1"),
        .line("no version", 400, "GET /"),
        .line("letter behind the version", 400, "GET / HTTP/1.1a"),
        .line("version in lower case", 400, "GET / http/1.1"),
        .line("version with a leading zero", 400, "GET / HTTP/01.1"),
        .line("two-digit minor version", 400, "GET / HTTP/1.10"),
        .line("HTTP/0.9", 505, "GET / HTTP/0.9"),
        .line("HTTP/2.0", 505, "GET / HTTP/2.0"),
        .refused("preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        .line("asterisk for GET", 400, "GET * HTTP/1.1"),
        .line("asterisk with more", 400, "OPTIONS */x HTTP/1.1"),
        .line("authority for GET", 400, "GET host:80 HTTP/1.1"),
        .line("relative target", 400, "GET admin HTTP/1.1"),
        .line("CONNECT", 405, "CONNECT host:80 HTTP/1.1"),
        .line("TRACE", 405, "TRACE / HTTP/1.1"),
        .line("fragment", 400, "GET /#a HTTP/1.1"),
        .line("raw space in the target", 400, "GET /a b HTTP/1.1"),
        .line("control character in the target", 400, "GET /\u{1} HTTP/1.1"),
        .line("NUL in the target", 400, "GET /\u{0} HTTP/1.1"),
        .line("letter beyond ASCII in the target", 400, "GET /é HTTP/1.1"),
        .line("backslash in the target", 400, "GET /\\a HTTP/1.1"),
        .line("method beyond all measure", 501, String(repeating: "A", count: 64) + " / HTTP/1.1"),
        .line("method that is no token", 400, "G@T / HTTP/1.1"),
        .line("target beyond the limit", 414, "GET /" + String(repeating: "a", count: 8200) + " HTTP/1.1"),
        .taken("HTTP/1.2 is taken for 1.1", "GET / HTTP/1.2\r\nHost: t\r\n\r\n", as: "GET / []"),
        .taken("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", as: "GET / []"),
        .taken("OPTIONS of the server", "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n", as: "OPTIONS * []"),
        .taken("query", "GET /a?b=%0d%0a&c=/../d HTTP/1.1\r\nHost: t\r\n\r\n", as: "GET /a?b=%0d%0a&c=/../d []"),
        .taken("dot segments are left alone", "GET /v1/../%2e%2e//a;x HTTP/1.1\r\nHost: t\r\n\r\n",
            as: "GET /v1/../%2e%2e//a;x []"),
        .taken("lower-case method is another method", "get / HTTP/1.1\r\nHost: t\r\n\r\n", as: "get / []"),
    ]

    static let hosts: [RequestFixture] = [
        .host("no Host", "A: b\r\n"),
        .host("two Host", "Host: t\r\nHost: t\r\n"),
        .host("empty Host", "Host: \r\n"),
        .host("user information in Host", "Host: u@t\r\n"),
        .host("path in Host", "Host: t/a\r\n"),
        .host("comma in Host", "Host: t,u\r\n"),
        .host("space in Host", "Host: t u\r\n"),
        .host("port beyond 65535", "Host: t:65536\r\n"),
        .host("two ports", "Host: t:1:2\r\n"),
        .host("fragment in Host", "Host: x/#@y\r\n"),
        .host("open bracket in Host", "Host: [::1\r\n"),
        .taken("port in Host", "GET / HTTP/1.1\r\nHost: t:8080\r\n\r\n", as: "GET / []"),
        .taken("IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", as: "GET / []"),
        .taken("absolute target", "GET http://T/a?b HTTP/1.1\r\nHost: t\r\n\r\n", as: "GET /a?b []"),
        .taken("absolute target without a path", "GET http://t HTTP/1.1\r\nHost: t\r\n\r\n", as: "GET / []"),
        .line("absolute target of another host", 400, "GET http://u/a HTTP/1.1"),
        .line("absolute target of another port", 400, "GET http://t:81/a HTTP/1.1"),
        .line("absolute target with user information", 400, "GET http://u@t/a HTTP/1.1"),
        .line("absolute target of another scheme", 400, "GET ftp://t/a HTTP/1.1"),
        .line("absolute target without a host", 400, "GET http:///a HTTP/1.1"),
    ]

    static let all = framing + chunked + headers + requestLines + hosts
}

extension String {
    /// Puts the true length of what follows the head into its Content-Length.
    fileprivate func replacingLength() -> String {
        let parts = split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n").map { line in
            line.hasPrefix("Content-Length") ? "Content-Length: \(parts[1].utf8.count)" : String(line)
        }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + parts[1]
    }
}
