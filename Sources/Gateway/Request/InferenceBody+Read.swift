internal import HTTP
internal import Policy
internal import Spec

extension InferenceBody {
    /// Reads a body sent to `endpoint`; one sent to `/v1/inference` decides itself what it is.
    init(reading bytes: UnsafeRawBufferPointer, endpoint: Endpoint) throws(AnswerError) {
        let scan = try Self.scan(bytes)
        guard scan.root.kind == .object else { throw AnswerError(.invalidBody, "The body is not a JSON object.") }
        self.endpoint = try endpoint == .inference ? Self.kind(of: scan) : endpoint
        let model = scan["model"].flatMap { $0.isNull && endpoint == .moderations ? nil : $0 }
        self.model = try Self.name(model, endpoint)
        let asksForStream = try Self.flag(scan["stream"], "stream") ?? false
        if asksForStream && (self.endpoint == .embeddings || endpoint == .moderations) {
            throw AnswerError(.invalidParameter, "\(endpoint == .moderations ? "Moderations" : "Embeddings") cannot be streamed.", param: "stream")
        }
        // Streams of pictures and sound pass as they are, with their usage at their end.
        isStream = asksForStream && self.endpoint.writesText
        choices = try Self.choices(scan, self.endpoint)
        maxOutput = try Self.maxOutput(scan, self.endpoint)
        let input = try InputMeasure(scan, self.endpoint)
        textBytes = max(0, bytes.count - input.mediaBytes)
        images = input.images
        media = input.media
        asksForSound = self.endpoint == .chatCompletions && Self.asksForSound(scan)
        serviceTier = scan["service_tier"]?.string()
        inputTokens = input.tokens
        inputs = input.count
        wantsJSON = endpoint != .audioSpeech
        let stream = try StreamOptions(scan, isStream: isStream)
        wantsUsage = stream.wantsUsage
        if let model { outbound = Self.outbound(scan, model, stream.edit) } else { outbound = Self.outbound(scan, naming: self.model) }
    }

    /// What a request for moderation asks that names no model, as OpenAI has it; the provider is told the name too.
    private static let moderationModel = "omni-moderation-latest"

    private static func name(_ model: JSONValue?, _ endpoint: Endpoint) throws(AnswerError) -> String {
        guard let model else {
            if endpoint == .moderations { return moderationModel }
            throw AnswerError(.missingParameter, "`model` is required.", param: "model")
        }
        guard let name = model.string(), !name.isEmpty else {
            throw AnswerError(.invalidParameter, "`model` is not a text.", param: "model")
        }
        return name
    }

    /// The client's bytes with a model that they do not name.
    private static func outbound(_ scan: JSONScan, naming model: String) -> OutboundBody {
        var body = OutboundBody(bytes: Array(scan.bytes), modelRange: 0..<0)
        body.patch { _, patch in patch.set("model", to: JSONWriter.quoted(model)) }
        return body
    }

    private static func scan(_ bytes: UnsafeRawBufferPointer) throws(AnswerError) -> JSONScan {
        do {
            return try JSONScan(bytes)
        } catch {
            throw AnswerError(.invalidJSON, "The body is not valid JSON: \(error).")
        }
    }

    private static func kind(of scan: JSONScan) throws(AnswerError) -> Endpoint {
        if scan.member("messages") != nil { return .chatCompletions }
        if scan.member("prompt") != nil { return .completions }
        if scan.member("input") != nil { return .embeddings }
        throw AnswerError(.missingParameter, "The body has none of `messages`, `prompt` and `input`.", param: "messages")
    }

    /// Answers to one prompt: of `best_of` all are generated and billed, whatever `n` shows of them.
    private static func choices(_ scan: JSONScan, _ endpoint: Endpoint) throws(AnswerError) -> Int {
        let shown = try count(scan["n"], "n", atLeast: 1, atMost: RequestFacts.choicesMax) ?? 1
        guard endpoint == .completions else { return Int(shown) }
        return Int(max(shown, try count(scan["best_of"], "best_of", atLeast: 1, atMost: RequestFacts.choicesMax) ?? 1))
    }

