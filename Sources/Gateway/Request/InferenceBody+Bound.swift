internal import Policy
internal import Spec

extension InferenceBody {
    /// Bounds an output that nothing else bounds, so that it cannot cost more than its budget holds for it.
    mutating func boundOutput(_ tokens: Int64, for target: Target) {
        guard endpoint != .embeddings, maxOutput == nil else { return }
        // OpenAI's reasoning models know only the new name, other servers often only the old one.
        let isNew = endpoint == .chatCompletions && target.provider.spec.dialect == .openai
        outbound.append(member: #""\#(isNew ? "max_completion_tokens" : "max_tokens")":\#(tokens)"#)
    }
}

extension OutboundBody {
    /// Adds a member behind the last one of an object that has some.
    fileprivate mutating func append(member: String) {
        insertBeforeEnd(Array(",\(member)".utf8))
    }
}
