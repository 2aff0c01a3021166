package import Spec

/// Where a resource is written, and who last changed it.
package struct Provenance: Sendable {
    package var path: String
    /// Git object id of the file.
    package var blob: String
    package var document: Position
    /// The places of its fields as they are at hand.
    let written: WrittenSpans
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
        self.init(
            path: path, blob: blob, document: document, written: .value(spans), commit: commit, author: author,
            committedAt: committedAt, summary: summary)
    }

    init(
        path: String, blob: String, document: Position, written: WrittenSpans, commit: String, author: String,
        committedAt: Instant, summary: String
    ) {
        self.path = path
        self.blob = blob
        self.document = document
        self.written = written
        self.commit = commit
        self.author = author
        self.committedAt = committedAt
        self.summary = summary
    }

    /// Of one that came from the database read anew each time.
    package var spans: Spans { written.value }

    /// Whether its fields stand where the other's do; false as well where that cannot be seen without reading both.
    package func isWrittenAlike(_ other: Provenance) -> Bool {
        guard case .column(let text, let path) = written, case .column(let otherText, let otherPath) = other.written else { return false }
        return path == otherPath && text == otherText && document == other.document
    }
}

extension Provenance: Equatable {
    package static func == (a: Provenance, b: Provenance) -> Bool {
        (a.path, a.blob, a.document.line, a.document.column) == (b.path, b.blob, b.document.line, b.document.column)
            && (a.commit, a.author, a.committedAt, a.summary) == (b.commit, b.author, b.committedAt, b.summary)
            && a.hasSamePlaces(as: b)
    }

    /// One document of one blob has its own fields in one place each; only those that it inherits may have moved.
    private func hasSamePlaces(as other: Provenance) -> Bool {
        !written.mayInherit && !other.written.mayInherit || spans == other.spans
    }
}
