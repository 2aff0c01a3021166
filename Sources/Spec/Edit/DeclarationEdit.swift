/// The change of a document that declares one thing so that it declares another: every field that differs, and lists as wholes.
///
/// A pure function of its arguments. Comments, order and styles of what does not differ stay as they are.
package struct DeclarationEdit: Hashable, Sendable {
    private let target: EditTarget
    private let present: EditValue
    private let wanted: EditValue

    /// Of two canonical texts of the resource; throws for one that is no JSON.
    package init(of key: ResourceKey, from present: String, to wanted: String) throws(JSONProblem) {
        target = EditTarget(key)
        self.present = try EditValue(json: present)
        self.wanted = try EditValue(json: wanted)
    }

    /// The bytes of the edited file, over what its folders give; the same ones where nothing differs.
    ///
    /// Whether the document then reads as the canonical text that is wanted is for the caller to ask.
    package func applied(to file: SourceFile, under defaults: FolderDefaults) throws(EditRefusal) -> [UInt8] {
        do throws(EditRefusal) {
            return try DocumentEdit(target, fields(depth: .max), inheritance: .override).applied(to: file, under: defaults)
        } catch where [.pointerInvalid, .fieldMissing].contains(error.reason) {
            // A short form has no field inside: `prices: …` may be a list or one of its items.
            return try DocumentEdit(target, fields(depth: 1), inheritance: .override).applied(to: file, under: defaults)
        }
    }

    /// Fields that lie deeper than `depth` in `metadata` and `spec` are part of the one around them.
    func fields(depth: Int) -> [FieldEdit] {
        var fields: [FieldEdit] = []
        let (old, new) = (present.members, wanted.members)
        Self.compare(old.filter { $0.name != "spec" }, new.filter { $0.name != "spec" }, at: "/metadata", depth: depth, into: &fields)
        Self.compare(old.members(of: "spec"), new.members(of: "spec"), at: "/spec", depth: depth, into: &fields)
        return fields
    }

    /// What goes stands before what comes, so that neither is taken for the other.
    private static func compare(
        _ old: [EditValue.Member], _ new: [EditValue.Member], at pointer: String, depth: Int, into fields: inout [FieldEdit]
    ) {
        let (oldValues, newNames) = (old.byName, Set(new.map(\.name)))
        func step(_ name: String) -> String { pointer + "/" + JSONPointer.escaped(name) }
        for member in old where !newNames.contains(member.name) { fields.append(FieldEdit(step(member.name), .remove)) }
        for member in new where oldValues[member.name] != member.value {
            if depth > 1, case .map(let inner) = member.value, case .map(let before)? = oldValues[member.name] {
                compare(before, inner, at: step(member.name), depth: depth - 1, into: &fields)
            } else {
                fields.append(FieldEdit(step(member.name), .set(member.value)))
            }
        }
    }
}

extension EditValue {
    fileprivate var members: [Member] { if case .map(let members) = self { members } else { [] } }
}

extension [EditValue.Member] {
    fileprivate var byName: [String: EditValue] { Dictionary(map { ($0.name, $0.value) }) { first, _ in first } }

    fileprivate func members(of name: String) -> [EditValue.Member] { byName[name]?.members ?? [] }
}
