internal import HTTP

/// What a request to write speech down asks.
struct TranscriptQuestion {
    var model: String
    var format: String
    var isStream: Bool
    var soundBytes: Int
    var seed: UInt64

    /// Sound of 128 kbit/s.
    private static let bytesPerSecond = 16_000

    var seconds: Int { (soundBytes + Self.bytesPerSecond - 1) / Self.bytesPerSecond }

    init(_ form: FormReader) throws(APIFault) {
        model = try form.required("model")
        format = try form.text("response_format") ?? "json"
        isStream = try form.text("stream") == "true"
        let file = try form.requiredFile("file")
        soundBytes = file.count
        seed = Draws.seed(file)
    }
}
