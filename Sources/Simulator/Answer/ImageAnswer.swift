internal import HTTP

/// Images of one pixel each. The models of the family `gpt-image` tell their tokens, as OpenAI's do; others tell nothing.
enum ImageAnswer {
    /// Of an image that is made.
    static let tokensPerImage = 272

    static func make(_ question: ImageQuestion, created: Int64, tellsUsage: Bool) -> MadeAnswer {
        let output = question.count * tokensPerImage
        let countsTokens = question.model.hasPrefix("gpt-image")
        var writer = JSONWriter(capacity: 256 + question.count * 128)
        writer.beginObject()
        writer.member("created", created)
        writer.name("data")
        writer.beginArray()
        for _ in 0..<question.count {
            writer.beginObject()
            writer.member("b64_json", pixel)
            writer.endObject()
        }
        writer.endArray()
        if countsTokens, tellsUsage { appendUsage(question, output, to: &writer) }
        writer.endObject()
        var made = MadeAnswer(model: question.model, body: writer.bytes, units: question.count)
        if countsTokens { (made.promptTokens, made.completionTokens) = (question.promptTokens + question.imageTokens, output) }
        return made
    }

    private static func appendUsage(_ question: ImageQuestion, _ output: Int, to writer: inout JSONWriter) {
        let input = question.promptTokens + question.imageTokens
        writer.name("usage")
        writer.beginObject()
        writer.member("total_tokens", input + output)
        writer.member("input_tokens", input)
        writer.member("output_tokens", output)
        writer.name("input_tokens_details")
        writer.beginObject()
        writer.member("text_tokens", question.promptTokens)
        writer.member("image_tokens", question.imageTokens)
        writer.endObject()
        writer.endObject()
    }

    /// A PNG of one grey pixel.
    private static let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
}
