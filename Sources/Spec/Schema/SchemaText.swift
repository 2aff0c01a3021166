/// A piece of a schema: JSON whose members keep the order in which they were given.
package indirect enum SchemaText: Sendable, Equatable {
    case string(String)
    /// A number as it is written.
    case number(String)
    case boolean(Bool)
    case null
    case array([SchemaText])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: SchemaText

        init(_ name: String, _ value: SchemaText) {
            self.name = name
            self.value = value
        }
    }

    /// Indented by two spaces, lists of scalars on one line.
    package var text: String {
        var text = ""
        write(to: &text, indent: "")
        return text
    }

    private func write(to text: inout String, indent: String) {
        switch self {
        case .string(let string): text += SchemaText.quoted(string)
        case .number(let number): text += number
        case .boolean(let value): text += value ? "true" : "false"
        case .null: text += "null"
        case .array(let items) where items.allSatisfy(\.isScalar):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += ", " }
                item.write(to: &text, indent: indent)
            }
            text += "]"
        case .array(let items):
            let inner = indent + "  "
            text += "["
            for (index, item) in items.enumerated() {
                text += (index > 0 ? "," : "") + "\n" + inner
                item.write(to: &text, indent: inner)
            }
            text += "\n\(indent)]"
        case .object(let members) where members.isEmpty: text += "{}"
        case .object(let members):
            let inner = indent + "  "
            text += "{"
            for (index, member) in members.enumerated() {
                text += (index > 0 ? "," : "") + "\n" + inner + SchemaText.quoted(member.name) + ": "
                member.value.write(to: &text, indent: inner)
            }
            text += "\n\(indent)}"
        }
    }

    private var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private static func quoted(_ string: String) -> String {
        var text = JSONText(.printable, capacity: string.utf8.count + 2)
        text.string(string)
        return text.json
    }
}

extension SchemaText {
    /// Members of an object; none of anything else.
    var members: [Member] {
        get { if case .object(let members) = self { members } else { [] } }
        set { self = .object(newValue) }
    }

    subscript(_ name: String) -> SchemaText? {
        get { members.first { $0.name == name }?.value }
        set {
            var members = members
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
            self.members = members
        }
    }

    static func strings(_ strings: [String]) -> SchemaText { .array(strings.map(SchemaText.string)) }

    static func integer(_ value: Int) -> SchemaText { .number(String(value)) }

    /// What a YAML reader of the core schema makes of a value.
    init(_ node: Node) {
        switch node.content {
        case .broken: self = .null
        case .sequence(let items): self = .array(items.map(SchemaText.init))
        case .mapping(let entries): self = .object(entries.map { Member($0.key, SchemaText($0.value)) })
        case .scalar(let scalar):
            switch scalar.type {
            case .null: self = .null
            case .boolean: self = .boolean(scalar.text.lowercased() == "true")
            case .integer, .float: self = .number(scalar.text)
            case .string: self = .string(scalar.text)
            }
        }
    }
}
