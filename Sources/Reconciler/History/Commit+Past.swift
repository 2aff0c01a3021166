internal import Spec
package import Store

extension Commit {
    /// The commit that changed a resource last.
    init(_ provenance: Provenance) {
        self.init(
            id: ObjectID(hex: provenance.commit) ?? .zero, tree: .zero, firstParent: nil, author: provenance.author,
            committedAt: provenance.committedAt, summary: provenance.summary)
    }

    /// The commit that a revision brought, or the words of the person who brought back an earlier one.
    package init(_ revision: Revision) {
        self.init(
            id: ObjectID(hex: revision.commit) ?? .zero, tree: .zero, firstParent: nil, author: revision.author,
            committedAt: revision.committedAt, summary: revision.message)
    }
}
