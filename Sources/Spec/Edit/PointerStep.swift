/// One step of a `FieldEdit`'s pointer.
struct PointerStep: Hashable {
    let name: String

    /// What a step means in a list.
    enum Item: Equatable {
        case at(Int)
        /// One more behind the last.
        case behindLast
        case missing
    }

    /// Nil for a pointer that is none, or the whole document.
    static func steps(of pointer: String) -> [PointerStep]? {
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        return JSONPointer.names(pointer).map(PointerStep.init)
    }

    /// Whether it can only be a step into a list that is not there yet.
    var beginsList: Bool { name == "-" || name == "0" }

    func item(of items: [Node]) -> Item {
        if name == "-" { return .behindLast }
        if let number = number {
            if items.indices.contains(number) { return .at(number) }
            if number == items.count { return .behindLast }
        }
        if let index = ItemName.names(of: items)?.firstIndex(of: name) { return .at(index) }
        guard let equals = name.utf8.firstIndex(of: UInt8(ascii: "=")) else { return .missing }
        let names = ItemName.names(of: items, by: String(name[..<equals]))
        let wanted = name[name.utf8.index(after: equals)...]
        return names?.firstIndex { $0 == wanted }.map(Item.at) ?? .missing
    }

    /// As RFC 6901 writes the number of an item: no sign, no zero before it.
    private var number: Int? {
        guard name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return name.utf8.count > 1 && name.utf8.first == UInt8(ascii: "0") ? nil : Int(name)
    }
}

extension Node {
    /// The value that the steps lead to; nil where there is none.
    func value(at steps: ArraySlice<PointerStep>) -> Node? {
        guard let step = steps.first else { return self }
        let inner: Node? =
            switch content {
            case .mapping(let entries): entries.first { $0.key == step.name }?.value
            case .sequence(let items): if case .at(let index) = step.item(of: items) { items[index] } else { nil }
            case .scalar, .broken: nil
            }
        return inner?.value(at: steps.dropFirst())
    }

    /// Whether it says the value, in whatever style; the fields of mappings in any order.
    func says(_ value: EditValue) -> Bool {
        switch (content, value) {
        case (.scalar(let scalar), .text(let text)): scalar.type == .string && scalar.text.utf8.elementsEqual(text.utf8)
        case (.scalar(let scalar), .written(let text)): scalar.text.utf8.elementsEqual(text.utf8)
        case (.scalar(let scalar), .integer(let number)): scalar.type == .integer && scalar.text == String(number)
        case (.scalar(let scalar), .boolean(let flag)): scalar.type == .boolean && scalar.text.lowercased() == "\(flag)"
        case (.scalar(let scalar), .null): scalar.type == .null
        case (.sequence(let items), .list(let values)): items.count == values.count && zip(items, values).allSatisfy { $0.says($1) }
        case (.mapping(let entries), .map(let members)): Self.say(entries, members)
        default: false
        }
    }

    private static func say(_ entries: [Entry], _ members: [EditValue.Member]) -> Bool {
        let values = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
        return entries.count == members.count
            && entries.allSatisfy { entry in values[entry.key].map { entry.value.says($0) } ?? false }
    }
}
