/// Rows 36 to 40: requests whose bodies end where they say.
extension Corpus {
    static let bodies: [CorpusCase] = [
        .taken(36, "Expect without a body", "POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", as: "POST / []"),
        .taken(36, "Expect with its body behind it",
            "POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi", as: "POST / [hi]"),
        .taken(37, "HEAD, then GET", "HEAD /a HTTP/1.1\r\nHost: t\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n", as: "HEAD /a []", "GET /b []"),
        .taken(37, "HEAD with a body", "HEAD /a HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: t\r\n\r\n",
            as: "HEAD /a [hi]", "GET /b []"),
        .framing(39, "a declared body beyond the limit", 413, "Content-Length: 1048577", body: ""),
        .taken(40, "GET with a body",
            "GET /a HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: t\r\n\r\n", as: "GET /a [hi]", "GET /b []"),
        .taken(40, "GET with a chunked body",
            "GET /a HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\n\r\n",
            as: "GET /a [hi]", "GET /b []"),
        .taken(40, "DELETE with a body", "DELETE /a HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi", as: "DELETE /a [hi]"),
        .taken(40, "OPTIONS with a body", "OPTIONS * HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nhi", as: "OPTIONS * [hi]"),
        .taken(40, "a body that looks like a request",
            "POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 35\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n",
            as: "POST /a [GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n]"),
        CorpusCase(40, "a request, then one that is refused, then another",
            "GET /a HTTP/1.1\r\nHost: t\r\n\r\nGET /b HTTP/1.1\r\nHost: t\r\nbad\r\n\r\nGET /c HTTP/1.1\r\nHost: t\r\n\r\n",
            [.request("GET /a []"), .refused(400)]),
        CorpusCase(40, "a request, then one whose chunks are refused, then another",
            "GET /a HTTP/1.1\r\nHost: t\r\n\r\nPOST /b HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"
                + "GET /c HTTP/1.1\r\nHost: t\r\n\r\n",
            [.request("GET /a []"), .refused(400)]),
    ]
}
