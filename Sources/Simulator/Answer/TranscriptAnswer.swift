internal import HTTP

/// Made-up words in place of a transcript. The models of the family `whisper` tell the seconds, others their tokens; plain text and
/// subtitles tell nothing, as OpenAI has it.
enum TranscriptAnswer {
    static let tokensPerSecond = 10

    static func make(_ question: TranscriptQuestion, _ text: GeneratedText, tellsUsage: Bool) -> MadeAnswer {
        var made = MadeAnswer(model: question.model, body: [], completionTokens: text.tokens, units: question.seconds)
        made.promptTokens = question.seconds * tokensPerSecond
        let words = String(decoding: text.bytes, as: UTF8.self)
        switch question.format {
        case "text", "srt", "vtt":
            made.contentType = "text/plain; charset=utf-8"
            made.body = Array((words + "\n").utf8)
        default:
            let usage = tellsUsage ? usage(question, output: text.tokens) : nil
            if question.isStream {
                made.contentType = MadeAnswer.eventStream
                made.body = MadeAnswer.events([event("transcript.text.delta", "delta", words, nil), event("transcript.text.done", "text", words, usage)])
            } else {
                made.body = whole(question, words, usage)
            }
        }
        return made
    }

    private static func whole(_ question: TranscriptQuestion, _ words: String, _ usage: [UInt8]?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("text", words)
        if question.format == "verbose_json" {
            writer.member("language", "english")
            writer.member("duration", question.seconds)
        }
        append(usage, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private static func event(_ type: String, _ name: String, _ words: String, _ usage: [UInt8]?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", type)
        writer.member(name, words)
        append(usage, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    private static func append(_ usage: [UInt8]?, to writer: inout JSONWriter) {
        guard let usage else { return }
        writer.name("usage")
        writer.raw(usage)
    }

    private static func usage(_ question: TranscriptQuestion, output: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        if question.model.hasPrefix("whisper") {
            writer.member("type", "duration")
            writer.member("seconds", question.seconds)
        } else {
            let input = question.seconds * tokensPerSecond
            writer.member("type", "tokens")
            writer.member("input_tokens", input)
            writer.name("input_token_details")
            writer.beginObject()
            writer.member("text_tokens", 0)
            writer.member("audio_tokens", input)
            writer.endObject()
            writer.member("output_tokens", output)
            writer.member("total_tokens", input + output)
        }
        writer.endObject()
        return writer.bytes
    }
}
