/// Writes documents in all the ways that people do: styles, indentation, comments, anchors, line breaks.
struct RandomDocument {
    private(set) var text = ""
    private var random: SplitMix
    private let mappingIndent: Int
    private let listIndent: Int
    private let lineBreak: String
    private var comments = 0
    private var anchors = 0
    /// Those whose value is complete, so that an alias may name them.
    private var anchored: [Int] = []

    /// A file of one to three documents: Budget `b0`, `b1`, `b2`.
    static func file(_ random: inout SplitMix) -> [UInt8] {
        var writer = RandomDocument(random)
        let count = Int.random(in: 1...3, using: &writer.random)
        for index in 0..<count { writer.document(index) }
        var bytes = Array(writer.text.utf8)
        if writer.oneIn(5) { bytes = Array("\u{feff}".utf8) + bytes }
        if writer.oneIn(4) {
            while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        }
        random = writer.random
        return bytes
    }

    private init(_ random: SplitMix) {
        self.random = random
        mappingIndent = [2, 2, 4, 3].randomElement(using: &self.random) ?? 2
        listIndent = [0, 2, 2, 4].randomElement(using: &self.random) ?? 2
        lineBreak = ["\n", "\n", "\n", "\r\n"].randomElement(using: &self.random) ?? "\n"
    }

    private mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

    private mutating func document(_ index: Int) {
        anchored = []
        if index > 0 || oneIn(2) { line("---") }
        ownLines(0)
        line("apiVersion: charter/v1")
        line("kind: Budget")
        line(oneIn(2) ? "metadata: { name: b\(index) }" : "metadata:" + lineBreak + pad(mappingIndent) + "name: b\(index)")
        text += "spec:"
        endLine()
        mapping(at: mappingIndent, depth: 0)
    }

    // MARK: Lines

    private mutating func line(_ content: String) {
        text += content
        endLine()
    }

    /// A comment behind what stands there, more often none.
    private mutating func endLine() {
        if oneIn(4) { text += (oneIn(2) ? "  " : " ") + comment() }
        text += lineBreak
    }

    private mutating func comment() -> String {
        comments += 1
        return "# c\(comments): [x, {y: \"z"
    }

    /// Comments and empty lines of their own.
    private mutating func ownLines(_ column: Int) {
        while oneIn(5) { text += (oneIn(3) ? "" : pad(column) + comment()) + lineBreak }
    }

    private func pad(_ count: Int) -> String { String(repeating: " ", count: count) }

    // MARK: Blocks

    private mutating func mapping(at column: Int, depth: Int, beganLine: Bool = false) {
        let count = Int.random(in: 1...4, using: &random)
        for index in 0..<count {
            if index > 0 || !beganLine {
                ownLines(column)
                text += pad(column)
            }
            text += key(index) + ":"
            value(at: column, depth: depth, list: column + listIndent, mapping: column + mappingIndent)
        }
    }

    private mutating func key(_ index: Int) -> String {
        ["k\(index)", "k\(index)", "name\(index)", "\"q \(index)\"", "'s:\(index)'", "größe\(index)", "a/b\(index)"]
            .randomElement(using: &random) ?? "k"
    }

    private mutating func sequence(at column: Int, depth: Int, beganLine: Bool = false) {
        let count = Int.random(in: 1...4, using: &random)
        let isKeyed = oneIn(3)
        for index in 0..<count {
            if index > 0 || !beganLine {
                ownLines(column)
                text += pad(column)
            }
            text += "-"
            if isKeyed {
                text += oneIn(2) ? " { name: n\(index), weight: \(index) }" : " name: n\(index)" + lineBreak + pad(column + 2) + "weight: 1"
                endLine()
            } else if depth < 3, oneIn(4) {
                text += " "
                if oneIn(2) { mapping(at: column + 2, depth: depth + 1, beganLine: true) } else { sequence(at: column + 2, depth: depth + 1, beganLine: true) }
            } else {
                value(at: column, depth: depth, list: column + 2, mapping: column + 2)
            }
        }
    }

    /// What stands behind a key or a dash, up to the end of its lines.
    private mutating func value(at column: Int, depth: Int, list: Int, mapping: Int) {
        if let alias = anchored.randomElement(using: &random), oneIn(8) {
            text += " *a\(alias)"
            return endLine()
        }
        var anchor: Int?
        if oneIn(8) {
            anchors += 1
            anchor = anchors
            text += " &a\(anchors)"
        } else if oneIn(12) {
            text += " !!str \"tagged\""
            return endLine()
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0 where depth < 3, 1 where depth < 3:
            endLine()
            self.mapping(at: mapping, depth: depth + 1)
        case 2 where depth < 3:
            endLine()
            sequence(at: list, depth: depth + 1)
        case 3:
            text += " "
            flow(depth: depth, column: column)
            endLine()
        case 4: block(at: column + mappingIndent)
        case 5 where anchor == nil: endLine()
        default:
            text += " " + scalar(isInBrackets: false)
            endLine()
        }
        if let anchor { anchored.append(anchor) }
    }

    // MARK: Scalars

    private mutating func scalar(isInBrackets: Bool) -> String {
        let plain = [
            "word", "two words", "400 USD/month", "80%", "5", "-3", "1.5", "true", "null", "~", "yes", "2027-02-01",
            "https://example.com/a-b", "openai/gpt-4o", "größer", "日本 語", "a:b", "x#y", "0x1F",
        ]
        let quoted = [
            "\"*\"", "\"a # b\"", "\"say \\\"x\\\"\"", "'it''s'", "\"\"", "''", "\"5\"", "\"{a: [b\"", "'- x'", "\"\\u00e9\\n\"",
        ]
        let other = isInBrackets ? [] : ["what? yes", "a, b", "x [y]", "trailing \\"]
        return (oneIn(3) ? quoted : plain + other).randomElement(using: &random) ?? "x"
    }

    private mutating func block(at column: Int) {
        let header = ["|", "|-", "|+", ">", ">-", "| # c0"].randomElement(using: &random) ?? "|"
        text += " " + header + lineBreak
        for _ in 0...Int.random(in: 0...2, using: &random) {
            text += pad(column) + (["line # no comment", "key: value", "- dash", "größer"].randomElement(using: &random) ?? "x") + lineBreak
            if oneIn(4) { text += lineBreak }
        }
    }

    // MARK: Brackets

    private mutating func flow(depth: Int, column: Int) {
        let isMapping = oneIn(2)
        let isTall = oneIn(3)
        let count = Int.random(in: 0...3, using: &random)
        let padding = oneIn(2) ? " " : ""
        text += isMapping ? "{" : "["
        for index in 0..<count {
            if isTall { text += (oneIn(4) ? " " + comment() : "") + lineBreak + pad(column + 4) } else if index == 0 { text += padding } else { text += " " }
            if isMapping { text += oneIn(6) ? "\"k\(index)\"" : "k\(index)" }
            // Some keys stand alone.
            if !isMapping || !oneIn(10) { flowValue(isMapping: isMapping, depth: depth, column: column) }
            if index + 1 < count || isTall && oneIn(2) { text += "," }
        }
        if isTall, count > 0 { text += (oneIn(4) ? " " + comment() : "") + lineBreak + pad(column + 2) } else if count > 0 { text += padding }
        text += isMapping ? "}" : "]"
    }

    private mutating func flowValue(isMapping: Bool, depth: Int, column: Int) {
        if isMapping { text += ": " }
        if depth < 3, oneIn(6) {
            flow(depth: depth + 1, column: column + 2)
        } else {
            text += !isMapping && oneIn(12) ? "p: 1" : scalar(isInBrackets: true)
        }
    }
}
