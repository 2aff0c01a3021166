internal import Spec
internal import Store

/// A JSON merge patch (RFC 7396) of a declaration; a value.
struct MergePatch {
    private let entries: [Node.Entry]

    /// Throws what is wrong with the text.
    init(_ body: [UInt8]) throws(Problem) { entries = try DeclarationBody(body).entries }

    /// The whole declaration as it would be.
    func applied(to declared: Node) -> JSONTree { Self.merged(declared, entries) }

    /// What is to be done to the document; empty where the patch says nothing of it.
    func operations(on declared: Node) -> [ChangePatch.FieldOperation] {
        // A document has under metadata what the canonical form has beside the spec.
        entries.flatMap { entry in Self.operations([entry], declared.entries, at: entry.key == "spec" ? "" : "/metadata") }
    }

    private static func operations(_ entries: [Node.Entry], _ target: [Node.Entry], at pointer: String) -> [ChangePatch.FieldOperation] {
        entries.flatMap { entry -> [ChangePatch.FieldOperation] in
            let (inner, old) = (pointer + "/" + JSONPointer.escaped(entry.key), target.first { $0.key == entry.key }?.value)
            if entry.value.isNull { return old == nil ? [] : [.init(pointer: inner, value: nil)] }
            if case .mapping(let fields) = entry.value.content, let old, case .mapping(let oldFields) = old.content {
                return operations(fields, oldFields, at: inner)
            }
            return [.init(pointer: inner, value: merged(nil, entry.value).text)]
        }
    }

    /// Whether it sets an object whole where there is none, or removes what is not there: done to a branch that has it meanwhile, that would
    /// undo what others say, or leave what was to go.
    func restsOnAbsence(in declared: Node) -> Bool { Self.restsOnAbsence(entries, declared.entries) }

    private static func restsOnAbsence(_ patch: [Node.Entry], _ target: [Node.Entry]) -> Bool {
        patch.contains { entry in
            let old = target.first { $0.key == entry.key }?.value
            if entry.value.isNull { return old == nil }
            guard case .mapping(let fields) = entry.value.content else { return false }
            guard let old, case .mapping(let oldFields) = old.content else { return true }
            return restsOnAbsence(fields, oldFields)
        }
    }

    private static func merged(_ target: Node?, _ patch: Node) -> JSONTree {
        guard case .mapping(let entries) = patch.content else { return JSONTree(patch) }
        return merged(target, entries)
    }

    private static func merged(_ target: Node?, _ patch: [Node.Entry]) -> JSONTree {
        let old = target?.entries ?? []
        let named = Dictionary(patch.map { ($0.key, $0.value) }) { first, _ in first }
        let kept = old.compactMap { entry -> (String, JSONTree)? in
            guard let value = named[entry.key] else { return (entry.key, JSONTree(entry.value)) }
            return value.isNull ? nil : (entry.key, merged(entry.value, value))
        }
        let more = patch.filter { entry in !entry.value.isNull && !old.contains { $0.key == entry.key } }
        return .object(kept + more.map { ($0.key, merged(nil, $0.value)) })
    }
}

extension Node {
    /// Of an object; none of anything else.
    var entries: [Entry] { if case .mapping(let entries) = content { entries } else { [] } }

    fileprivate var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.isPlain && scalar.text == "null" } else { false }
    }
}

extension JSONTree {
    /// A value as it was read from JSON.
    init(_ node: Node) {
        switch node.content {
        case .scalar(let scalar): self = scalar.isPlain ? .raw(scalar.text) : .string(scalar.text)
        case .sequence(let items): self = .array(items.map(JSONTree.init))
        case .mapping(let entries): self = .object(entries.map { ($0.key, JSONTree($0.value)) })
        case .broken: self = .null
        }
    }
}
