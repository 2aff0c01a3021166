package import Spec

/// Where a resource is written, and who last changed it.
package struct Provenance: Hashable, Sendable {
    package var path: String
    /// Git object id of the file.
    package var blob: String
    package var document: Position
    package var spans: Spans
    /// The commit that last changed the resource.
    package var commit: String
    /// `Name <mail>`
    package var author: String
    package var committedAt: Instant
    /// First line of the commit's message.
    package var summary: String

    package init(
        path: String, blob: String, document: Position, spans: Spans, commit: String, author: String,
        committedAt: Instant, summary: String
    ) {
        self.path = path
        self.blob = blob
        self.document = document
        self.spans = spans
        self.commit = commit
        self.author = author
        self.committedAt = committedAt
        self.summary = summary
    }
}
