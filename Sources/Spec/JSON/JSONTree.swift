/// JSON to be printed, with members in the order they were given.
package indirect enum JSONTree: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    case array([JSONTree])
    case object([(String, JSONTree)])
    /// Text that is JSON already.
    case raw(String)

    package static func optional(_ text: String?) -> JSONTree { text.map(JSONTree.string) ?? .null }
    package static func optionalRaw(_ text: String?) -> JSONTree { text.map(JSONTree.raw) ?? .null }

    /// Compact text on one line.
    package var text: String {
        var text = JSONText(.printable)
        write(to: &text)
        return text.json
    }

    private func write(to text: inout JSONText) {
        switch self {
        case .null: text.null()
        case .bool(let value): text.boolean(value)
        case .int(let value): text.integer(value)
        case .string(let value): text.string(value)
        case .raw(let value): text.raw(value)
        case .array(let items): text.array { text in for item in items { item.write(to: &text) } }
        case .object(let members):
            text.object { text in
                for (name, value) in members {
                    text.name(name)
                    value.write(to: &text)
                }
            }
        }
    }
}
