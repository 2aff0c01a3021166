/// A made-up text that its seed determines, cut into one piece per word.
///
/// A word is what white space separates, and a token is a word: the pieces are the completion tokens.
struct GeneratedText {
    enum Finish: String {
        case stop, length
    }

    private(set) var bytes: [UInt8] = []
    /// Where each piece ends in `bytes`. Every piece but the first begins with a space.
    private(set) var ends: [Int] = []
    private(set) var finish: Finish

    var count: Int { ends.count }

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

    /// The piece's place in `bytes`.
    func piece(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

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
