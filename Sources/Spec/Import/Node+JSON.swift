/// What a tree of JSON holds, for readers that know what they look for.
extension Node {
    var members: [Entry] { if case .mapping(let entries) = content { entries } else { [] } }
    var number: ExactNumber? { scalar.flatMap { $0.isPlain ? ExactNumber($0.text) : nil } }
    var string: String? { scalar.flatMap { $0.isPlain ? nil : $0.text } }
    var flag: Bool? { scalar.flatMap { $0.isPlain ? ["true": true, "false": false][$0.text] : nil } }
    /// `null`.
    var isNothing: Bool { scalar?.isPlain == true && scalar?.text == "null" }

    func member(_ name: String) -> Node? { members.first { $0.key == name }?.value }

    private var scalar: Scalar? { if case .scalar(let scalar) = content { scalar } else { nil } }

    /// Every value below, and lists and objects that are empty, by their pointers.
    func leaves(at pointer: String) -> [(pointer: String, text: String, isNumber: Bool)] {
        switch content {
        case .scalar(let scalar): [(pointer, scalar.text, number != nil)]
        case .sequence(let items) where !items.isEmpty:
            items.enumerated().flatMap { $1.leaves(at: "\(pointer)/\($0)") }
        case .mapping(let entries) where !entries.isEmpty:
            entries.flatMap { $0.value.leaves(at: "\(pointer)/\(JSONPointer.escaped($0.key))") }
        case .sequence: [(pointer, "[]", false)]
        case .mapping: [(pointer, "{}", false)]
        case .broken: []
        }
    }
}
