internal import HTTP

/// What a request for moderation asks.
struct ModerationQuestion {
    var model: String
    /// Judgements in the answer.
    var inputs: Int
    var promptTokens: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(APIFault) {
        let fields = try FieldReader(bytes)
        model = try fields.requiredString("model")
        let input = try fields.required("input")
        guard let list = input.array() else {
            guard input.kind == .string else { throw fields.wrongType("input", "a string or an array") }
            (inputs, promptTokens) = (1, WordCount.count(input))
            return
        }
        // Parts of one text and its pictures are judged together.
        let texts = list.reduce(0) { $0 + ($1.kind == .string ? 1 : 0) }
        inputs = max(1, texts)
        promptTokens = list.reduce(0) { $0 + WordCount.count($1.kind == .string ? $1 : $1.object()?["text"]) }
    }
}
