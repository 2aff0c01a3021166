/// Rows 17 to 22, 34 (headers), 36 (Expect), 41 and 42: header lines.
extension Corpus {
    static let headers: [CorpusCase] = lines + names + values + limits + duplicates

    private static let lines: [CorpusCase] = [
        .header(17, "folded with a space", 400, "A: b\r\n c"),
        .header(17, "folded with a tab", 400, "A: b\r\n\tc"),
        .header(17, "folded with spaces alone", 400, "A: b\r\n  "),
        .refused(17, "folded Host", 400, "GET / HTTP/1.1\r\nHost:\r\n t\r\n\r\n"),
        .refused(18, "space before the first header", 400, "GET / HTTP/1.1\r\n Host: t\r\n\r\n"),
        .header(18, "space before the colon", 400, "A : b"),
        .header(18, "tab before the colon", 400, "A\t: b"),
        .header(18, "empty name", 400, ": b"),
        .header(18, "a colon alone", 400, ":"),
        .header(18, "no colon", 400, "abc"),
        .refused(22, "bare LF everywhere", 400, "GET / HTTP/1.1\nHost: t\n\n"),
        .refused(22, "bare LF behind the request line", 400, "GET / HTTP/1.1\nHost: t\r\n\r\n"),
        .refused(22, "bare LF behind a header", 400, "GET / HTTP/1.1\r\nHost: t\n\r\n"),
        .refused(22, "bare LF at the end", 400, "GET / HTTP/1.1\r\nHost: t\r\n\n"),
        .refused(22, "bare CR for line ends", 400, "GET / HTTP/1.1\rHost: t\r\r\n\r\n"),
        .refused(22, "CR CR LF", 400, "GET / HTTP/1.1\r\nHost: t\r\r\n\r\n"),
        .taken(20, "an empty value", "GET / HTTP/1.1\r\nHost: t\r\nA:\r\n\r\n", as: "GET / []"),
        .taken(20, "no space behind the colon", "GET / HTTP/1.1\r\nHost:t\r\nA:b\r\n\r\n", as: "GET / []"),
        .taken(20, "a tab within a value", "GET / HTTP/1.1\r\nHost: t\r\nA: b\tc\r\n\r\n", as: "GET / []"),
    ]

    /// Every byte that no name may hold.
    private static let names: [CorpusCase] = badNameBytes.map { byte in
        .header(21, "byte \(byte) in a name", 400, bytes: [0x41, byte, 0x42, 0x3a, 0x20, 0x62])
    } + [
        .header(21, "letter beyond ASCII in a name", 400, "Ä: b"),
        .taken(21, "every byte of a token in a name", "GET / HTTP/1.1\r\nHost: t\r\n!#$%&'*+-.^_`|~09azAZ: b\r\n\r\n", as: "GET / []"),
    ]

    private static let badNameBytes = [UInt8]("[](){}\",;/@<>?=\\ \t\0\u{1}\u{b}\u{1f}\u{7f}".utf8) + [0x80, 0xa0, 0xc3, 0xff]

    private static let badValueBytes: [UInt8] = [UInt8](0x00...0x08) + [UInt8](0x0a...0x1f) + [0x7f]

    /// Every control character but tab, and text of any encoding.
    private static let values: [CorpusCase] = badValueBytes.map { byte in
        .header([0, 10, 13].contains(byte) ? 19 : 20, "byte \(byte) in a value", 400, bytes: [0x41, 0x3a, 0x62, byte, 0x63])
    } + [
        .header(19, "NUL at the end of a value", 400, "A: b\u{0}"),
        .header(19, "NUL alone as a value", 400, "A: \u{0}"),
        .header(20, "text beyond ASCII in a value", bytes: [UInt8]("A: é".utf8)),
        .header(20, "bytes of no encoding in a value", bytes: [0x41, 0x3a, 0x20, 0x80, 0xff, 0xfe]),
        .header(20, "bytes at its ends that Latin-1 calls spaces", bytes: [0x41, 0x3a, 0x85, 0xa0, 0x62, 0xa0, 0x85]),
    ]

    private static let limits: [CorpusCase] = [
        .header(34, "more headers than are taken", 431, (0..<100).map { "A\($0): b" }.joined(separator: "\r\n")),
        .taken(34, "as many headers as are taken",
            "GET / HTTP/1.1\r\nHost: t\r\n" + (0..<99).map { "A\($0): b\r\n" }.joined() + "\r\n", as: "GET / []"),
        .header(34, "a header line beyond the limit", 431, "A: " + String(repeating: "b", count: 8190)),
        .header(34, "a header name beyond the limit", 431, String(repeating: "A", count: 8193)),
        .taken(34, "a header line at the limit",
            "GET / HTTP/1.1\r\nHost: t\r\nA: " + String(repeating: "b", count: 8189) + "\r\n\r\n", as: "GET / []"),
        .header(34, "headers beyond the limit together", 431,
            (0..<9).map { "A\($0): " + String(repeating: "b", count: 4000) }.joined(separator: "\r\n")),
    ]

    private static let duplicates: [CorpusCase] = [
        .header(36, "unknown expectation", 417, "Expect: 200-maybe"),
        .header(36, "two expectations", 400, "Expect: 100-continue\r\nExpect: 100-continue"),
        .header(36, "two expectations in one line", 417, "Expect: 100-continue, 100-continue"),
        .header(41, "two Authorization", 400, "Authorization: a\r\nAuthorization: a"),
        .header(41, "two Authorization that differ", 400, "Authorization: a\r\nA: b\r\nauthorization: b"),
        .header(41, "two X-API-Key", 400, "X-API-Key: a\r\nx-api-key: a"),
        .header(41, "two api-key", 400, "api-key: a\r\nAPI-Key: a"),
        .taken(41, "X-API-Key beside api-key, which is for who knows keys to judge",
            "GET / HTTP/1.1\r\nHost: t\r\nX-API-Key: a\r\napi-key: a\r\n\r\n", as: "GET / []"),
        .header(41, "two Origin", 400, "Origin: https://a.example\r\norigin: https://a.example"),
        .header(42, "two Content-Type", 400, "Content-Type: a/b\r\nContent-Type: a/b"),
        .header(42, "two Content-Encoding", 400, "Content-Encoding: gzip\r\nContent-Encoding: br"),
        .taken(42, "two Accept", "GET / HTTP/1.1\r\nHost: t\r\nAccept: a/b\r\nAccept: c/d\r\n\r\n", as: "GET / []"),
    ]
}
