/// A chat or text completion in one body.
enum WholeAnswer {
    static func body(_ identity: AnswerIdentity, _ texts: [GeneratedText], _ usage: TokenUsage) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(640 + texts.reduce(0) { $0 + $1.bytes.count + 128 })
        body.append(contentsOf: identity.opening)
        body.append(#""choices":["#)
        for (index, text) in texts.enumerated() {
            if index > 0 { body.append(",") }
            openChoice(identity, text, index, to: &body)
            body.append(contentsOf: text.bytes)
            closeChoice(identity, text, to: &body)
        }
        body.append("]")
        if !identity.oddities.contains(.noUsage) {
            body.append(#","usage":"#)
            usage.append(to: &body)
        }
        body.append("}")
        return body
    }

    /// The body up to that many words of its first choice.
    static func beginning(_ identity: AnswerIdentity, _ text: GeneratedText, words: Int) -> [UInt8] {
        var body = identity.opening
        body.append(#""choices":["#)
        openChoice(identity, text, 0, to: &body)
        if words > 0 && text.count > 0 { body.append(contentsOf: text.bytes[..<text.ends[min(words, text.count) - 1]]) }
        return body
    }

    private static func openChoice(_ identity: AnswerIdentity, _ text: GeneratedText, _ index: Int, to body: inout [UInt8]) {
        identity.openChoice(index, to: &body)
        if identity.endpoint != .chatCompletions {
            body.append(#""text":""#)
        } else if let tool = text.tool {
            body.append(#""message":{"role":"assistant","content":null,"tool_calls":[{"#)
            identity.openCall(tool, choice: index, to: &body)
        } else {
            body.append(#""message":{"role":"assistant","content":""#)
        }
    }

    private static func closeChoice(_ identity: AnswerIdentity, _ text: GeneratedText, to body: inout [UInt8]) {
        body.append("\"")
        if text.tool != nil { body.append("}}]") }
        if identity.endpoint == .chatCompletions { body.append(#","refusal":null,"annotations":[]}"#) }
        body.append(#","logprobs":null,"finish_reason":"#)
        identity.appendFinish(text.finish, to: &body)
        body.append("}")
    }
}
