internal import HTTP

/// A request of `/generate`: one text for one model, which is a chat of one message.
struct GenerateRequest {
    /// The same as a chat completion. Values are the client's bytes.
    let openAI: [UInt8]

    init(reading bytes: UnsafeRawBufferPointer) throws(AnswerError) {
        let scan: JSONScan
        do { scan = try JSONScan(bytes) } catch { throw AnswerError(.invalidJSON, "The body is not valid JSON: \(error).") }
        guard scan.root.kind == .object else { throw AnswerError(.invalidBody, "The body is not a JSON object.") }
        guard let text = scan["text"] else { throw AnswerError(.missingParameter, "`text` is required.", param: "text") }
        guard text.kind == .string else { throw AnswerError(.invalidParameter, "`text` is not a text.", param: "text") }
        var writer = JSONWriter(capacity: bytes.count + 128)
        writer.beginObject()
        writer.member("model", try Self.model(scan["model_id"]))
        writer.name("messages")
        writer.beginArray()
        writer.beginObject()
        writer.member("role", "user")
        writer.name("content")
        writer.raw(text.text)
        writer.endObject()
        writer.endArray()
        if let most = try InferenceBody.count(scan["max_length"], "max_length", atLeast: 1) { writer.member("max_tokens", most) }
        for name in Self.passed {
            guard let value = scan[name] else { continue }
            writer.name(name)
            writer.raw(value.text)
        }
        writer.endObject()
        openAI = writer.bytes
    }

    /// Members that mean the same in a chat completion; others are not looked at, as ever at this endpoint.
    private static let passed = ["temperature", "top_p", "stop", "seed"]

    /// Models have numbers here: the name of a route may be one.
    private static func model(_ value: JSONValue?) throws(AnswerError) -> String {
        guard let value else { throw AnswerError(.missingParameter, "`model_id` is required.", param: "model_id") }
        if let number = value.int() { return String(number) }
        guard let name = value.string(), !name.isEmpty else {
            throw AnswerError(.invalidParameter, "`model_id` is neither a number nor a name.", param: "model_id")
        }
        return name
    }
}
