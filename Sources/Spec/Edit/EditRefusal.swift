/// Why a file is not edited, and where in it the reason stands.
package struct EditRefusal: Error, Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// The file cannot be read as YAML of the language: it has too many bytes, tabs, a merge key, a key twice.
        case invalidFile
        /// No document of the file has the kind and name.
        case documentMissing
        /// Two have, or the document that is to be added is there.
        case documentRepeated
        /// What is to be added is no document.
        case documentInvalid
        /// The field or the item that is to be removed, or that leads to it, is not there.
        case fieldMissing
        /// The pointer leads through a scalar, or is none.
        case pointerInvalid
        /// The value is repeated from elsewhere by an alias.
        case valueFromAlias
        /// Other places repeat the value by aliases.
        case valueRepeated
        /// A tag says what sort of value it is.
        case valueTagged
        /// A folded text would have to be wrapped anew.
        case textFolded
        /// The field stands in another file, such as a `_defaults.yaml` of a folder above: `related` names it.
        case suppliedElsewhere
        /// The place is written in a way that is not edited, such as a key after `? `.
        case layoutUnsupported
        /// The edited text would not read as it was meant; nothing of it is kept.
        case unproven
    }

    package var reason: Reason
    /// Of the file; its first character where nothing nearer is to blame.
    package var place: Place
    /// One sentence without a full stop.
    package var message: String
    /// Another place that belongs to it: the anchor's, or the field in another file.
    package var related: Place?

    package init(_ reason: Reason, at place: Place, _ message: String, related: Place? = nil) {
        self.reason = reason
        self.place = place
        self.message = message.printable.shortened(to: Self.messageCharactersMax)
        self.related = related
    }

    /// What a message quotes may be a whole file.
    private static let messageCharactersMax = 400
}

extension EditRefusal: CustomStringConvertible {
    package var description: String { "\(place): \(message)" + (related.map { " (\($0))" } ?? "") }
}
