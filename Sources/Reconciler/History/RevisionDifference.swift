internal import Spec
package import Store

/// What differs between the applied state at two revisions.
package struct RevisionDifference: Sendable {
    package var from: Revision
    package var to: Revision
    package var changes: [Change]

    package var tally: Tally { Tally(of: changes, drifted: 0) }

    /// From one revision to another, which may be the earlier one; costs what was changed between them.
    package init(
        _ transaction: Transaction, from: Revision, to: Revision, _ query: ResourceQuery = ResourceQuery()
    ) throws {
        self.from = from
        self.to = to
        ProgressBoard.begin(.looking)
        let touched = try History.touched(transaction, after: min(from.id, to.id), through: max(from.id, to.id))
        let (before, after) = try PastState.differing(transaction, from: from, to: to, of: touched)
        changes = Self.changes(from: before, to: after).filter { change in
            query.matches(change.key) || change.former.map(query.matches) ?? false
        }
    }

    /// What one revision changed.
    package init(_ transaction: Transaction, of revision: Revision) throws {
        to = revision
        let touched = try History.touched(transaction, after: revision.id - 1, through: revision.id)
        let after = try PastState(transaction, at: revision, of: touched)
        let parent = try revision.parent.flatMap { try Revisions.one(transaction, $0) }
        from = parent ?? revision
        let before = try parent.map { try PastState(transaction, at: $0, of: touched) } ?? PastState(nothingBefore: revision)
        changes = Self.changes(from: before, to: after)
    }

    private static func changes(from before: PastState, to after: PastState) -> [Change] {
        Set(before.resources.keys).union(after.resources.keys).compactMap { uid in
            Change(
                uid: uid, from: before.resources[uid], before.provenance[uid], to: after.resources[uid],
                after.provenance[uid], by: Commit(after.revision))
        }.sorted { ($0.key, $0.uid ?? "") < ($1.key, $1.uid ?? "") }
    }
}

extension Change {
    /// What became of one resource; nil when nothing did. `commit` answers where the resource itself does not tell.
    init?(
        uid: String, from old: PastResource?, _ oldProvenance: Provenance?, to new: PastResource?,
        _ newProvenance: Provenance?, by commit: Commit
    ) {
        guard old != new, let key = new?.key ?? old?.key else { return nil }
        self.init(
            key: key, uid: uid, action: .delete, place: (new == nil ? oldProvenance : newProvenance)?.documentPlace,
            origin: new == nil ? commit : newProvenance.map { Commit($0) } ?? commit)
        guard let new else {
            otherFields = old.map { FieldNode.leafCount(of: $0.canonical) } ?? 0
            return
        }
        guard let old else {
            action = .create
            otherFields = FieldNode.leafCount(of: new.canonical)
            return
        }
        if let place = oldProvenance?.documentPlace, place != self.place { oldPlace = place }
        let comparison = ThreeWay(base: old.canonical, desired: new.canonical, actual: old.canonical)
        // Read once for all fields, since places are read when they are asked for.
        let newPlaces = newProvenance.map(FieldPlaces.init)
        let isUnmoved = oldProvenance.flatMap { old in newProvenance?.isWrittenAlike(old) } ?? false
        let oldPlaces = isUnmoved ? newPlaces : oldProvenance.map(FieldPlaces.init)
        let fields = comparison.differences.map { FieldChange($0, oldPlaces, newPlaces) }
        action = old.key == new.key ? .update(fields) : .rename(from: old.key, fields)
        otherFields = fields.isEmpty ? FieldNode.leafCount(of: new.canonical) : comparison.unchanged
    }

    /// The name it had, where that is another.
    var former: ResourceKey? { if case .rename(let from, _) = action { from } else { nil } }
}

/// Where each field of one resource stands.
struct FieldPlaces {
    private let spans: Spans
    private let document: Place

    init(_ provenance: Provenance) { (spans, document) = (provenance.spans, provenance.documentPlace) }

    subscript(pointer: String) -> Place { spans.nearest(pointer) ?? document }
}

extension FieldChange {
    init(_ field: FieldComparison, _ oldPlaces: FieldPlaces?, _ newPlaces: FieldPlaces?) {
        self.init(pointer: field.pointer, path: field.path, old: field.base, new: field.desired, isConflict: false)
        if field.desired != nil { place = newPlaces?[field.pointer] }
        if let pointer = field.basePointer, let old = oldPlaces?[pointer], old != place { oldPlace = old }
    }
}
