/// Rows 23 to 26, 30, 31, 34 (targets) and 35: methods, versions and line ends.
extension Corpus {
    static let requestLines: [CorpusCase] = emptyLines + spaces + versions + methods

    private static let emptyLines: [CorpusCase] = [
        .taken(23, "an empty line first", "\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n", as: "GET / []"),
        .taken(23, "an empty line between two requests",
            "GET /a HTTP/1.1\r\nHost: t\r\n\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n", as: "GET /a []", "GET /b []"),
        .refused(23, "two empty lines first", 400, "\r\n\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n"),
        .refused(23, "a bare LF first", 400, "\nGET / HTTP/1.1\r\nHost: t\r\n\r\n"),
        .refused(23, "a bare CR first", 400, "\rGET / HTTP/1.1\r\nHost: t\r\n\r\n"),
        .refused(23, "a TLS hello", 400, "\u{16}\u{3}\u{1}"),
    ]

    private static let spaces: [CorpusCase] = [
        .line(24, "two spaces", 400, "GET  / HTTP/1.1"),
        .line(24, "two spaces before the version", 400, "GET /  HTTP/1.1"),
        .line(24, "tabs for spaces", 400, "GET\t/\tHTTP/1.1"),
        .line(24, "a form feed for a space", 400, "GET\u{c}/ HTTP/1.1"),
        .line(24, "a space at the end", 400, "GET / HTTP/1.1 "),
        .line(24, "a space in front", 400, " GET / HTTP/1.1"),
        .line(24, "no target", 400, "GET HTTP/1.1"),
        .line(24, "a method alone", 400, "GET"),
        .line(24, "no version", 400, "GET /"),
        .line(24, "a space for a version", 400, "GET / "),
        .line(24, "more behind the version", 400, "GET / HTTP/1.1 x"),
    ]

    private static let versions: [CorpusCase] = [
        .line(24, "letter behind the version", 400, "GET / HTTP/1.1a"),
        .line(24, "version in lower case", 400, "GET / http/1.1"),
        .line(24, "version with one small letter", 400, "GET / HTTp/1.1"),
        .line(24, "version with a leading zero", 400, "GET / HTTP/01.1"),
        .line(24, "two-digit minor version", 400, "GET / HTTP/1.10"),
        .line(24, "no minor version", 400, "GET / HTTP/1"),
        .line(24, "comma in the version", 400, "GET / HTTP/1,1"),
        .line(24, "negative version", 400, "GET / HTTP/-1.1"),
        .line(24, "another protocol", 400, "GET / HTCPCP/1.0"),
        .line(25, "HTTP/0.9", 505, "GET / HTTP/0.9"),
        .line(25, "HTTP/2.0", 505, "GET / HTTP/2.0"),
        .line(25, "HTTP/9.9", 505, "GET / HTTP/9.9"),
        .refused(25, "preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        .line(26, "HTTP/1.2", 505, "GET / HTTP/1.2"),
        .line(26, "HTTP/1.9", 505, "GET / HTTP/1.9"),
        CorpusCase(26, "HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", [.request("GET / []")], closes: true),
        CorpusCase(26, "HTTP/1.0 that wants to go on, and does not", "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
            [.request("GET / []")], closes: true),
        .taken(26, "HTTP/1.0 that wants to go on", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", as: "GET / []"),
        CorpusCase(26, "HTTP/1.1 that wants to end", "GET / HTTP/1.1\r\nHost: t\r\nConnection: x,CLOSE\r\n\r\n",
            [.request("GET / []")], closes: true),
    ]

    private static let methods: [CorpusCase] = [
        .line(30, "CONNECT", 405, "CONNECT host:80 HTTP/1.1"),
        .line(30, "CONNECT of a path", 405, "CONNECT / HTTP/1.1"),
        .line(31, "TRACE", 405, "TRACE / HTTP/1.1"),
        .line(35, "method in lower case", 501, "get / HTTP/1.1"),
        .line(35, "method with one small letter", 501, "GEt / HTTP/1.1"),
        .line(35, "method that nobody knows", 501, "COW / HTTP/1.1"),
        .line(35, "method with more behind it", 501, "GETX / HTTP/1.1"),
        .line(35, "method that is no token", 400, "G@T / HTTP/1.1"),
        .line(35, "method in quotes", 400, "\"GET\" / HTTP/1.1"),
        .line(35, "NUL in a method", 400, "GE\u{0}T / HTTP/1.1"),
        .line(35, "method of 64 letters", 501, String(repeating: "A", count: 64) + " / HTTP/1.1"),
        .line(35, "method beyond all measure", 414, String(repeating: "A", count: 65_536) + " / HTTP/1.1"),
        .line(35, "PUT", "PUT / HTTP/1.1", as: "PUT /"),
        .line(35, "PATCH", "PATCH / HTTP/1.1", as: "PATCH /"),
        .line(35, "DELETE", "DELETE / HTTP/1.1", as: "DELETE /"),
    ]
}
