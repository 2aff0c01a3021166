/// The help of one command, for a terminal of 80 columns and more.
package struct HelpText {
    package var usage: String
    package var summary: String
    package var details: String
    package var flags: [Flag]

    package init(usage: String, summary: String, details: String, flags: [Flag]) {
        self.usage = usage
        self.summary = summary
        self.details = details
        self.flags = flags
    }

    package var text: String {
        var lines = [summary, "", "usage: charter \(usage)"]
        if !details.isEmpty { lines += ["", details] }
        lines += ["", "flags:"]
        let rows = flags.map(Self.row) + [("-h, --help", "show this text")]
        let width = rows.map { $0.0.count }.max() ?? 0
        lines += rows.map { "  \($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1)" }
        return lines.joined(separator: "\n")
    }

    private static func row(_ flag: Flag) -> (String, String) {
        let left = (flag.letter.map { "-\($0), " } ?? "") + flag.long + (flag.value.map { " \($0)" } ?? "")
        var right = flag.help
        if let fallback = flag.fallback { right += " (default \(fallback))" }
        if let environment = flag.environment { right += " [\(environment)]" }
        return (left, right)
    }
}
