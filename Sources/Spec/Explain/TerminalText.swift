/// Text for a terminal of eighty columns, with or without emphasis.
struct TerminalText {
    static let columns = 80

    private(set) var text = ""
    private let isStyled: Bool

    init(isStyled: Bool) { self.isStyled = isStyled }

    /// A line in bold.
    mutating func heading(_ words: String) { text += (isStyled ? "\u{1B}[1m\(words)\u{1B}[0m" : words) + "\n" }

    mutating func blank() { text += "\n" }

    /// A line as it is, such as one of an example.
    mutating func verbatim(_ line: String, indent: Int) { text += String(repeating: " ", count: indent) + line + "\n" }

    /// Words broken into lines at spaces; what stands in backquotes is emphasized.
    mutating func prose(_ words: String, indent: Int = 0) {
        for line in Self.lines(of: words, width: Self.columns - indent) {
            text += String(repeating: " ", count: indent) + styled(line) + "\n"
        }
    }

    /// Two columns, the second broken into lines.
    mutating func row(_ name: String, _ words: String, indent: Int = 0, width: Int) {
        let column = indent + width + 2
        let lines = Self.lines(of: words, width: max(Self.columns - column, 30))
        let padding = String(repeating: " ", count: max(width + 2 - name.unicodeScalars.count, 1))
        let shown = isStyled ? "\u{1B}[1m\(name)\u{1B}[0m" : name
        text += String(repeating: " ", count: indent) + shown + (lines.isEmpty ? "" : padding + styled(lines[0])) + "\n"
        for line in lines.dropFirst() { text += String(repeating: " ", count: column) + styled(line) + "\n" }
    }

    private static func lines(of words: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in words.split(separator: " ") {
            if let last = lines.last, last.unicodeScalars.count + 1 + word.unicodeScalars.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// A pair of backquotes that a line break has parted keeps them.
    private func styled(_ line: String) -> String {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        guard isStyled, parts.count % 2 == 1 else { return line }
        return parts.enumerated().map { $0 % 2 == 0 ? String($1) : "\u{1B}[36m\($1)\u{1B}[0m" }.joined()
    }
}
