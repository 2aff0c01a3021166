internal import HTTP
internal import Policy
internal import Spec

extension InferenceBody {
    /// Reads a form sent to `endpoint`.
    init(form bytes: UnsafeRawBufferPointer, _ headers: Headers, endpoint: Endpoint) throws(AnswerError) {
        let fields = try FormFields(bytes, headers)
        let model = try fields.requiredText("model")
        self.endpoint = endpoint
        self.model = model.value
        // Whether its answer comes in events is the provider's and the client's business.
        (isStream, wantsUsage, asksForSound) = (false, false, false)
        (maxOutput, serviceTier, inputTokens) = (nil, nil, nil)
        inputs = 1
        textBytes = try fields.text("prompt")?.value.utf8.count ?? 0
        media = MediaFacts()
        if endpoint.makesImages {
            choices = try fields.count("n", atMost: RequestFacts.choicesMax) ?? 1
            images = fields.fileCount("image", "image[]", "mask")
            guard images > 0 else { throw AnswerError(.missingParameter, "`image` is required, as a file.", param: "image") }
            media.madeImageTokens = InputMeasure.imageTokens(ofQuality: try fields.text("quality")?.value)
        } else {
            (choices, images) = (1, 0)
            media.soundBytes = try fields.requiredFile("file").count
            wantsJSON = Self.jsonFormats.contains(try fields.text("response_format")?.value ?? "json")
        }
        outbound = OutboundBody(bytes: Array(bytes), modelRange: model.range, .form)
    }

    /// What may be asked for and is JSON; subtitles and plain text are none.
    private static let jsonFormats: Set<String> = ["json", "verbose_json", "diarized_json"]
}
