/// JSON to be printed, with members in the order they were given.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])
    /// Text that is JSON already.
    case raw(String)

    package static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    package static func optionalRaw(_ text: String?) -> JSONValue { text.map(JSONValue.raw) ?? .null }

    /// Compact text on one line.
    package var text: String {
        var output = ""
        write(to: &output)
        return output
    }

    private func write(to output: inout String) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .int(let value): output += String(value)
        case .string(let value): Self.write(value, to: &output)
        case .raw(let value): output += value
        case .array(let items): Self.write(items, between: ("[", "]"), to: &output) { $0.write(to: &$1) }
        case .object(let members):
            Self.write(members, between: ("{", "}"), to: &output) { member, output in
                Self.write(member.0, to: &output)
                output += ":"
                member.1.write(to: &output)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between ends: (String, String), to output: inout String, _ write: (Item, inout String) -> Void
    ) {
        output += ends.0
        for (index, item) in items.enumerated() {
            if index > 0 { output += "," }
            write(item, &output)
        }
        output += ends.1
    }

    private static func write(_ string: String, to output: inout String) {
        output += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{0}"..."\u{1f}", "\u{7f}", "\u{2028}", "\u{2029}": output += escape(scalar)
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
