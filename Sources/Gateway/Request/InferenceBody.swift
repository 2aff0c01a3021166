internal import HTTP
internal import Policy
internal import Spec

/// What policy and forwarding need of a request's body, with the body ready to be sent on.
struct InferenceBody {
    var endpoint: Endpoint
    /// As the client wrote it.
    var model: String
    var isStream: Bool
    /// Whether the client asked for a last chunk with the usage.
    var wantsUsage: Bool
    var maxOutput: Int64?
    var choices: Int
    /// Prompts, or texts to embed; each has its answers.
    var inputs: Int
    /// Without base64 media.
    var textBytes: Int
    var images: Int
    var media: MediaFacts
    /// Whether the answer may be spoken.
    var asksForSound: Bool
    /// The class of service that it asks for.
    var serviceTier: String?
    /// Whether a provider's answer is to be JSON; other answers pass as they are.
    var wantsJSON = true
    /// Where the client sent token numbers.
    var inputTokens: Int64?
    /// The body for the upstream; only `modelRange` differs between attempts.
    var outbound: OutboundBody
}

/// A body whose model name can be replaced in place; every other byte is the client's.
struct OutboundBody {
    /// How the name stands in it.
    enum Notation { case json, form }

    private let notation: Notation
    private(set) var bytes: [UInt8]
    private(set) var modelRange: Range<Int>

    init(bytes: [UInt8], modelRange: Range<Int>, _ notation: Notation = .json) {
        self.notation = notation
        self.bytes = bytes
        self.modelRange = modelRange
    }

    /// Inserts before the bracket that ends the object, behind the model's name.
    mutating func insertBeforeEnd(_ text: [UInt8]) {
        guard let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return }
        bytes.insert(contentsOf: text, at: end)
    }

    mutating func setModel(_ name: String) {
        let written = written(name)
        bytes.replaceSubrange(modelRange, with: written)
        modelRange = modelRange.lowerBound..<(modelRange.lowerBound + written.count)
    }

    private func written(_ name: String) -> [UInt8] {
        if notation == .form { return Array(name.utf8) }
        var writer = JSONWriter(capacity: name.utf8.count + 2)
        writer.string(name)
        return writer.bytes
    }
}
