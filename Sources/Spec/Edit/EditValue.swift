/// What a field is set to.
package indirect enum EditValue: Hashable, Sendable {
    /// Text, in quotes where YAML would take it for something else.
    case text(String)
    /// What the language's own grammar reads, whatever YAML takes it for: `400 USD/month`, `80%`, `0.5`.
    case written(String)
    case integer(Int64)
    case boolean(Bool)
    case null
    case list([EditValue])
    /// In the order in which new ones are written; names are unique.
    case map([Member])

    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: EditValue

        package init(_ name: String, _ value: EditValue) {
            self.name = name
            self.value = value
        }
    }

    /// Of JSON: numbers that are no `Int64` keep their text.
    package init(json: String) throws(JSONProblem) { self.init(try JSONReader.parse(json)) }

    /// Of a tree as a reader gave it; what was broken in it is nothing.
    package init(_ node: Node) {
        switch node.content {
        case .scalar(let scalar): self.init(scalar)
        case .sequence(let items): self = .list(items.map { EditValue($0) })
        case .mapping(let entries): self = .map(entries.map { Member($0.key, EditValue($0.value)) })
        case .broken: self = .null
        }
    }

    private init(_ scalar: Scalar) {
        switch scalar.type {
        case .null: self = .null
        case .boolean: self = .boolean(scalar.text.lowercased() == "true")
        case .integer: self = Int64(scalar.text).map(EditValue.integer) ?? .written(scalar.text)
        case .float: self = .written(scalar.text)
        case .string: self = .text(scalar.text)
        }
    }
}
