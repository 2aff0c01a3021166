package import Spec

/// The identity of a resource through renames and re-creation.
package struct Lineage: Hashable, Sendable {
    package var uid: String
    package var key: ResourceKey
    /// The revision that deleted it; nil while it is declared.
    package var closedRevision: Int64?

    package var isOpen: Bool { closedRevision == nil }

    package init(uid: String, key: ResourceKey, closedRevision: Int64?) {
        self.uid = uid
        self.key = key
        self.closedRevision = closedRevision
    }
}

/// How a declared resource comes to its uid.
package enum LineageChoice: Hashable, Sendable {
    /// It is declared already.
    case kept(uid: String)
    /// It carried this name before, and now takes the new one.
    case renamed(uid: String, from: ResourceKey)
    /// One of this name was deleted earlier.
    case reopened(uid: String)
    /// Nothing like it was ever declared.
    case minted(uid: String)

    package var uid: String {
        switch self {
        case .kept(let uid), .renamed(let uid, _), .reopened(let uid), .minted(let uid): uid
        }
    }
}
