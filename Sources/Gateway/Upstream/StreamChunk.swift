internal import HTTP
internal import Policy
internal import Store

/// What one event of a provider's stream says.
struct StreamChunk {
    enum Kind {
        /// `[DONE]`
        case done
        /// `{"error":…}`
        case error(ProviderRefusal)
        /// Part of the answer, or of its frame.
        case content
        /// The last chunk, which has usage and no choices.
        case usage
        /// Nothing that can be read: relayed as it is.
        case opaque
    }

    var kind: Kind
    /// Pieces of output in it; a piece is about a token.
    var pieces = 0
    /// Bytes of it.
    var outputBytes = 0
    var hasFinishReason = false
    var usage: Usage?
    /// What is doubtful about it.
    var flags: UsageFlags = []
    /// Whether there is a `usage` member, be it null.
    var mentionsUsage = false
    /// What of it a strict client would fail on.
    private(set) var oddities: AnswerOddities = []
    /// Whether a piece in it says of its tool call more than those that follow: the numbers of these may hang on it.
    private(set) var beginsCalls = false
    /// In which class of service it says that it is served.
    var serviceTier: String?

    /// Whether it has usage and nothing of the answer.
    var isUsageAlone: Bool { if case .usage = kind { true } else { false } }

    init(_ data: UnsafeRawBufferPointer, within bounds: UsageBounds = .widest, readsTier: Bool = false) {
        kind = .opaque
        if data.elementsEqual("[DONE]".utf8) {
            kind = .done
            return
        }
        guard let scan = try? JSONScan(data), scan.root.kind == .object else { return }
        if let error = scan["error"], !error.isNull {
            kind = .error(ProviderRefusal(event: data))
            return
        }
        kind = .content
        oddities = .ofRoot(scan)
        if readsTier { serviceTier = scan["service_tier"]?.string() }
        if let member = scan["usage"] {
            mentionsUsage = true
            usage = UsageReport.read(member, within: bounds, noting: &flags)
        }
        readChoices(scan["choices"]?.array())
    }

    private mutating func readChoices(_ choices: JSONArray?) {
        var isEmpty = true
        if let choices {
            for choice in choices {
                isEmpty = false
                if let choice = choice.object() { readChoice(choice) }
            }
        }
        if isEmpty, usage != nil { kind = .usage }
    }

    /// In one walk, since every event of every stream comes through here.
    private mutating func readChoice(_ choice: JSONObject) {
        var hasOutput = false
        var hasIndex = false
        for member in choice {
            if member.isNamed("delta") {
                if let delta = member.value.object(), readDelta(delta) { hasOutput = true }
            } else if member.isNamed("index") {
                hasIndex = member.value.kind == .number
            } else if member.isNamed("text") {
                hasOutput = noteOutput(member.value) || hasOutput
            } else if member.isNamed("finish_reason"), !member.value.isNull {
                // Some say "" for what goes on.
                if !member.value.equals("") { hasFinishReason = true }
                if !FinishReason.isKnown(member.value) { oddities.insert(.finishReason) }
            }
        }
        if !hasIndex { oddities.insert(.choiceIndex) }
        if hasOutput { pieces += 1 }
    }

    /// Any text, reasoning or tool call counts; the role alone does not.
    private mutating func readDelta(_ delta: JSONObject) -> Bool {
        var hasOutput = false
        for member in delta where !member.isNamed("role") {
            if noteOutput(member.value) { hasOutput = true }
            if member.isNamed("tool_calls"), let calls = member.value.array() { readCalls(calls) }
        }
        return hasOutput
    }

    private mutating func readCalls(_ calls: JSONArray) {
        for call in calls {
            guard let call = call.object() else { continue }
            var hasIndex = false
            for member in call {
                if member.isNamed("index") {
                    hasIndex = member.value.kind == .number
                } else if !member.isNamed("function") {
                    beginsCalls = true
                }
            }
            if !hasIndex { oddities.insert(.callIndex) }
        }
    }

    private mutating func noteOutput(_ value: JSONValue) -> Bool {
        guard Self.isOutput(value) else { return false }
        outputBytes += AnswerText.bytes(of: value)
        return true
    }

    private static func isOutput(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .string: value.range.count > 2
        case .array: value.array()?.first { _ in true } != nil
        case .object: true
        default: false
        }
    }
}
