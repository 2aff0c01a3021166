/// Finds remarks that silence warnings among the comments of a file.
struct IgnoreComments {
    private(set) var directives: [IgnoreDirective] = []

    private static let word = Array("charter:ignore".utf8)

    /// Cheap, and true too where the word is in some text.
    static func mayBe(in text: [UInt8]) -> Bool {
        var index = 0
        while index + word.count <= text.count {
            guard let hash = text[index...].firstIndex(of: word[0]) else { return false }
            if text[hash...].starts(with: word) { return true }
            index = hash + 1
        }
        return false
    }

    /// `scalars` in the order of the text: what looks like a comment inside of one is none.
    init(lines: [ArraySlice<UInt8>], scalars: [Range<Position>], path: String) {
        let following = Self.linesWithContent(lines)
        var next = 0
        for (index, bytes) in lines.enumerated() where bytes.contains(UInt8(ascii: "#")) {
            let number = index + 1
            while next < scalars.count, scalars[next].upperBound.line < number { next += 1 }
            let line = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
            guard let start = Self.comment(in: line, number: number, scalars[next...]),
                var directive = Self.directive(in: line, from: start + 1, at: number, path)
            else { continue }
            let isAlone = line[..<start].allSatisfy(\.isBlank)
            directive.line = isAlone ? following[index] : number
            directives.append(directive)
        }
    }

    /// The index of the `#` that begins the comment of a line.
    private static func comment(in line: [Unicode.Scalar], number: Int, _ scalars: ArraySlice<Range<Position>>) -> Int? {
        var scalars = scalars
        for index in line.indices where line[index] == "#" && (index == 0 || line[index - 1].isBlank) {
            let position = Position(line: number, column: index + 1)
            while let first = scalars.first, first.upperBound <= position { scalars = scalars.dropFirst() }
            guard let scalar = scalars.first, scalar.contains(position) else { return index }
            // What follows `|` or `>` on their line is a comment still.
            if scalar.lowerBound.line == number, "|>".unicodeScalars.contains(line[scalar.lowerBound.column - 1]) {
                return index
            }
        }
        return nil
    }

    private static func directive(
        in line: [Unicode.Scalar], from start: Int, at number: Int, _ path: String
    ) -> IgnoreDirective? {
        var words = Words(line[start...])
        guard let first = words.next(), first.text == "charter:ignore" || first.text == "charter:ignore:" else {
            return nil
        }
        var codes: [IgnoreDirective.Code] = []
        var end = first.end
        while let word = words.next() {
            guard word.isLikeCode else {
                words.back(to: word)
                break
            }
            codes.append(IgnoreDirective.Code(text: word.text, column: word.start + 1))
            end = word.end
        }
        return IgnoreDirective(
            place: Place(path: path, position: Position(line: number, column: first.start + 1)),
            length: end - first.start, codes: codes, reason: words.rest, line: nil)
    }

    /// For each line the number of the next one that is neither empty nor a comment.
    private static func linesWithContent(_ lines: [ArraySlice<UInt8>]) -> [Int?] {
        var following = [Int?](repeating: nil, count: lines.count)
        var next: Int?
        for (index, line) in lines.enumerated().reversed() {
            following[index] = next
            if let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }), first != UInt8(ascii: "#") { next = index + 1 }
        }
        return following
    }
}

/// The words of a comment, apart by spaces and commas.
private struct Words {
    struct Word {
        var text: String
        var start: Int
        var end: Int

        /// Letters in any case, so that a mistake in them is told as one.
        var isLikeCode: Bool {
            let digits = text.utf8.dropFirst(2)
            return text.lowercased().hasPrefix("ch") && !digits.isEmpty
                && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
    }

    private let line: ArraySlice<Unicode.Scalar>
    private var index: Int

    init(_ line: ArraySlice<Unicode.Scalar>) {
        self.line = line
        index = line.startIndex
    }

    mutating func next() -> Word? {
        guard let start = line[index...].firstIndex(where: { !$0.isBlank && $0 != "," }) else { return nil }
        let end = line[start...].firstIndex { $0.isBlank || $0 == "," } ?? line.endIndex
        index = end
        return Word(text: Self.text(line[start..<end]), start: start, end: end)
    }

    mutating func back(to word: Word) { index = word.start }

    /// What was not taken.
    var rest: String { Self.text(line[index...].drop { $0.isBlank || $0 == "," }) }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}

extension Unicode.Scalar {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}
