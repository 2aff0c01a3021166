internal import Policy
internal import Spec

/// What of a request's body is needed until its answer is billed, when the body is long gone.
struct AskedAnswer {
    /// Images in the request.
    var images: Int64 = 0
    /// Prompts, or texts to embed.
    var inputs = 1
    /// Answers to each.
    var choices = 1
    /// The class of service.
    var serviceTier: String?
    /// What it asks for, by whichever endpoint it came.
    var endpoint = Endpoint.chatCompletions
    var media = MediaFacts()
    /// Whether an answer has to be JSON.
    var wantsJSON = true

    init() {}

    init(_ body: InferenceBody) {
        images = Int64(body.images)
        inputs = body.inputs
        choices = body.choices
        serviceTier = body.serviceTier
        endpoint = body.endpoint
        media = body.media
        wantsJSON = body.wantsJSON
    }
}
