internal import HTTP

/// Bytes in place of sound: a hundred for each word, which count as ten tokens. Only events tell the usage, as OpenAI has it.
enum SpeechAnswer {
    static let bytesPerWord = 100
    static let tokensPerWord = 10

    static func make(_ question: SpeechQuestion) -> MadeAnswer {
        let sound = (0..<question.words * bytesPerWord).map { UInt8(truncatingIfNeeded: $0) }
        let output = question.words * tokensPerWord
        var made = MadeAnswer(
            model: question.model, body: sound, contentType: contentType(question.format), promptTokens: question.words,
            completionTokens: output, units: question.characters)
        if question.isInEvents {
            made.contentType = MadeAnswer.eventStream
            made.body = MadeAnswer.events([delta(sound), done(input: question.words, output: output)])
        }
        return made
    }

    private static func contentType(_ format: String) -> String {
        switch format {
        case "mp3": "audio/mpeg"
        case "opus": "audio/ogg"
        default: "audio/" + format
        }
    }

    private static func delta(_ sound: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "speech.audio.delta")
        writer.name("audio")
        writer.raw([UInt8(ascii: "\"")] + Base64.encode(sound) + [UInt8(ascii: "\"")])
        writer.endObject()
        return writer.bytes
    }

    private static func done(input: Int, output: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "speech.audio.done")
        writer.name("usage")
        writer.beginObject()
        writer.member("input_tokens", input)
        writer.member("output_tokens", output)
        writer.member("total_tokens", input + output)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
