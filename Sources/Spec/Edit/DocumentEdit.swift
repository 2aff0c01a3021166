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
        throw EditRefusal(.unproven, at: Place(path: file.path, position: Extent.start.position), "not edited")
    }
}
