internal import HTTP
internal import Policy
internal import Spec

/// Completes the answers of lesser providers, so that strict clients take them. What is there stays byte for byte.
///
/// A value without I/O; one for each answer, as pieces of tool calls are counted over a stream's chunks.
struct AnswerNormalizer {
    let endpoint: Endpoint
    let decision: String
    /// Seconds since 1970.
    let created: Int64
    /// By the name that the provider knows.
    let model: String
    private var calls: [Int64: ToolCallNumbers] = [:]

    init(endpoint: Endpoint, decision: String, created: Int64, model: String) {
        self.endpoint = endpoint
        self.decision = decision
        self.created = created
        self.model = model
    }

    /// Completes a chunk of a stream, `scan` being its text.
    mutating func complete(_ chunk: StreamChunk, _ scan: JSONScan, in patch: inout JSONPatch) {
        let oddities = chunk.oddities
        if oddities.contains(.identity) { completeIdentity(scan, isChunk: true, in: &patch) }
        if oddities.contains(.choices) { patch.set("choices", to: "[]") }
        let numbersCalls = chunk.beginsCalls || oddities.contains(.callIndex)
        guard numbersCalls || !oddities.isDisjoint(with: [.choiceIndex, .finishReason]) else { return }
        guard let choices = scan["choices"]?.array() else { return }
        for (position, choice) in choices.enumerated() {
            guard let object = choice.object() else { continue }
            var changed = JSONPatch(object)
            completeIndex(object, position, in: &changed)
            if let reason = object["finish_reason"], !FinishReason.isKnown(reason) {
                changed.set("finish_reason", to: FinishReason.json(for: reason, isWhole: false))
            }
            if numbersCalls, let list = object["delta"]?.object()?["tool_calls"]?.array() {
                number(list, choice: object["index"]?.int() ?? Int64(position), in: &changed)
            }
            if !changed.isEmpty { patch.replace(choice, with: changed.bytes()) }
        }
    }

    /// A plain answer completed; nil when nothing is missing from it, or it is no answer with choices.
    func completed(_ scan: JSONScan) -> [UInt8]? {
        guard endpoint.writesText, let choices = scan["choices"]?.array() else { return nil }
        let oddities = AnswerOddities.ofRoot(scan).union(AnswerOddities.ofMessages(choices))
        guard !oddities.isEmpty, var patch = JSONPatch(scan) else { return nil }
        if oddities.contains(.identity) { completeIdentity(scan, isChunk: false, in: &patch) }
        for (position, choice) in choices.enumerated() {
            guard let object = choice.object() else { continue }
            var changed = JSONPatch(object)
            completeIndex(object, position, in: &changed)
            completeMessage(object, in: &changed)
            if !changed.isEmpty { patch.replace(choice, with: changed.bytes()) }
        }
        return patch.bytes()
    }

    private func completeIndex(_ choice: JSONObject, _ position: Int, in patch: inout JSONPatch) {
        if choice["index"]?.kind != .number { patch.set("index", to: String(position)) }
    }

    private func completeMessage(_ choice: JSONObject, in patch: inout JSONPatch) {
        let message = choice["message"]?.object()
        if let message, message["role"]?.kind != .string {
            var named = JSONPatch(message)
            named.set("role", to: #""assistant""#)
            patch.replace(message.value, with: named.bytes())
        }
        if let reason = choice["finish_reason"], !reason.isNull {
            if !FinishReason.isKnown(reason) { patch.set("finish_reason", to: FinishReason.json(for: reason, isWhole: true)) }
        } else {
            let callsTools = message?["tool_calls"]?.array()?.contains { _ in true } ?? false
            patch.set("finish_reason", to: callsTools ? #""tool_calls""# : #""stop""#)
        }
    }

    private mutating func number(_ list: JSONArray, choice: Int64, in patch: inout JSONPatch) {
        for value in list {
            guard let call = value.object() else { continue }
            let index = calls[choice, default: ToolCallNumbers()].index(of: call)
            guard call["index"]?.kind != .number else { continue }
            var changed = JSONPatch(call)
            changed.set("index", to: String(index))
            patch.replace(value, with: changed.bytes())
        }
    }

    private func completeIdentity(_ scan: JSONScan, isChunk: Bool, in patch: inout JSONPatch) {
        func fill(_ name: String, _ json: @autoclosure () -> String) {
            if scan[name]?.isNull != false { patch.set(name, to: json()) }
        }
        let isText = endpoint == .completions
        let object = isText ? "text_completion" : isChunk ? "chat.completion.chunk" : "chat.completion"
        fill("id", JSONWriter.quoted((isText ? "cmpl-" : "chatcmpl-") + decision))
        fill("object", JSONWriter.quoted(object))
        fill("created", String(created))
        fill("model", JSONWriter.quoted(model))
    }
}

/// Which of a choice's tool calls a piece belongs to, told by what only first pieces have.
private struct ToolCallNumbers {
    private var count: Int64 = 0
    private var id: String?

    /// No answer calls as many tools; a number beyond is a provider's nonsense.
    private static let indexEnd: Int64 = 1 << 32

    mutating func index(of piece: JSONObject) -> Int64 {
        let id = piece["id"]?.string().flatMap { $0.isEmpty ? nil : $0 }
        if let known = piece["index"]?.int(), (0..<Self.indexEnd).contains(known) {
            count = max(count, known + 1)
            self.id = id ?? self.id
            return known
        }
        let name = piece["function"]?.object()?["name"]?.string() ?? ""
        // Some repeat the id in every piece of a call, and some have none at all.
        let isFirst = count == 0 || (id.map { $0 != self.id } ?? !name.isEmpty)
        if isFirst { count += 1 }
        self.id = id ?? self.id
        return count - 1
    }
}
