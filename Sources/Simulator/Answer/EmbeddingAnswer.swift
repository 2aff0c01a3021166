internal import HTTP

/// An embedding list in one body.
enum EmbeddingAnswer {
    static func body(_ question: EmbeddingQuestion, seed: UInt64) -> [UInt8] {
        var writer = JSONWriter(capacity: 256 + question.inputs.count * question.dimensions * 12)
        writer.beginObject()
        writer.member("object", "list")
        writer.name("data")
        writer.beginArray()
        for (index, input) in question.inputs.enumerated() {
            let vector = UnitVector.make(seed: input.seed ^ Draws.mixed(seed), dimensions: question.dimensions)
            appendItem(index, vector, isBase64: question.isBase64, to: &writer)
        }
        writer.endArray()
        writer.member("model", question.model)
        writer.name("usage")
        writer.beginObject()
        writer.member("prompt_tokens", question.promptTokens)
        writer.member("total_tokens", question.promptTokens)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private static func appendItem(_ index: Int, _ vector: [Float], isBase64: Bool, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("object", "embedding")
        writer.member("index", index)
        writer.name("embedding")
        if isBase64 {
            // The alphabet needs no escape.
            writer.raw([UInt8(ascii: "\"")] + Base64.encode(vector) + [UInt8(ascii: "\"")])
        } else {
            writer.beginArray()
            for component in vector { writer.float(component) }
            writer.endArray()
        }
        writer.endObject()
    }
}
