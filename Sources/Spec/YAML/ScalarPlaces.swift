/// Finds where a part of a scalar's text stands in its file.
struct ScalarPlaces {
    private let lines: [[Unicode.Scalar]]
    private var line: Int
    private var column: Int

    /// The position of the scalar at `offset` of `text`, which begins at `start`; nil where the file says otherwise.
    static func position(of offset: Int, in text: String, from start: Position, of file: FileText) -> Position? {
        let lines = file.lines
        let first = start.line - 1
        guard lines.indices.contains(first) else { return nil }
        // A scalar has no more lines than characters, and two more for what surrounds them.
        let last = min(lines.count, first + text.unicodeScalars.count * 2 + 3)
        let near = lines[first..<last].map { Array(String(decoding: $0, as: UTF8.self).unicodeScalars) }
        var places = ScalarPlaces(lines: near, column: start.column - 1)
        guard let found = places.find(offset, in: Array(text.unicodeScalars)) else { return nil }
        return Position(line: first + found.line + 1, column: found.column + 1)
    }

    private init(lines: [[Unicode.Scalar]], column: Int) {
        self.lines = lines
        line = 0
        self.column = column
    }

    private var current: Unicode.Scalar? {
        lines.indices.contains(line) && column < lines[line].count ? lines[line][column] : nil
    }

    private mutating func find(_ offset: Int, in text: [Unicode.Scalar]) -> (line: Int, column: Int)? {
        skipProperties()
        switch current {
        case "|", ">": return findInBlock(offset, in: text)
        case "\"":
            column += 1
            return findInFlow(offset, in: text, quote: "\"")
        case "'":
            column += 1
            return findInFlow(offset, in: text, quote: "'")
        default: return findInFlow(offset, in: text, quote: nil)
        }
    }

    /// An anchor or a tag before the text.
    private mutating func skipProperties() {
        while let first = current, first == "&" || first == "!" {
            while let scalar = current, scalar != " " { column += 1 }
            while current == " " { column += 1 }
        }
    }

    // MARK: Quoted and plain text

    private mutating func findInFlow(
        _ offset: Int, in text: [Unicode.Scalar], quote: Unicode.Scalar?
    ) -> (line: Int, column: Int)? {
        var index = 0
        while true {
            guard fold(text, &index, quote) else { return nil }
            if index >= offset { return (line, column) }
            guard index < text.count, let length = width(of: text[index], quote) else { return nil }
            column += length
            index += 1
        }
    }

    /// Where the line ends, passes over the break and the spaces around it, and over the spaces or breaks it stands for.
    private mutating func fold(_ text: [Unicode.Scalar], _ index: inout Int, _ quote: Unicode.Scalar?) -> Bool {
        var rest = column
        while line < lines.count, rest < lines[line].count, lines[line][rest] == " " || lines[line][rest] == "\t" { rest += 1 }
        let isEscaped = quote == "\"" && current == "\\" && column + 1 == lines[line].count
        guard line < lines.count, isEscaped || rest >= lines[line].count else { return true }
        guard index < text.count else { return true }
        line += 1
        var breaks = 1
        while line < lines.count, lines[line].allSatisfy({ $0 == " " || $0 == "\t" }) {
            line += 1
            breaks += 1
        }
        guard line < lines.count else { return false }
        column = lines[line].firstIndex { $0 != " " && $0 != "\t" } ?? 0
        if !isEscaped { index += max(1, breaks - 1) }
        return true
    }

    /// How many characters of the file stand for one of the text; nil when they do not.
    private func width(of scalar: Unicode.Scalar, _ quote: Unicode.Scalar?) -> Int? {
        guard let current else { return nil }
        if quote == "'", current == "'" { return scalar == "'" ? 2 : nil }
        if quote == "\"", current == "\\" {
            switch column + 1 < lines[line].count ? lines[line][column + 1] : " " {
            case "x": return 4
            case "u": return 6
            case "U": return 10
            default: return 2
            }
        }
        return current == scalar || scalar == " " && current == "\t" ? 1 : nil
    }

    // MARK: Blocks

    private mutating func findInBlock(_ offset: Int, in text: [Unicode.Scalar]) -> (line: Int, column: Int)? {
        let isFolded = current == ">"
        let digits = lines[0][column...].prefix { $0 != " " && $0 != "#" }.compactMap { $0.properties.numericType == .decimal ? Int($0.value) - 48 : nil }
        let content = lines.dropFirst()
        guard let filled = content.first(where: { $0.contains { $0 != " " } }) else { return nil }
        let spaces = filled.prefix { $0 == " " }.count
        // With a digit the first line may be deeper than the block, whose depth only its parent knows.
        guard digits.isEmpty else { return nil }
        line = 1
        var index = 0
        while line < lines.count {
            let own = lines[line].count > spaces ? Array(lines[line][spaces...]) : []
            if offset <= index + own.count, matches(own, text, index) { return (line, spaces + offset - index) }
            guard matches(own, text, index) else { return nil }
            index += own.count
            line += 1
            guard isFolded else {
                index += 1
                continue
            }
            index = afterFold(text, index, spaces)
        }
        return nil
    }

    private func matches(_ own: [Unicode.Scalar], _ text: [Unicode.Scalar], _ index: Int) -> Bool {
        index + own.count <= text.count && text[index..<index + own.count].elementsEqual(own)
    }

    /// A single break between two lines is a space, and of several the first is nothing; deeper lines keep theirs.
    private mutating func afterFold(_ text: [Unicode.Scalar], _ index: Int, _ spaces: Int) -> Int {
        var blank = 0
        while line < lines.count, lines[line].allSatisfy({ $0 == " " }) {
            line += 1
            blank += 1
        }
        var next = index
        let breaks = text[min(index, text.count)...].prefix { $0 == "\n" }.count
        if blank == 0 { next += 1 } else { next += min(breaks, blank + 1) }
        return next
    }
}

/// The lines of a file, cut when one is first asked for; confined to the reading of the file.
final class FileText {
    private let bytes: [UInt8]
    private(set) lazy var lines = SourceText.lines(of: SourceText.withoutMark(bytes))

    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension Reading {
    /// Where a part of a scalar's text stands; the whole scalar when that cannot be told.
    func extent(of range: Range<Int>, in node: Node) -> Extent {
        guard node.alias == nil, node.extent.source == 0, let text, case .scalar(let scalar) = node.content,
            let start = ScalarPlaces.position(of: range.lowerBound, in: scalar.text, from: node.extent.position, of: text)
        else { return node.extent }
        return Extent(position: start, length: max(1, range.count))
    }

    /// Where the last word of a scalar's text stands.
    func extent(ofLast word: String, in node: Node) -> Extent {
        guard let scalars = node.text.map({ Array($0.unicodeScalars) }) else { return node.extent }
        let word = Array(word.unicodeScalars)
        let end = (scalars.lastIndex { $0 != " " } ?? -1) + 1
        guard end >= word.count, scalars[(end - word.count)..<end].elementsEqual(word) else { return node.extent }
        return extent(of: (end - word.count)..<end, in: node)
    }
}
