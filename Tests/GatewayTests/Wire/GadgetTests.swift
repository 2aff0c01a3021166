import TestKit
import Testing

/// Whether the gateway and a provider can be made to see two different messages by a header line that one of them takes for
/// `Transfer-Encoding: chunked` and the other does not.
///
/// Each gadget is sent in three requests, and behind each stands one good request more. In the first the body is one that its
/// Content-Length holds and that a reader of chunks would take for a chat and a request hidden behind it; the second is an
/// honest chat; the third is the first without a length.
@Suite struct GadgetTests {
    /// What is sent and seen: a chat of one word.
    private enum Word: String, CaseIterable {
        case first, chunk, hidden, last

        var asked: String { #"{"model":"openai/gpt-4o","messages":[{"role":"user","content":"\#(rawValue)"}]}"# }
        var forwarded: String { asked.replacing("openai/gpt-4o", with: "gpt-4o") }
    }

    private enum Shape: CaseIterable {
        case chunksWithLength, chat, chunks
    }

    @Test func `shows a careless provider exactly what was accepted, by whatever line it was framed`() throws {
        try sendAll(to: .careless)
    }

    @Test(.enabled(if: WireOrigin.Kind.nginx.isInstalled, "nginx is not installed"))
    func `shows nginx exactly what was accepted, by whatever line it was framed`() throws {
        try sendAll(to: .nginx)
    }

    @Test(.enabled(if: WireOrigin.Kind.node.isInstalled, "node is not installed"))
    func `shows node exactly what was accepted, by whatever line it was framed`() throws {
        try sendAll(to: .node)
    }

    private func sendAll(to kind: WireOrigin.Kind) throws {
        let origin = try WireOrigin(kind)
        let platform = try Platform([
            "providers.yaml": StandardConfiguration.provider("openai", origin.port) + "---\n" + StandardConfiguration.provider("groq", 9),
            StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  limits: [1000000 requests/min]\n"),
        ])
        var total = 0
        for family in TransferEncodingGadget.families {
            for gadget in family.gadgets {
                for shape in Shape.allCases {
                    let answers = try exchange(gadget, shape, platform.port)
                    let bodies = try origin.takeBodies()
                    total += bodies.count
                    guard let fault = fault(bodies, answers, shape, gadget) else { continue }
                    Issue.record("\(family.name), \(gadget.name), \(shape): \(fault); seen \(bodies), answered \(answers.map(\.status))")
                }
            }
        }
        #expect(total > TransferEncodingGadget.families.count, "the provider is asked")
    }

    private struct Answer {
        var status: String
        var closes: Bool
    }

    private func exchange(_ gadget: TransferEncodingGadget, _ shape: Shape, _ port: UInt16) throws -> [Answer] {
        let connection = try TestConnection(port: port)
        try connection.send(request(shape, gadget.lines) + Array(chat(.last, "Connection: close\r\n").utf8))
        while (try? connection.receive()) == true {}
        return connection.receivedText.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst().map {
            Answer(status: String($0.prefix(3)), closes: $0.contains("connection: close\r\n"))
        }
    }

    private func request(_ shape: Shape, _ lines: [UInt8]) -> [UInt8] {
        let chunks = String(Word.chunk.asked.utf8.count, radix: 16) + "\r\n\(Word.chunk.asked)\r\n0\r\n\r\n" + chat(.hidden)
        let body = shape == .chat ? Word.first.asked : chunks
        let length = shape == .chunks ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return Array((Self.head + length).utf8) + lines + Array(("\r\n" + body).utf8)
    }

    private func chat(_ word: Word, _ fields: String = "") -> String {
        Self.head + "\(fields)Content-Length: \(word.asked.utf8.count)\r\n\r\n" + word.asked
    }

    private static let head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(Platform.secret)\r\nContent-Type: application/json\r\n"

    /// What must not have happened.
    private func fault(_ bodies: [String], _ answers: [Answer], _ shape: Shape, _ gadget: TransferEncodingGadget) -> String? {
        let words = bodies.compactMap { body in Word.allCases.first { $0.forwarded == body } }
        if words.count != bodies.count { return "a body is none of the client's" }
        if words.count != answers.filter({ $0.status == "200" }).count { return "not what was accepted went on" }
        if answers.dropLast().contains(where: \.closes) { return "something was read behind a refusal" }
        if answers.last?.closes != true { return "the connection did not end as it should" }
        // Bytes of the gadget are body then, and the client's own requests lie elsewhere than here.
        if gadget.endsHead { return shape != .chunks && words.contains(.hidden) ? "a request was smuggled" : nil }
        if words.isEmpty, answers.count > (shape == .chunks ? 2 : 1) { return "the provider did not take what it was sent" }
        let allowed: [[Word]] = switch shape {
        case .chunksWithLength: [[], [.last]]
        case .chat: [[], [.first, .last]]
        case .chunks: [[], [.chunk, .hidden, .last]]
        }
        return allowed.contains(words) ? nil : "the requests are not those of the client"
    }
}
