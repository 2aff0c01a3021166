internal import HTTP
internal import Spec

/// The body of `/api/v1/batch`: `{"requests":[{"id","endpoint","body":{…}}]}`, or a request's members beside its `endpoint`.
struct BatchBody {
    struct Entry {
        /// As it stands in the body, with its quotes; nil where there is none.
        var id: [UInt8]?
        /// What is wrong with it is told in its place.
        var request: Result<(endpoint: Endpoint, body: Range<Int>), AnswerError>
    }

    /// What the entries' ranges are of: the body, and behind it what had to be taken out of it.
    private(set) var bytes: [UInt8]
    private(set) var entries: [Entry] = []

    static let entriesMax = 100

    init(reading body: UnsafeRawBufferPointer) throws(AnswerError) {
        let scan = try JSONScan(body: body)
        guard let list = scan["requests"] else { throw AnswerError(.missingParameter, "`requests` is required.", param: "requests") }
        guard let values = list.array().map(Array.init), !values.isEmpty, values.count <= Self.entriesMax else {
            throw AnswerError(.invalidParameter, "`requests` is not a list of 1 to \(Self.entriesMax) requests.", param: "requests")
        }
        bytes = Array(body)
        for value in values {
            let id = value.object()?["id"].flatMap { $0.kind == .string || $0.kind == .number ? Array($0.text) : nil }
            entries.append(Entry(id: id, request: Result { () throws(AnswerError) in try read(value) }))
        }
    }

    private mutating func read(_ value: JSONValue) throws(AnswerError) -> (endpoint: Endpoint, body: Range<Int>) {
        guard let object = value.object() else { throw AnswerError(.invalidBody, "A request of a batch is not an object.") }
        let inner = object["body"].flatMap { $0.kind == .object ? $0 : nil }
        let request = inner?.object() ?? object
        let endpoint = try Self.endpoint(object["endpoint"], request)
        if try InferenceBody.flag(request["stream"], "stream") ?? false {
            throw AnswerError(.invalidParameter, "A request of a batch cannot be streamed.", param: "stream")
        }
        if let inner { return (endpoint, inner.range) }
        var patch = JSONPatch(object)
        patch.remove("endpoint")
        patch.remove("id")
        if patch.isEmpty { return (endpoint, value.range) }
        let start = bytes.count
        bytes.append(contentsOf: patch.bytes())
        return (endpoint, start..<bytes.count)
    }

    /// By its name; where there is none, by what the request has.
    private static func endpoint(_ value: JSONValue?, _ request: JSONObject) throws(AnswerError) -> Endpoint {
        if let value, !value.isNull {
            guard let name = value.string(), let endpoint = names[name] else {
                throw AnswerError(.invalidParameter, "`endpoint` is none of `chat`, `completions` and `embeddings`.", param: "endpoint")
            }
            return endpoint
        }
        if request["messages"] != nil { return .chatCompletions }
        if request["prompt"] != nil { return .completions }
        if request["input"] != nil { return .embeddings }
        throw AnswerError(.missingParameter, "`endpoint` is required.", param: "endpoint")
    }

    /// Also by their paths.
    private static let names: [String: Endpoint] = [
        "chat": .chatCompletions, "/api/v1/chat": .chatCompletions, "/v1/chat/completions": .chatCompletions,
        "chat.completions": .chatCompletions,
        "completions": .completions, "/api/v1/completions": .completions, "/v1/completions": .completions,
        "embeddings": .embeddings, "/api/v1/embeddings": .embeddings, "/v1/embeddings": .embeddings,
    ]
}
