internal import Spec

extension Commit {
    /// Stands for files that nobody committed, as in `git blame`.
    static func uncommitted(in folder: String) -> Commit {
        Commit(
            id: .zero, tree: .zero, firstParent: nil, author: "", committedAt: Instant(milliseconds: 0),
            summary: "the files in \(folder)")
    }

    package var isCommitted: Bool { id != .zero }

    /// With its subject and author.
    package var title: String {
        isCommitted ? "\(id.short) \"\(summary.printable)\" by \(author.printable)" : summary.printable
    }

    var shortTitle: String { isCommitted ? id.short : summary.printable }

    /// Who changed something, and in which commit.
    var byline: String { isCommitted ? "\(id.short) \(author.printable)" : "not committed yet" }
}
