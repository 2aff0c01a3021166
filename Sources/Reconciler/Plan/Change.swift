package import Spec
package import Store

/// One resource that a commit changes.
package struct Change: Sendable {
    package var key: ResourceKey
    /// The lineage it belongs to; nil when one will be minted.
    package var uid: String?
    package var action: Action
    /// Where it is declared; for a deletion, where it was.
    package var place: Place?
    /// Where it was declared when it was applied, unless that is the same place.
    package var oldPlace: Place?
    /// The newest commit on the line of first parents that touched its file.
    package var origin: Commit
    /// Of a deletion: what became of its declaration.
    package var reason: DeletionReason?
    /// The one deleted beside a creation, or created beside a deletion, that looks like this one under another name.
    package var lookalike: ResourceKey?
    /// How many fields it has that stay as they are; of a creation or deletion, how many come or go with it.
    package var otherFields = 0

    package enum Action: Sendable {
        case create
        case update([FieldChange])
        /// The resource keeps its uid, and so its usage.
        case rename(from: ResourceKey, [FieldChange])
        case delete
    }

    package var fields: [FieldChange] {
        switch action {
        case .create, .delete: []
        case .update(let fields), .rename(_, let fields): fields
        }
    }
}

/// Why a resource is no longer declared.
package enum DeletionReason: Hashable, Sendable {
    /// No file stands below this folder any more.
    case folderRemoved(String)
    case fileRemoved(String)
    /// The file still stands, without this document in it.
    case documentRemoved(String)
    /// A rollback to a revision that did not have it.
    case rolledBack(to: Int64)
    /// It is not known where it was declared.
    case undeclared
}

/// One field of a change; values are JSON text, nil where absent.
package struct FieldChange: Hashable, Sendable {
    /// JSON pointer into the new text, or into the old one for what is removed.
    package var pointer: String
    /// The same with items of lists called by their names, as `spec.targets[openai/gpt-4o].weight`.
    package var path: String
    package var old: String?
    package var new: String?
    /// What the database holds, where that is a conflict.
    package var found: String?
    package var place: Place?
    /// Where it stood when it was applied, unless that is the same place.
    package var oldPlace: Place?
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
        /// What Charter keeps beside the row, with its checksums.
        case record(DriftFinding.Aspect, [FieldDrift])
    }
}

/// One field of a drifted resource; values are JSON text, nil where absent.
package struct FieldDrift: Hashable, Sendable {
    package var pointer: String
    package var path: String
    package var wanted: String?
    package var found: String?
    package var place: Place?
}

extension FieldDrift {
    /// Of a column beside the canonical text.
    init(column pointer: String, wanted: String?, found: String?, place: Place?) {
        self.init(
            pointer: pointer, path: FieldPointer.readable(pointer), wanted: wanted, found: found, place: place)
    }
}
