/// Writes the little JSON that the tables hold beside canonical texts.
enum JSONText {
    /// A string literal. U+0000, which `jsonb` cannot hold, becomes U+FFFD.
    static func string(_ text: String) -> String {
        guard text.utf8.contains(where: needsEscape) else { return "\"" + text + "\"" }
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\0": out += "\u{FFFD}"
            case _ where scalar.value < 0x20: out += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < UInt8(ascii: " ") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// An object with its members in the order of their names.
    static func object(_ members: [String: String], value: (String) -> String = string) -> String {
        "{" + members.sorted { $0.key < $1.key }.map { string($0.key) + ":" + value($0.value) }.joined(separator: ",") + "}"
    }

    static func object(_ members: [String: Int64]) -> String {
        object(members.mapValues { String($0) }, value: { $0 })
    }
}
