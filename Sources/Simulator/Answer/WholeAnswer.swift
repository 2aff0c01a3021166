/// A chat or text completion in one body.
enum WholeAnswer {
    static func body(_ identity: AnswerIdentity, _ texts: [GeneratedText], _ usage: TokenUsage) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(640 + texts.reduce(0) { $0 + $1.bytes.count + 128 })
        body.append(contentsOf: identity.opening)
        body.append(#""choices":["#)
        for (index, text) in texts.enumerated() {
            if index > 0 { body.append(",") }
            openChoice(identity.endpoint, index, to: &body)
            body.append(contentsOf: text.bytes)
            closeChoice(identity.endpoint, text.finish, to: &body)
        }
        body.append(#"],"usage":"#)
        usage.append(to: &body)
        body.append("}")
        return body
    }

    /// The body up to that many words of its first choice.
    static func beginning(_ identity: AnswerIdentity, _ text: GeneratedText, words: Int) -> [UInt8] {
        var body = identity.opening
        body.append(#""choices":["#)
        openChoice(identity.endpoint, 0, to: &body)
        if words > 0 && text.count > 0 { body.append(contentsOf: text.bytes[..<text.ends[min(words, text.count) - 1]]) }
        return body
    }

    private static func openChoice(_ endpoint: Endpoint, _ index: Int, to body: inout [UInt8]) {
        body.append(#"{"index":"#)
        body.append(decimal: index)
        if endpoint == .chatCompletions {
            body.append(#","message":{"role":"assistant","content":""#)
        } else {
            body.append(#","text":""#)
        }
    }

    private static func closeChoice(_ endpoint: Endpoint, _ finish: GeneratedText.Finish, to body: inout [UInt8]) {
        if endpoint == .chatCompletions {
            body.append(#"","refusal":null,"annotations":[]}"#)
        } else {
            body.append(#"""#)
        }
        body.append(#","logprobs":null,"finish_reason":""#)
        body.append(contentsOf: finish.rawValue.utf8)
        body.append(#""}"#)
    }
}
