/// A value of the canonical form: keys sorted, no spaces, the fewest escapes.
enum CanonicalJSON: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case list([CanonicalJSON])
    /// Fields in any order; the writer sorts them by their UTF-8 bytes.
    case object([Field])

    struct Field: Hashable, Sendable {
        var name: String
        var value: CanonicalJSON

        init(_ name: String, _ value: CanonicalJSON) {
            self.name = name
            self.value = value
        }
    }

    var text: String {
        var text = JSONText(capacity: isScalar ? 64 : 1024)
        write(to: &text)
        return text.json
    }

    private var isScalar: Bool {
        switch self {
        case .string, .integer, .boolean: true
        case .list, .object: false
        }
    }

    private func write(to text: inout JSONText) {
        switch self {
        case .string(let string): text.string(string)
        case .integer(let value): text.integer(value)
        case .boolean(let value): text.boolean(value)
        case .list(let items): text.array { text in for item in items { item.write(to: &text) } }
        case .object(let fields):
            text.object { text in
                for field in fields.sorted(by: { $0.name.precedesInBytes($1.name) }) {
                    text.name(field.name)
                    field.value.write(to: &text)
                }
            }
        }
    }
}
