/// Changes of fields of one document, by the smallest change of its file's bytes: comments, order and styles stay as they are.
///
/// A pure function of its arguments. The new bytes are read again before they are answered: they hold exactly the values meant, and
/// everything else as before.
package struct DocumentEdit: Hashable, Sendable {
    /// What becomes of a change of a field that a folder above gives.
    package enum Inheritance: Hashable, Sendable {
        /// It is refused, and the file that gives the field named: the same field of all its resources is another decision.
        case refuse
        /// It is written in the document, over what the folder gives; `null` clears it.
        case override
    }

    package var target: EditTarget
    /// One after the other.
    package var fields: [FieldEdit]
    package var inheritance: Inheritance

    package init(_ target: EditTarget, _ fields: [FieldEdit], inheritance: Inheritance = .refuse) {
        self.target = target
        self.fields = fields
        self.inheritance = inheritance
    }

    /// The bytes of the edited file; the same ones where nothing differs.
    ///
    /// `defaults` are those of the whole repository. Whether the result is valid by the language is for the caller to ask.
    package func applied(
        to file: SourceFile, under defaults: FolderDefaults = FolderDefaults(), limits: ReadingLimits = .standard
    ) throws(EditRefusal) -> [UInt8] {
        var file = file
        var editable = try EditableFile(file, limits: limits)
        for field in fields {
            let index = try editable.index(of: target)
            let document = editable.documents[index]
            guard let steps = PointerStep.steps(of: field.pointer) else {
                throw EditRefusal(
                    .pointerInvalid, at: editable.place(of: document), "`\(field.pointer)` is no JSON pointer to a field")
            }
            let inherited = InheritedFields(of: target, above: file.path, defaults)
            let change = try inherited.change(field.change, at: steps, of: document, in: file.path, inheritance)
            try make(change, at: steps, of: index, &file, &editable, limits)
            try inherited.check(field.change, at: steps, in: editable.documents[index], file.path)
        }
        return file.bytes
    }

    /// One change of one document, in as many rounds as it needs, then the proof that it is made.
    private func make(
        _ change: FieldEdit.Change, at steps: [PointerStep], of index: Int, _ file: inout SourceFile,
        _ editable: inout EditableFile, _ limits: ReadingLimits
    ) throws(EditRefusal) {
        let before = editable
        for _ in 0..<Self.roundsMax {
            let plan = try EditPlan(change, at: steps, of: index, in: editable)
            guard !plan.splices.isEmpty else { break }
            file.bytes = editable.spliced(plan.splices)
            do throws(EditRefusal) { editable = try EditableFile(file, limits: limits) } catch {
                throw Self.unproven(before, index, steps, "the edited file could not be read: \(error.message)")
            }
            guard plan.isUnfinished else { break }
        }
        guard Self.isMade(change, at: steps, of: index, before, editable) else {
            throw Self.unproven(before, index, steps, "the edited file would not say what is meant, so it is left as it is")
        }
    }

    /// Two for each list or mapping on the way down, which are never as deep.
    private static let roundsMax = 200

    private static func isMade(
        _ change: FieldEdit.Change, at steps: [PointerStep], of index: Int, _ before: EditableFile, _ after: EditableFile
    ) -> Bool {
        before.documents.count == after.documents.count
            && before.documents.indices.allSatisfy { other in
                let (old, new) = (before.documents[other], after.documents[other])
                return other == index
                    ? EditProof.holds(from: old, to: new, change, at: steps[...]) : EditProof.isSame(old, new)
            }
    }

    private static func unproven(
        _ file: EditableFile, _ index: Int, _ steps: [PointerStep], _ message: String
    ) -> EditRefusal {
        var nearest = file.documents[index]
        for step in steps {
            guard let inner = nearest.value(at: [step]) else { break }
            nearest = inner
        }
        return EditRefusal(.unproven, at: file.place(of: nearest), message)
    }
}
