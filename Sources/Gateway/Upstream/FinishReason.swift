internal import HTTP

/// Why an answer ended, in OpenAI's words and in those of others.
enum FinishReason {
    private static let known = ["stop", "length", "tool_calls", "content_filter", "function_call"]
    private static let lengths: Set<String> = ["max_tokens", "max_output_tokens", "model_length", "token_limit", "max_length"]
    private static let calls: Set<String> = ["tool_use", "tool_call", "toolcalls", "function_calls"]
    private static let filters: Set<String> = [
        "safety", "content_filtered", "recitation", "blocklist", "prohibited_content", "spii", "refusal", "guardrail_intervened",
    ]

    /// Null is known too: the answer goes on.
    static func isKnown(_ value: JSONValue) -> Bool { value.isNull || known.contains { value.equals($0) } }

    /// OpenAI's word for a value that it does not have. `isWhole`: that it ends an answer, so that an empty one cannot mean that
    /// the answer goes on.
    static func json(for value: JSONValue, isWhole: Bool) -> String {
        let text = value.string()?.lowercased() ?? ""
        if text.isEmpty { return isWhole ? #""stop""# : "null" }
        if known.contains(text) { return JSONWriter.quoted(text) }
        if lengths.contains(text) { return #""length""# }
        if calls.contains(text) { return #""tool_calls""# }
        // `eos`, `end_turn`, `stop_sequence` and whatever else an answer ends by itself with.
        return filters.contains(text) ? #""content_filter""# : #""stop""#
    }
}