    /// The client's bound on the output. Of chat's two names a provider may know only one, so the greater value counts;
    /// other endpoints have the old name alone. `path` leads to the request in a body of several, with a point at its end.
    static func maxOutput(_ scan: JSONScan, _ endpoint: Endpoint, at path: String = "") throws(AnswerError) -> Int64? {
        let old = try count(scan["max_tokens"], path + "max_tokens", atLeast: 0)
        guard endpoint == .chatCompletions else { return old }
        let new = try count(scan["max_completion_tokens"], path + "max_completion_tokens", atLeast: 0)
        guard let old, let new else { return new ?? old }
        return max(old, new)
    }

    /// `"modalities": ["text", "audio"]`
    private static func asksForSound(_ scan: JSONScan) -> Bool {
        scan["modalities"]?.array()?.contains { $0.equals("audio") } ?? false
    }

    static func flag(_ value: JSONValue?, _ name: String) throws(AnswerError) -> Bool? {
        guard let value, !value.isNull else { return nil }
        guard let flag = value.bool() else { throw AnswerError(.invalidParameter, "`\(name)` is not true or false.", param: name) }
        return flag
    }

    static func count(
        _ value: JSONValue?, _ name: String, atLeast least: Int64, atMost most: Int64 = Int64(Int32.max)
    ) throws(AnswerError) -> Int64? {
        guard let value, !value.isNull else { return nil }
        guard let count = value.int(), (least...most).contains(count) else { throw outOfRange(name, least...most) }
        return count
    }

    static func outOfRange(_ name: String, _ range: ClosedRange<Int64>) -> AnswerError {
        AnswerError(.invalidParameter, "`\(name)` is not a whole number from \(range.lowerBound) to \(range.upperBound).", param: name)
    }

    /// The client's bytes with the usage asked for, and the place of the model's name in them.
    private static func outbound(_ scan: JSONScan, _ model: JSONValue, _ edit: StreamOptions.Edit?) -> OutboundBody {
        guard let edit else { return OutboundBody(bytes: Array(scan.bytes), modelRange: model.range) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scan.bytes.count + edit.with.count)
        bytes.append(contentsOf: scan.bytes[..<edit.range.lowerBound])
        bytes.append(contentsOf: edit.with)
        bytes.append(contentsOf: scan.bytes[edit.range.upperBound...])
        let shift = edit.range.lowerBound < model.range.lowerBound ? edit.with.count - edit.range.count : 0
        return OutboundBody(
            bytes: bytes, modelRange: (model.range.lowerBound + shift)..<(model.range.upperBound + shift))
    }
}

/// Whether the client asked for the usage of a stream, and what must change so that the provider reports it anyway.
struct StreamOptions {
    var wantsUsage = false
    var edit: Edit?

    struct Edit {
        var range: Range<Int>
        var with: [UInt8]
    }

    init(_ scan: JSONScan, isStream: Bool) throws(AnswerError) {
        guard isStream else { return }
        guard let member = scan.member("stream_options") else {
            // `model` is there, so there is a last member to come after.
            let end = scan.members.last?.range.upperBound ?? 1
            edit = Edit(range: end..<end, with: Array(#","stream_options":{"include_usage":true}"#.utf8))
            return
        }
        if member.value.isNull {
            edit = Edit(range: member.value.range, with: Array(#"{"include_usage":true}"#.utf8))
            return
        }
        guard let options = member.value.object() else {
            throw AnswerError(.invalidParameter, "`stream_options` is not an object.", param: "stream_options")
        }
        wantsUsage = try InferenceBody.flag(Self.usage(options), "stream_options.include_usage") ?? false
        guard !wantsUsage else { return }
        var patch = JSONPatch(options)
        patch.set("include_usage", to: "true")
        edit = Edit(range: member.value.range, with: patch.bytes())
    }

    private static func usage(_ options: JSONObject) throws(AnswerError) -> JSONValue? {
        do {
            return try options.only("include_usage")
        } catch {
            throw AnswerError(.invalidJSON, "The body is not valid JSON: \(error).")
        }
    }
}
