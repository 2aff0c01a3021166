internal import HTTP
internal import Policy
internal import Spec

/// How much input a body holds: media that is no text, and token numbers that need no estimate.
struct InputMeasure {
    /// Bytes of base64 that are not text for a tokenizer.
    private(set) var mediaBytes = 0
    private(set) var images = 0
    var media = MediaFacts()
    private(set) var tokens: Int64?
    /// Prompts, or texts to embed.
    var count = 1

    init(_ scan: JSONScan, _ endpoint: Endpoint) throws(AnswerError) {
        switch endpoint {
        case .chatCompletions:
            guard let messages = scan["messages"] else { throw Self.missing("messages") }
            guard let list = messages.array() else { throw Self.invalid("messages", "an array") }
            do throws(JSONError) {
                for message in list { try measure(message: message) }
            } catch {
                throw AnswerError(.invalidJSON, "The body is not valid JSON: \(error).")
            }
        case .completions:
            guard let prompt = scan["prompt"] else { throw Self.missing("prompt") }
            tokens = Self.tokenCount(prompt)
            count = Self.inputCount(prompt)
            // Each is answered, so that what goes beyond would be generated and held for by nobody.
            guard count <= RequestFacts.inputsMax else {
                throw AnswerError(.invalidParameter, "`prompt` holds more than \(RequestFacts.inputsMax) prompts.", param: "prompt")
            }
        case .embeddings:
            guard let input = scan["input"] else { throw Self.missing("input") }
            guard input.kind == .string || input.kind == .array else { throw Self.invalid("input", "a text or an array") }
            tokens = Self.tokenCount(input)
            count = Self.inputCount(input)
        case .moderations: try measure(moderation: scan)
        case .imagesGenerations:
            try Self.requireText(scan["prompt"], "prompt")
            media.madeImageTokens = Self.imageTokens(ofQuality: scan["quality"]?.string())
        case .audioSpeech: try measure(speech: scan)
        default: break
        }
    }

    static func missing(_ name: String) -> AnswerError {
        AnswerError(.missingParameter, "`\(name)` is required.", param: name)
    }

    static func invalid(_ name: String, _ wanted: String) -> AnswerError {
        AnswerError(.invalidParameter, "`\(name)` is not \(wanted).", param: name)
    }

    /// What is read here must not be there twice: the provider might read the other one.
    private mutating func measure(message: JSONValue) throws(JSONError) {
        guard let parts = try message.object()?.only("content")?.array() else { return }
        try measure(parts: parts)
    }

    mutating func measure(parts: JSONArray) throws(JSONError) {
        for part in parts {
            guard let part = part.object(), let type = try part.only("type") else { continue }
            if type.equals("image_url") {
                images += 1
                let image = try part.only("image_url")
                if try image?.object()?.only("detail")?.equals("low") ?? false { media.lowImages += 1 }
                _ = inline(try Self.url(image))
            } else if type.equals("input_audio") {
                note(encoded(try part.only("input_audio")?.object()?.only("data")), as: \.soundBytes)
            } else if type.equals("file") {
                media.files += 1
                note(encoded(try part.only("file")?.object()?.only("file_data")), as: \.fileBytes)
            } else if type.equals("audio_url") {
                note(inline(try Self.url(try part.only("audio_url"))), as: \.soundBytes)
            } else if type.equals("video_url") {
                note(inline(try Self.url(try part.only("video_url"))), as: \.filmBytes)
            }
        }
    }

    private static func url(_ value: JSONValue?) throws(JSONError) -> JSONValue? { try value?.object()?.only("url") ?? value }

    /// Decoded bytes of what the body carries; nil where it only names it.
    private mutating func note(_ bytes: Int?, as kind: WritableKeyPath<MediaFacts, Int>) {
        if let bytes { media[keyPath: kind] += bytes } else { media.unseen += 1 }
    }

    /// Base64, or a `data:` URL of it.
    private mutating func encoded(_ value: JSONValue?) -> Int? {
        guard let text = value?.rawString else { return nil }
        mediaBytes += text.count
        return text.count / 4 * 3
    }

    /// A `data:` URL carries the media itself; any other is a link of a few tokens.
    private mutating func inline(_ url: JSONValue?) -> Int? {
        guard let text = url?.rawString, text.starts(with: "data:".utf8) else { return nil }
        return encoded(url)
    }

    /// An array of texts or of arrays is several inputs; a text, or an array of token numbers, is one.
    private static func inputCount(_ value: JSONValue) -> Int {
        guard let list = value.array() else { return 1 }
        return max(1, list.reduce(0) { $0 + ($1.kind == .number ? 0 : 1) })
    }

    /// The count of an array of token numbers, or of several such arrays; nil when there is text.
    private static func tokenCount(_ value: JSONValue) -> Int64? {
        guard let list = value.array() else { return nil }
        var count: Int64 = 0
        for element in list {
            if element.kind == .number {
                count += 1
            } else if let inner = tokenCount(element) {
                count += inner
            } else {
                return nil
            }
        }
        return count
    }
}
