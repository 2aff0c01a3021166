internal import HTTP

/// What an embedding request asks for.
struct EmbeddingQuestion {
    var model: String
    var inputs: [TextInput]
    var dimensions: Int
    var isBase64: Bool

    var promptTokens: Int { inputs.reduce(0) { $0 + $1.tokens } }

    /// As OpenAI's text-embedding-3-small gives it unasked, and -large at most.
    private static let dimensionsDefault = 1_536
    private static let dimensionsMax = 3_072
    /// As OpenAI limits one request.
    private static let inputsMax = 2_048

    init(_ bytes: UnsafeRawBufferPointer) throws(APIFault) {
        let fields = try FieldReader(bytes)
        model = try fields.requiredString("model")
        inputs = try TextInput.read(fields, "input", countMax: Self.inputsMax)
        dimensions = try fields.integer("dimensions", in: 1...Self.dimensionsMax) ?? Self.dimensionsDefault
        guard let format = fields.present("encoding_format") else {
            isBase64 = false
            return
        }
        isBase64 = format.equals("base64")
        if !isBase64 && !format.equals("float") {
            throw .invalid("'encoding_format' must be 'float' or 'base64'.", param: "encoding_format")
        }
    }
}
