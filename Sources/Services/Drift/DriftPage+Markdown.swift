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

    /// Nothing that a hand wrote may become markup, a link or a mention, or end its cell.
    static func cell(_ text: String) -> String {
        let scalars = Array(text.printable.unicodeScalars)
        var cell = ""
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "|", "\\", "`", "*", "_", "[", "]", "<", ">", "~", "&": cell += "&#\(scalar.value);"
            // Of `a@b`, `@name`, `#7`, `http://` and `www.` renderers make links behind entities as well (GitHub Flavored Markdown 0.29 §6.9), unless
            // something stands there that no address has.
            case "#", "@": cell += "&#\(scalar.value);\(noWidth)"
            case ":" where Array(scalars[(index + 1)...].prefix(2)) == ["/", "/"]: cell += "&#\(scalar.value);\(noWidth)"
            case "." where String(String.UnicodeScalarView(scalars[..<index].suffix(3))).lowercased() == "www": cell += noWidth + "."
            default: cell.unicodeScalars.append(scalar)
            }
        }
        return cell
    }

    /// A space that is not seen.
    private static let noWidth = "&#8203;"

    private static let rowsMax = 200
}
