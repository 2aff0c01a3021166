internal import Spec
internal import Store

/// The declared state on both sides of a plan, as far as one asks; a value that reads nothing.
///
/// What a plan does not change is taken from what is desired, so this also holds where `applied` has only what a commit concerns.
struct StateSides {
    let plan: Plan
    let desired: DesiredState
    let applied: AppliedState

    /// Of these kinds, as applied last.
    func before(_ kinds: Set<Kind>) throws -> [Resource] { try ownBefore(kinds) + others(kinds) }

    /// The same of the unit alone.
    func ownBefore(_ kinds: Set<Kind>) throws -> [Resource] {
        let changed = Set(plan.changes.map(\.key))
        let same = desired.resources.values.filter { kinds.contains($0.key.kind) && !changed.contains($0.key) }
        return try same + rows(changedRows, kinds) + retained(kinds)
    }

    /// Of these kinds, as they would be.
    func after(_ kinds: Set<Kind>) throws -> [Resource] {
        try desired.resources.values.filter { kinds.contains($0.key.kind) } + retained(kinds) + others(kinds)
    }

    /// The rows that a change concerns, by uid.
    var changedRows: [String: PastResource] {
        var rows: [String: PastResource] = [:]
        for change in plan.changes {
            if let uid = change.uid, let row = applied.applied[uid] { rows[uid] = row }
        }
        return rows
    }

    /// The resource that a change deletes or changes, as applied last.
    func before(_ change: Change) throws -> Resource? {
        try change.uid.flatMap { applied.applied[$0] }.map { row in try row.readable }
    }

    private func retained(_ kinds: Set<Kind>) throws -> [Resource] {
        guard !plan.retained.isEmpty else { return [] }
        let keys = Set(plan.retained)
        return try rows(applied.applied.filter { keys.contains($0.value.key) }, kinds)
    }

    private func others(_ kinds: Set<Kind>) throws -> [Resource] { try rows(applied.others.rows, kinds) }

    private func rows(_ rows: [String: PastResource], _ kinds: Set<Kind>) throws -> [Resource] {
        try rows.values.filter { kinds.contains($0.key.kind) }.map { row in try row.readable }
    }
}
