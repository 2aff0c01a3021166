internal import HTTP

/// A made-up text that its seed determines, or the arguments of a call of a tool, cut into one piece per word.
///
/// A word is what white space separates, and a token is a word: the pieces are the completion tokens, and the name of the tool is one.
struct GeneratedText {
    enum Finish: String {
        case stop, length
        case toolCalls = "tool_calls"
    }

    /// As it stands between the quotes of a JSON string.
    private(set) var bytes: [UInt8] = []
    /// Where each piece ends in `bytes`. Every piece but the first begins with a space.
    private(set) var ends: [Int] = []
    private(set) var finish: Finish
    /// The name of the tool that is called, as JSON with its quotes; nil for a text.
    private(set) var tool: [UInt8]?

    var count: Int { ends.count }
    var tokens: Int { count + (tool == nil ? 0 : 1) }

    /// Lengths of texts that nobody has limited.
    private static let naturalLengths = 8..<32

    /// `wanted` words if given, else as many as the seed says, but never more than `max`; cut before the first of `stops`.
    init(seed: UInt64, wanted: Int?, max: Int?, stops: [[UInt8]] = []) {
        var draws = Draws(seed: seed)
        let natural = Self.naturalLengths.lowerBound + Int(draws.next() % UInt64(Self.naturalLengths.count))
        let length = wanted ?? natural
        let limited = Swift.min(length, max ?? length)
        finish = limited < length ? .length : .stop
        bytes.reserveCapacity(limited * 8)
        ends.reserveCapacity(limited)
        for _ in 0..<limited { appendWord(draws.next()) }
        if finish == .stop { endSentence() }
        cut(before: stops)
    }

    /// JSON as it stands, cut off behind `max` words.
    init(json: [UInt8], max: Int?, tool: String? = nil) {
        self.tool = tool.map { Array(JSONWriter.quoted($0).utf8) }
        finish = tool == nil ? .stop : .toolCalls
        for (index, byte) in json.enumerated() {
            // Between values a line's end is a space like any other, and within strings there is none.
            let byte = Swift.max(byte, 0x20)
            if byte == 0x20, index > 0 { ends.append(bytes.count) }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        ends.append(bytes.count)
        guard let max, max < ends.count else { return }
        finish = .length
        ends.removeLast(ends.count - max)
        bytes.removeLast(bytes.count - (ends.last ?? 0))
    }

    /// The place in `bytes` of that many pieces, or of as many as there are.
    func pieces(_ first: Int, _ count: Int = 1) -> Range<Int> {
        let last = min(first + count, ends.count) - 1
        return (first == 0 ? 0 : ends[first - 1])..<ends[last]
    }

    private mutating func appendWord(_ draw: UInt64) {
        let word = Vocabulary.words[Int(draw % UInt64(Vocabulary.words.count))]
        if ends.isEmpty {
            bytes.append(contentsOf: word)
            bytes[0] &-= 0x20
        } else {
            bytes.append(0x20)
            bytes.append(contentsOf: word)
        }
        ends.append(bytes.count)
    }

    private mutating func endSentence() {
        if ends.isEmpty { return }
        bytes.append(UInt8(ascii: "."))
        ends[ends.count - 1] = bytes.count
    }

    private mutating func cut(before stops: [[UInt8]]) {
        guard let place = stops.compactMap(firstPlace).min() else { return }
        finish = .stop
        var length = place
        while length > 0 && bytes[length - 1] == 0x20 { length -= 1 }
        bytes.removeLast(bytes.count - length)
        while let last = ends.last, last > length { ends.removeLast() }
        if (ends.last ?? 0) < length { ends.append(length) }
    }

    private func firstPlace(of stop: [UInt8]) -> Int? {
        guard !stop.isEmpty, stop.count <= bytes.count else { return nil }
        return (0...(bytes.count - stop.count)).first { bytes[$0] == stop[0] && bytes[$0...].starts(with: stop) }
    }
}
