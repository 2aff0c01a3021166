@testable import Spec

/// What a document says, as a plain tree: the reference that edits of bytes are held against.
indirect enum EditModel: Equatable {
    /// The type is nil where any will do.
    case scalar(String, Scalar.ScalarType?)
    case list([EditModel])
    case map([String: EditModel])

    init(_ node: Node) {
        switch node.content {
        case .scalar(let scalar): self = .scalar(scalar.type == .null ? "null" : scalar.text, scalar.type)
        case .sequence(let items): self = .list(items.map { EditModel($0) })
        case .mapping(let entries):
            self = .map(Dictionary(entries.map { ($0.key, EditModel($0.value)) }) { first, _ in first })
        case .broken: self = .scalar("broken", nil)
        }
    }

    init(_ value: EditValue) {
        switch value {
        case .text(let text): self = .scalar(text, .string)
        case .written(let text): self = .scalar(text, nil)
        case .integer(let number): self = .scalar(String(number), .integer)
        case .boolean(let flag): self = .scalar(String(flag), .boolean)
        case .null: self = .scalar("null", .null)
        case .list(let items): self = .list(items.map { EditModel($0) })
        case .map(let members):
            self = .map(Dictionary(members.map { ($0.name, EditModel($0.value)) }) { first, _ in first })
        }
    }

    /// The same after a change at the end of names and numbers.
    func changed(_ change: FieldEdit.Change, at path: ArraySlice<String>) -> EditModel {
        guard let step = path.first else {
            if case .set(let value) = change { return EditModel(value) }
            return self
        }
        let rest = path.dropFirst()
        let isRemoval = rest.isEmpty && change == .remove
        switch self {
        case .map(var members):
            members[step] = isRemoval ? nil : (members[step] ?? .map([:])).changed(change, at: rest)
            return .map(members)
        case .list(var items):
            let index = Int(step) ?? items.count
            if isRemoval { items.remove(at: index) } else if index < items.count { items[index] = items[index].changed(change, at: rest) } else {
                items.append(EditModel.map([:]).changed(change, at: rest))
            }
            return .list(items)
        case .scalar: return EditModel.map([:]).changed(change, at: path)
        }
    }

    static func == (a: EditModel, b: EditModel) -> Bool {
        switch (a, b) {
        case (.scalar(let first, let one), .scalar(let second, let other)):
            let isSameText = first.utf8.elementsEqual(second.utf8) || one == .boolean && first.lowercased() == second.lowercased()
            let isEmptyWritten = one == .null && other == nil && ["", "~", "null"].contains(second)
            return isEmptyWritten || isSameText && (one == nil || other == nil || one == other)
        case (.list(let first), .list(let second)): return first == second
        case (.map(let first), .map(let second)): return first == second
        default: return false
        }
    }
}
