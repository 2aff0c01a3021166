internal import HTTP

/// What a request for images asks, whether in JSON or as a form with images.
struct ImageQuestion {
    var model: String
    var count: Int
    var promptTokens: Int
    var imageTokens: Int

    /// As OpenAI limits one request.
    private static let countMax = 10
    /// Of an image that is brought.
    private static let tokensPerImage = 300

    init(_ bytes: UnsafeRawBufferPointer) throws(APIFault) {
        let fields = try FieldReader(bytes)
        model = try fields.requiredString("model")
        promptTokens = WordCount.count(try fields.required("prompt"))
        count = try fields.integer("n", in: 1...Self.countMax) ?? 1
        imageTokens = 0
    }

    init(form: FormReader) throws(APIFault) {
        model = try form.required("model")
        promptTokens = try form.text("prompt").map(WordCount.count(text:)) ?? 0
        count = try form.text("n").map { Int($0) ?? 0 } ?? 1
        guard (1...Self.countMax).contains(count) else { throw .invalid("'n' must be between 1 and \(Self.countMax).", param: "n") }
        let images = form.files(["image", "image[]", "mask"])
        guard images > 0 else { throw .invalid("Missing required parameter: 'image'.", param: "image", code: "missing_required_parameter") }
        imageTokens = images * Self.tokensPerImage
    }
}
