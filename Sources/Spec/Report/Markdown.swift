/// Text that Markdown shows as it is.
package enum Markdown {
    /// Findings quote what strangers wrote, which must not become a link, a picture or a cell.
    package static func plain(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n", "\r": " "
            case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "!", "~", "&", "@", "$": "\\\(scalar)"
            default: String(scalar)
            }
        }.joined()
    }

    /// A block of code of the language, fenced so that nothing in it ends it.
    package static func block(_ lines: [String], language: String) -> String {
        var longest = 2
        for line in lines {
            var run = 0
            for byte in line.utf8 {
                run = byte == UInt8(ascii: "`") ? run + 1 : 0
                longest = max(longest, run)
            }
        }
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence)\(language)\n\(lines.joined(separator: "\n"))\n\(fence)\n"
    }
}
