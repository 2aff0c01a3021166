internal import HTTP

/// What a request for speech asks.
struct SpeechQuestion {
    var model: String
    var words: Int
    var characters: Int
    var format: String
    /// Whether the sound is to come in events.
    var isInEvents: Bool

    init(_ bytes: UnsafeRawBufferPointer) throws(APIFault) {
        let fields = try FieldReader(bytes)
        model = try fields.requiredString("model")
        let text = try fields.requiredString("input")
        _ = try fields.required("voice")
        words = WordCount.count(text: text)
        characters = text.unicodeScalars.count
        format = fields.present("response_format")?.string() ?? "mp3"
        isInEvents = fields.present("stream_format")?.equals("sse") ?? false
    }
}
