import TestKit
import Testing

/// The corpus of odd requests through the gateway itself to a provider that keeps every byte: what it sees is what was accepted.
///
/// Behind each case stands a chat, which must not be seen after a refusal and must be after anything else. What is odd about a
/// header line or a target is also sent as part of a chat, which the provider must see as it is or not at all.
@Suite struct CorpusTests {
    private let origin: RawOrigin
    private let platform: Platform

    init() throws {
        let origin = try RawOrigin()
        self.origin = origin
        platform = try Platform([
            "providers.yaml": StandardConfiguration.provider("openai", origin.port) + "---\n" + StandardConfiguration.provider("groq", 9),
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [1000000 requests/min]\n"),
        ])
    }

    private static let fields = "Authorization: Bearer \(Platform.secret)\r\nContent-Type: application/json\r\n"
    private static let chatHead = Array("POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\n\(fields)".utf8)
    private static let post = Array("POST / HTTP/1.1\r\nHost: t\r\n".utf8)
    private static let plain = Array("GET / HTTP/1.1\r\nHost: t\r\n".utf8)
    private static let end = Array("\r\n\r\n".utf8)

    private func body(_ word: String) -> String { #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"\#(word)"}]}"# }

    private func chat(_ word: String, _ more: [UInt8] = []) -> [UInt8] {
        let body = body(word)
        return Self.chatHead + Array("Content-Length: \(body.utf8.count)\r\n".utf8) + more + Array("\r\n\(body)".utf8)
    }

    private var after: [UInt8] { chat("after", Array("Connection: close\r\n".utf8)) }

    /// The words of the chats that the provider has seen since `count` requests, each as the gateway sends it.
    private func words(since count: Int) -> [String] {
        origin.requests[count...].map { request in
            ["odd", "after"].first { request.hasSuffix("\r\n\r\n" + body($0).replacing("openai/gpt-4o", with: "gpt-4o")) } ?? request
        }
    }

    /// Sends pieces on one connection; between two, a question on `barrier` is answered, by when the one loop has read the first.
    private func send(_ pieces: [[UInt8]], _ barrier: TestConnection) throws -> String {
        let connection = try TestConnection(port: platform.port)
        for (index, piece) in pieces.enumerated() {
            if index > 0 {
                try barrier.send("GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n")
                if try barrier.readOne().headers["connection"] == "close" { throw TestClient.Failure(call: "barrier") }
            }
            // A gateway that has refused may have closed before the last piece.
            try? connection.send(piece)
        }
        while (try? connection.receive()) == true {}
        return connection.receivedText
    }

    private func check(_ name: String, _ pieces: [[UInt8]], _ barrier: TestConnection, expected: [String]) throws {
        let before = origin.requests.count
        let text = try send(pieces, barrier)
        let seen = words(since: before)
        if seen != expected { Issue.record("\(name): seen \(seen), answered \(text.prefix(2000))") }
    }

    @Test func `shows a provider nothing of what it refuses, and what stands behind anything else`() throws {
        let barrier = try TestConnection(port: platform.port)
        for item in Corpus.all {
            let wire = aimed(item)
            // Chunks that nobody wants are not read to their end: the connection is closed behind the answer, whatever they are.
            let isLast = item.isRefused || item.closes || wire == item.wire && wire.firstRange(of: Array("chunked".utf8)) != nil
            try check("\(item.row): \(item.name)", [wire + after], barrier, expected: isLast ? [] : ["after"])
        }
    }

    /// A case whose body the gateway wants, where it can.
    private func aimed(_ item: CorpusCase) -> [UInt8] {
        // Of what is too long the gateway has a greater idea.
        guard item.wire.starts(with: Self.post), item.row != 39 else { return item.wire }
        return Self.chatHead + item.wire[Self.post.count...]
    }

    /// A header line of the corpus as one of a chat's, where no other line of the chat contradicts it.
    private func odd(_ item: CorpusCase) -> [UInt8]? {
        guard item.events.count == 1, item.wire.starts(with: Self.plain), item.wire.suffix(4).elementsEqual(Self.end) else { return nil }
        // Limits are about all lines together, and which key counts is no matter of the wire.
        if item.row == 34 || item.row == 41 && !item.isRefused { return nil }
        return chat("odd", Array(item.wire[Self.plain.count..<(item.wire.count - 2)]))
    }

    private func expected(_ item: CorpusCase) -> [String] {
        if item.isRefused { return [] }
        return item.closes ? ["odd"] : ["odd", "after"]
    }

    @Test func `shows a provider a chat with an odd header line as it is, or not at all`() throws {
        let barrier = try TestConnection(port: platform.port)
        var taken = 0, refused = 0
        for item in Corpus.all {
            guard let wire = odd(item) else { continue }
            if item.isRefused { refused += 1 } else { taken += 1 }
            try check("\(item.row): \(item.name)", [wire + after], barrier, expected: expected(item))
        }
        #expect(taken > 5 && refused > 60, "\(taken) taken, \(refused) refused")
    }

    @Test func `shows a provider the same when an odd chat comes byte by byte`() throws {
        for item in Corpus.all {
            guard let wire = odd(item), wire.count < 400 else { continue }
            let barrier = try TestConnection(port: platform.port)
            try check("\(item.row): \(item.name)", wire.map { [$0] } + [after], barrier, expected: expected(item))
        }
    }
}
