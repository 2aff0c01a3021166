internal import Crypto
internal import Spec
internal import Store

extension DriftBoard {
    /// A page that needs nothing else: no script, no address, one style whose digest `contentPolicy` names.
    var html: String {
        let title = org.map { "Drift of \($0)" } ?? "Drift"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTMLText.escaped(title))</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(HTMLText.escaped(title))</h1>
            <p class="sum">\(HTMLText.escaped(summary))</p>
            \((page.resources.map(Self.section) + [scanList]).joined(separator: "\n"))
            <p class="foot">As of \(HTMLText.escaped(page.at.iso8601)). \(HTMLText.escaped(blameSentence))</p>
            </body>
            </html>

            """
    }

    /// Lets the page's own style be, and nothing else: whatever a hand wrote into a row can neither run nor fetch.
    static let contentPolicy =
        "default-src 'none'; style-src 'sha256-\(Base64Text.text(SHA256.digest(style).bytes))'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static let style = """
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1c1e21;background:#fff}
        h1{font-size:1.5rem}h2{font-size:1.05rem;margin:2rem 0 .4rem;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d8dce0;overflow-wrap:anywhere}
        th{font-weight:600;color:#555}.sum{font-size:1.1rem}.foot,.unit{color:#555}code{font:13px ui-monospace,monospace}
        @media (prefers-color-scheme:dark){body{color:#e4e6e8;background:#16181b}th,.foot,.unit{color:#a5abb2}th,td{border-color:#3a3f45}}
        """

    private static func section(_ findings: [DriftFinding]) -> String {
        let first = findings[0]
        let unit = first.unit.isEmpty ? "" : " <span class=\"unit\">unit \(HTMLText.escaped(first.unit))</span>"
        return """
            <section>
            <h2><code>\(HTMLText.escaped(first.resource))</code>\(unit)</h2>
            <table>
            <thead><tr><th>field</th><th>wanted</th><th>found</th><th>declared at</th><th>standing</th><th>written by</th></tr></thead>
            <tbody>
            \(findings.map(row).joined(separator: "\n"))
            </tbody>
            </table>
            </section>
            """
    }

    private static func row(_ finding: DriftFinding) -> String {
        let isField = !finding.isWhole
        let cells = [
            HTMLText.code(finding.label),
            isField ? HTMLText.code(DriftFinding.shown(finding.wanted)) : HTMLText.escaped(finding.difference),
            isField ? HTMLText.code(DriftFinding.shown(finding.found)) : "", HTMLText.code(finding.place?.description ?? ""),
            HTMLText.escaped(finding.standing), HTMLText.escaped(finding.blame),
        ]
        return "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
    }

    private var scanList: String {
        guard !scans.isEmpty else { return "" }
        return "<h2>Scans</h2>\n<ul>\n" + scans.map { "<li>\(HTMLText.escaped($0.sentence))</li>" }.joined(separator: "\n") + "\n</ul>"
    }
}

/// Text between tags and in quoted attributes (HTML Living Standard §13.1.2.3).
enum HTMLText {
    /// Nothing in it is markup, and nothing turns the text around it or hides.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.printable.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    static func code(_ text: String) -> String { text.isEmpty ? "" : "<code>\(escaped(text))</code>" }
}
