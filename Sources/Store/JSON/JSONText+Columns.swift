internal import Spec

/// The little JSON that the tables hold beside canonical texts.
extension JSONText {
    static func column(_ members: [String: String]) -> String { column(members) { $1.string(storable($0)) } }

    static func column(_ members: [String: Int64]) -> String { column(members) { $1.integer($0) } }

    /// An object with its members in the order of their names.
    static func column<Value>(_ members: [String: Value], _ write: (Value, inout JSONText) -> Void) -> String {
        var text = JSONText()
        text.object { text in
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                text.name(storable(name))
                write(value, &text)
            }
        }
        return text.json
    }

    /// U+0000, which `jsonb` cannot hold, becomes U+FFFD.
    static func storable(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
