internal import Spec
package import Store

extension DriftPage {
    /// A table for a page or a message; at most 200 rows of it.
    package var markdown: String {
        let head = "### Drift"
        guard !findings.isEmpty else { return "\(head)\n\nNone\(base.map { " since revision \($0.revision)" } ?? "")." }
        let rows = findings.prefix(Self.rowsMax).map { finding in
            let cells = [
                finding.resource, finding.label, finding.difference, finding.place?.description ?? "", finding.standing, finding.blame,
            ]
            return "| " + cells.map(Self.cell).joined(separator: " | ") + " |"
        }
        let rest = findings.count > Self.rowsMax ? ["", "\(findings.count - Self.rowsMax) more are not shown."] : []
        return
            ([head, "", "| resource | field | difference | declared at | standing | by |", "|---|---|---|---|---|---|"] + rows + rest)
            .joined(separator: "\n")
    }

    /// Nothing that a hand wrote may become markup, or end its cell.
    static func cell(_ text: String) -> String {
        var cell = ""
        for character in text.printable {
            switch character {
            case "|", "\\", "`", "*", "_", "[", "]", "<", ">", "~", "#", "@", "&": cell += "&#\(character.unicodeScalars.first?.value ?? 32);"
            default: cell.append(character)
            }
        }
        return cell
    }

    private static let rowsMax = 200
}
