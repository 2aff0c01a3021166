internal import HTTP
internal import Policy
internal import Spec

/// How an endpoint's requests and answers differ from OpenAI's, in which models are asked.
enum RequestForm: Equatable {
    case asSent
    /// OpenAI's, always as a stream: the path says so.
    case streamed
    /// OpenAI's, as one of a batch, which is answered whole.
    case batched
    /// `{"text","model_id","max_length"}`, answered `{"response","tokens_used","cost"}`.
    case generate

    /// Calls `read` with the request in OpenAI's form; the bytes are valid during the call.
    func withOpenAI<Body>(
        _ bytes: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer) throws(AnswerError) -> Body
    ) throws(AnswerError) -> Body {
        switch self {
        case .asSent, .batched: return try read(bytes)
        case .streamed:
            // What is wrong with a text that is no object is found by the reader.
            guard let scan = try? JSONScan(bytes), var patch = JSONPatch(scan), scan["stream"]?.bool() != true else {
                return try read(bytes)
            }
            patch.set("stream", to: "true")
            return try Self.with(patch.bytes(), read)
        case .generate: return try Self.with(try GenerateRequest(reading: bytes).openAI, read)
        }
    }

    /// A whole answer of a provider's as the endpoint's clients expect it.
    func answer(_ body: [UInt8], _ usage: Usage, cost: NanoUSD) -> [UInt8] {
        self == .generate ? GenerateAnswer(body, usage, cost: cost).bytes : body
    }

    /// Whether an answer passes through as it comes, so that it need not be kept.
    var passesAnswers: Bool { self == .asSent || self == .streamed }

    /// A function of its own, as `withUnsafeBytes` gives the type of an error away.
    private static func with<Body>(
        _ bytes: [UInt8], _ read: (UnsafeRawBufferPointer) throws(AnswerError) -> Body
    ) throws(AnswerError) -> Body {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(AnswerError) in try read(bytes) } }
        return try result.get()
    }
}
