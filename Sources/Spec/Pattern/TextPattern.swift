/// A regular expression of the subset that is matched in linear time, whatever the text.
///
/// Letters and signs stand for themselves; there are `.`, classes `[a-z0-9_]` and `[^,]`, `\d \w \s` and their opposites
/// `\D \W \S`, groups `(…)` and `(?:…)`, `|`, `* + ?`, `{n}`, `{n,}`, `{n,m}`, `^`, `$` and `\b`. There are no references back,
/// no looking ahead or behind, and no flags.
package struct TextPattern: Hashable, Sendable {
    /// As it was written.
    package let text: String
    let ignoresCase: Bool
    let program: [Instruction]

    /// Unicode scalars that a pattern may be long.
    static let lengthMax = 1000
    /// Steps of a compiled pattern: matching costs at most so many for each scalar of a text.
    static let stepsMax = 4000
    /// How deep groups may nest; the parser calls itself for each.
    static let depthMax = 50
    static let repeatMax = 1000

    /// One step of the machine that matches.
    enum Instruction: Hashable, Sendable {
        case scalar(ScalarSet)
        /// Goes on at both.
        case split(Int, Int)
        case jump(Int)
        case require(Position)
        case match
    }

    /// What holds between two scalars.
    enum Position: Hashable, Sendable { case start, end, wordEdge, noWordEdge }

    package init(_ text: String, ignoresCase: Bool = false) throws(TextPatternProblem) {
        self.text = text
        self.ignoresCase = ignoresCase
        var parser = PatternParser(text)
        var compiler = PatternCompiler(ignoresCase: ignoresCase)
        try compiler.add(try parser.whole())
        program = compiler.finished
    }
}

/// Why a text is no pattern of the subset.
package struct TextPatternProblem: Error, Equatable {
    package var message: String
    package var hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}

/// Unicode scalars, as ranges, or all but those.
struct ScalarSet: Hashable, Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var isInverted = false

    func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } != isInverted }

    init(_ ranges: [ClosedRange<UInt32>] = [], isInverted: Bool = false) {
        self.ranges = ranges
        self.isInverted = isInverted
    }

    init(_ scalar: Unicode.Scalar) { self.init([scalar.value...scalar.value]) }

    /// All but the end of a line.
    static let any = ScalarSet([0x0A...0x0A], isInverted: true)
    static let digits = ScalarSet([0x30...0x39])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarSet([0x09...0x0D, 0x20...0x20])
    /// The largest scalar there is.
    static let last: UInt32 = 0x10FFFF

    /// Those that it does not have, as ranges of their own.
    var complement: [ClosedRange<UInt32>] {
        var found: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound >= next {
            if range.lowerBound > next { found.append(next...range.lowerBound - 1) }
            if range.upperBound == ScalarSet.last { return found }
            next = range.upperBound + 1
        }
        return found + [next...ScalarSet.last]
    }

    /// With the other case of every ASCII letter.
    var ignoringCase: ScalarSet {
        var set = self
        for range in ranges {
            for (first, last, offset) in [(0x41, 0x5A, 32), (0x61, 0x7A, -32)] as [(UInt32, UInt32, Int32)] {
                let shared = max(range.lowerBound, first)...max(max(range.lowerBound, first), min(range.upperBound, last))
                guard range.upperBound >= first, range.lowerBound <= last else { continue }
                set.ranges.append(
                    UInt32(Int32(shared.lowerBound) + offset)...UInt32(Int32(shared.upperBound) + offset))
            }
        }
        return set
    }
}
