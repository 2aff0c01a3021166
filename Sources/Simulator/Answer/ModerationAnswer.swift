internal import HTTP

/// A judgement of each text: none is ever found to be harmful.
enum ModerationAnswer {
    static let categories = [
        "harassment", "harassment/threatening", "sexual", "sexual/minors", "hate", "hate/threatening", "illicit", "illicit/violent",
        "self-harm", "self-harm/intent", "self-harm/instructions", "violence", "violence/graphic",
    ]

    static func make(_ question: ModerationQuestion, _ serial: UInt64) -> MadeAnswer {
        var writer = JSONWriter(capacity: 512 + question.inputs * 1024)
        writer.beginObject()
        writer.member("id", "modr-sim\(serial)")
        writer.member("model", question.model)
        writer.name("results")
        writer.beginArray()
        for _ in 0..<question.inputs { appendResult(to: &writer) }
        writer.endArray()
        writer.endObject()
        return MadeAnswer(model: question.model, body: writer.bytes, promptTokens: question.promptTokens)
    }

    private static func appendResult(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("flagged", false)
        append("categories", to: &writer) { $0.raw("false") }
        append("category_scores", to: &writer) { $0.raw("0.01") }
        append("category_applied_input_types", to: &writer) { $0.raw(#"["text"]"#) }
        writer.endObject()
    }

    private static func append(_ name: String, to writer: inout JSONWriter, _ value: (inout JSONWriter) -> Void) {
        writer.name(name)
        writer.beginObject()
        for category in categories {
            writer.name(category)
            value(&writer)
        }
        writer.endObject()
    }
}
