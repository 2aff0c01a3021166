/// One change of one field of a document, by the JSON pointer of the document as it is written (RFC 6901).
///
/// `/spec/budget/hard`, `/metadata/labels/tier`. A step into a list is the number of an item, `-` for one more behind the last, or
/// what names the item: its own text in a list of scalars (`/spec/scopes/chat`), else its field of `ItemName` (`/spec/targets/openai~1gpt-4o`,
/// or `/spec/targets/model=openai~1gpt-4o` where the number of an item could be meant).
package struct FieldEdit: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        /// What is there is changed only where it differs; mappings on the way that are not there are made.
        case set(EditValue)
        /// A mapping or list that loses its last entry stays, as `{}` or `[]`.
        case remove
    }

    package var pointer: String
    package var change: Change

    package init(_ pointer: String, _ change: Change) {
        self.pointer = pointer
        self.change = change
    }
}
