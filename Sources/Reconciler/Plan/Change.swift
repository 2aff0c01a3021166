package import Spec

/// One resource that a commit changes.
package struct Change: Sendable {
    package var key: ResourceKey
    /// The lineage it belongs to; nil when one will be minted.
    package var uid: String?
    package var action: Action
    /// Where it is declared; for a deletion, where it was.
    package var place: Place?
    /// The newest commit on the line of first parents that touched its file.
    package var origin: Commit

    package enum Action: Sendable {
        case create
        case update([FieldChange])
        /// The resource keeps its uid, and so its usage.
        case rename(from: ResourceKey, [FieldChange])
        case delete
    }
}

/// One field of a change; values are JSON text, nil where absent.
package struct FieldChange: Hashable, Sendable {
    package var pointer: String
    package var old: String?
    package var new: String?
    package var place: Place?
    /// True when somebody also changed the field in the database, to another value still.
    package var isConflict: Bool
}

/// One resource that was changed in the database by another hand than the reconciler's.
package struct Drift: Sendable {
    /// `org/kind/name`, as it was applied, or as it is found where nobody applied it.
    package var resource: String
    package var uid: String
    package var finding: Finding
    /// Where the wanted state is declared; nil for a row that nobody declared.
    package var place: Place?

    package enum Finding: Sendable {
        case changed([FieldDrift])
        /// The row is gone.
        case missing
        /// The row is in no commit.
        case unexpected
    }
}

/// One field of a drifted resource; values are JSON text, nil where absent.
package struct FieldDrift: Hashable, Sendable {
    package var pointer: String
    package var wanted: String?
    package var found: String?
    package var place: Place?
}
