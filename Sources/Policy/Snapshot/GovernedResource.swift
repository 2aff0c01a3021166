package import Spec

/// A declared resource with what only the database or Git knows of it.
///
/// An object, so that tables of a hundred thousand move one word for each.
package final class GovernedResource: Sendable {
    package let uid: String
    package let resource: Resource
    package let provenance: ResourceProvenance

    package init(uid: String, resource: Resource, provenance: ResourceProvenance) {
        self.uid = uid
        self.resource = resource
        self.provenance = provenance
    }

    /// A resource straight from its file: no commit is known yet, and its key stands in for the uid.
    package init(unapplied resource: Resource) {
        self.uid = resource.key.description
        self.resource = resource
        self.provenance = ResourceProvenance(
            path: resource.place?.path ?? "",
            document: resource.place?.position ?? Position(line: 1, column: 1),
            spans: resource.spans)
    }
}

/// Where a resource was declared and who changed it last.
package struct ResourceProvenance: Sendable {
    package var path: String
    /// The first line of its document.
    package var document: Position
    package var spans: Spans
    /// Hexadecimal id, or empty where none is known.
    package var commit: String
    /// `Name <mail>`, or empty where none is known.
    package var author: String
    /// Fields that overrides have changed, by JSON pointer.
    package var overrides: [String: OverrideMark] = [:]

    package init(
        path: String, document: Position, spans: Spans, commit: String = "", author: String = ""
    ) {
        self.path = path
        self.document = document
        self.spans = spans
        self.commit = commit
        self.author = author
    }
}

/// Which state of the repository a snapshot is.
package struct RevisionIdentity: Hashable, Sendable {
    package var id: Int64
    package var commit: String
    package var stateDigest: String

    package init(id: Int64, commit: String, stateDigest: String) {
        self.id = id
        self.commit = commit
        self.stateDigest = stateDigest
    }
}
