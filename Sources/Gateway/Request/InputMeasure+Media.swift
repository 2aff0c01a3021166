internal import HTTP
internal import Policy

/// Requests for pictures, sound and judgements of texts.
extension InputMeasure {
    /// A text, texts, or parts of which some are pictures.
    mutating func measure(moderation scan: JSONScan) throws(AnswerError) {
        guard let input = scan["input"] else { throw Self.missing("input") }
        guard input.kind == .string || input.kind == .array else { throw Self.invalid("input", "a text or an array") }
        guard let list = input.array() else { return }
        do throws(JSONError) {
            try measure(parts: list)
        } catch {
            throw AnswerError(.invalidJSON, "The body is not valid JSON: \(error).")
        }
        count = max(1, list.reduce(0) { $0 + ($1.kind == .string ? 1 : 0) })
    }

    mutating func measure(speech scan: JSONScan) throws(AnswerError) {
        let text = try Self.requireText(scan["input"], "input")
        media.characters = text.unicodeScalars.count
        media.speed = try Self.speed(scan["speed"])
    }

    @discardableResult
    static func requireText(_ value: JSONValue?, _ name: String) throws(AnswerError) -> String {
        guard let value else { throw missing(name) }
        guard let text = value.string() else { throw invalid(name, "a text") }
        return text
    }

    /// What an image comes to at most; a quality that is left to the provider, or is not known, may be the best.
    static func imageTokens(ofQuality quality: String?) -> Int64 {
        switch quality {
        case "low": TokenPolicy.roughImageTokens
        case "medium": TokenPolicy.mediumImageTokens
        default: TokenPolicy.madeImageTokens
        }
    }

    /// Thousandths of the usual one, at which speech takes as long as it takes.
    private static func speed(_ value: JSONValue?) throws(AnswerError) -> Int {
        guard let value, !value.isNull else { return 1000 }
        guard value.kind == .number, let speed = Double(String(decoding: value.text, as: UTF8.self)), speedRange.contains(speed) else {
            throw invalid("speed", "a number from \(speedRange.lowerBound) to \(speedRange.upperBound)")
        }
        return Int(speed * 1000)
    }

    /// OpenAI's.
    private static let speedRange = 0.25...4.0
}
