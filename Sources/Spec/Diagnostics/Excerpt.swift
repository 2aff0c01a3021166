/// A source line and the caret line under it, for a terminal.
struct Excerpt {
    private(set) var line: String
    private(set) var caret: String

    /// `column` counts from 1 and `length` covers, both in Unicode scalars.
    init(_ source: String, column: Int, length: Int) {
        let scalars = Array(source.unicodeScalars)
        let start = min(max(0, column - 1), scalars.count)
        let end = min(max(start + 1, start + length), max(scalars.count, start + 1))
        let first = max(0, min(start - Rendering.lineColumnsMax / 2, scalars.count - Rendering.lineColumnsMax))
        let last = min(scalars.count, first + Rendering.lineColumnsMax)
        line =
            (first > 0 ? "…" : "") + scalars[first..<last].map(Excerpt.shown).joined()
            + (last < scalars.count ? "…" : "")
        let indent = (first > 0 ? " " : "") + scalars[first..<start].map(Excerpt.blank).joined()
        let covered = scalars[start..<min(end, last)].reduce(0) { $0 + Excerpt.width(of: $1) }
        caret = indent + "^" + String(repeating: "~", count: max(0, covered - 1))
    }

    /// Control characters would move the caret or worse.
    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x09: "\t"
        default: scalar.isPrintable ? String(Character(scalar)) : "?"
        }
    }

    /// What takes the same room: a tab stays a tab.
    private static func blank(_ scalar: Unicode.Scalar) -> String {
        scalar == "\t" ? "\t" : String(repeating: " ", count: width(of: scalar))
    }

    /// Columns in a terminal: none for combining marks, two for the wide blocks of Unicode Annex 11.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        if !scalar.isPrintable { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
