/// Text of several lines below a `|`.
struct LiteralText {
    /// What stands behind the `|`.
    let chomping: String
    /// Without their indentation.
    let lines: [Substring]

    /// Nil where it would not read as the same: spaces at its beginning, several breaks at its end, characters to escape.
    init?(_ text: String, linesMin: Int) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isEnded = lines.last == ""
        if isEnded { lines.removeLast() }
        guard lines.count >= linesMin, let first = lines.first, let last = lines.last, first != "", last != "",
            !first.hasPrefix(" "), !last.allSatisfy({ $0 == " " })
        else { return nil }
        let isSound = lines.allSatisfy { line in
            line.isEmpty || line.unicodeScalars.allSatisfy(\.isPrintable) && !line.allSatisfy { $0 == " " }
        }
        guard isSound else { return nil }
        self.lines = lines
        chomping = isEnded ? "" : "-"
    }

    init?(_ value: EditValue, linesMin: Int) {
        switch value {
        case .text(let text), .written(let text): self.init(text, linesMin: linesMin)
        default: return nil
        }
    }

    func indented(by column: Int) -> [String] {
        lines.map { $0.isEmpty ? "" : String(repeating: " ", count: column) + $0 }
    }
}
