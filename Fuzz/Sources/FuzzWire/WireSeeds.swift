internal import Driver

@testable internal import HTTP

/// Where the fuzzers begin: the corpora of the tests, and the words of the protocols.
enum WireSeeds {
    /// Longer ones only repeat themselves.
    private static let bytesMax = 2000

    /// Writes `<target>/<number>` and `<target>.dict` for every target.
    static func write(to folder: String) throws {
        for target in WireTarget.allCases {
            for (index, seed) in seeds(target).enumerated() where seed.count <= bytesMax {
                try Fuzzing.write(seed, to: "\(folder)/\(target.rawValue)", "\(index)")
            }
            try Fuzzing.write(words: words(target), to: "\(folder)/\(target.rawValue).dict")
        }
    }

    private static func seeds(_ target: WireTarget) -> [[UInt8]] {
        switch target {
        case .head: Corpus.all.map(\.wire)
        case .answer: answers.flatMap { [[0] + Array($0.utf8), [1] + Array($0.utf8)] }
        case .chunks: Corpus.chunks.compactMap { item in
            item.wire.firstRange(of: Array("\r\n\r\n".utf8)).map { Array(item.wire[$0.upperBound...]) }
        }
        case .events: events.map { Array($0.utf8) }
        case .json: (JSONGrammar.accepted + JSONGrammar.refused).map(\.text)
        case .form: forms.map { Array($0.utf8) }
        case .url: addresses.map { Array($0.utf8) }
        case .proxy: proxyHeaders
        }
    }

    private static func words(_ target: WireTarget) -> [String] {
        switch target {
        case .head, .answer:
            [
                "GET ", "POST ", "HEAD ", "OPTIONS *", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 \r\n",
                "HTTP/1.1 100 Continue\r\n\r\n", "Host: t\r\n", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n",
                "Connection: keep-alive\r\n", "Expect: 100-continue\r\n", "Authorization: ", "X-API-Key: ", "\r\n\r\n", "\r\n", "0\r\n\r\n",
                "http://t/", "[::1]", ":80",
            ]
        case .chunks: ["0\r\n\r\n", "\r\n", "5;a=\"b\"\r\n", "000A\r\n", "X-Sum: a\r\n", "Content-Length: 1\r\n", "FFFFFFFFFFFFFFFF"]
        case .events: ["data: ", "data:", "event: ", "id: ", "retry: ", ": ", "\n\n", "\r\n\r\n", "\r\r", "[DONE]"]
        case .json:
            ["{", "}", "[", "]", ":", ",", "\"", "\\u0000", "\\ud83d\\ude00", "\\ud800", "true", "false", "null", "-0", "1e308", "1e400", "\"model\"", "\"\":"]
        case .form:
            [
                "--B\r\n", "\r\n--B\r\n", "\r\n--B--\r\n", "Content-Disposition: form-data; name=\"", "filename=\"", "name=", "name*=", "\\\"", "model",
                "Content-Type: ", "Content-Transfer-Encoding: ", "\r\n\r\n", "; ",
            ]
        case .url: ["http://", "https://", "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1", "localhost", ":443", "@", "%2f", "#", "?", "/v1"]
        case .proxy: ["PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "10.0.0.1", "::1", " 80", "\r\n", "\r\n\r\n\0\r\nQUIT\n"]
        }
    }

    private static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\n\r\nhello", "HTTP/1.0 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Sum: z\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 429\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close, x-a\r\nX-A: 1\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 999 X\r\n\r\n", "hello\r\n\r\n",
    ]

    private static let proxyHeaders: [[UInt8]] = {
        let texts = [
            "PROXY TCP4 10.0.0.1 10.0.0.2 1234 80\r\nGET / HTTP/1.1\r\n", "PROXY TCP6 fd00::1 ::1 1234 80\r\n", "PROXY UNKNOWN\r\n",
            "PROXY UNKNOWN a b c d\r\nx", "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP4 10.0.0.1 10.0.0.2 01234 80\r\n", "PROXY TCP4\n",
        ].map { Array($0.utf8) }
        let four: [UInt8] = [10, 0, 0, 1, 10, 0, 0, 2, 4, 210, 0, 80]
        let six = [UInt8](repeating: 1, count: 32) + [4, 210, 0, 80]
        func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8]) -> [UInt8] {
            ProxyHeaderBinary.signature + [command, family, UInt8(rest.count >> 8), UInt8(rest.count & 0xff)] + rest
        }
        return texts + [
            binary(0x21, 0x11, four), binary(0x21, 0x21, six), binary(0x20, 0x00, []), binary(0x21, 0x11, four + [4, 0, 1, 0]),
            binary(0x21, 0x31, six), binary(0x21, 0x12, four), binary(0x31, 0x11, four), binary(0x21, 0x11, [1, 2]) + Array("GET".utf8),
        ]
    }()

    private static let events = [
        "data: one\n\ndata: two\n\n", "event: message\ndata: {\"a\":1}\ndata: second\nid: 7\n\n", ": ping\n\ndata\n\n", "data: a\r\n\r\ndata: b\r\n\r\n",
        "data: a\r\rdata: b\r\r", "\u{feff}data: marked\n\n", "data: [DONE]\n\n", "data: unfinished", "event: error\ndata: {}\n\n\n\n\n", "retry: 5\ndatax: 1\n\n",
    ]

    private static let forms = [
        "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--B--\r\n",
        "--B--", "--B\r\ncontent-disposition:form-data;name=model\r\n\r\n\r\n--B--\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\nx\r\n--B\r\nContent-Disposition: form-data; name=\"a\"; filename*=utf-8''x\r\n\r\ny\r\n--B--",
    ]

    private static let addresses = [
        "http://127.0.0.1:8080/v1", "https://api.example.com/v1/", "https://[::1]:443/", "http://t", "https://a.b-c_d.test/x%20y?z", "http://u@t/", "http://t:0/",
        "http://t:65536/", "ftp://t/", "http://t/#a", "http://[::1", "HTTP://T/A", "http://t//a/../b", "http://t:80:80/", "127.0.0.1", "::1", "fd00::1", "10.0.0.1",
        "169.254.169.254", "::ffff:10.0.0.1", "0x7f.1", "2130706433", "http://t/\"a\"", "http://t/a\\b",
    ]
}
