internal import Crypto
internal import Spec
internal import Store

/// One comparison, with what carrying it out needs beside the plan.
struct StateDifference {
    let desired: DesiredState
    let applied: AppliedState
    let walk: CommitWalk
    /// The lineage of every desired resource.
    let choices: [ResourceKey: LineageChoice]
    var plan: Plan
    /// Every row as it will be: what is desired, and what stays for want of pruning.
    private(set) var outcome: [StoredResource] = []

    /// Drifted rows, by uid, that are not written.
    var left: Set<String> = []

    /// The uids of those whose recorded places and authors a hand changed, so that nothing is taken over from them.
    var doubted: Set<String> = []

    /// What a rollback brings back beside the resources; nil for a commit.
    let restoration: Restoration?

    init(
        unit: String, desired: DesiredState, applied: AppliedState, walk: CommitWalk, restoring restoration: Restoration? = nil
    ) {
        self.desired = desired
        self.applied = applied
        self.walk = walk
        self.restoration = restoration
        choices =
            restoration?.choices
            ?? applied.lineages.choose(for: desired.resources.mapValues(\.metadata.previousNames))
        plan = Plan(
            unit: unit, base: applied.base, tip: desired.commit,
            isFastForward: applied.base == nil || walk.metBase,
            drift: applied.drift(), population: applied.population, warnings: desired.warnings)
        plan.rules = applied.rulesDigest
        let kept = Set(choices.values.map(\.uid))
        let gone = applied.applied.filter { !kept.contains($0.key) }
        plan.changes = changes(gone: gone)
        plan.retained = gone.map(\.value.key).filter { !isPruned($0.kind) }.sorted()
        outcome = rows
        plan.unitDigest = applied.rest.digest
        for row in outcome { plan.unitDigest.add(row.digest) }
        plan.stateDigest = plan.unitDigest
        for row in applied.others.rows.values { plan.stateDigest.add(StateDigest.row(row.key, row.canonical)) }
    }

    private var rows: [StoredResource] {
        let retained = Set(plan.retained)
        let kept = applied.applied.filter { retained.contains($0.value.key) }.map { uid, row in
            StoredResource(key: row.key, uid: uid, canonical: row.canonical, revision: 0, unit: plan.unit)
        }
        return kept
            + desired.resources.values.compactMap { resource in
                choices[resource.key].map { choice in
                    StoredResource(
                        key: resource.key, uid: choice.uid, canonical: resource.canonical, revision: 0, unit: plan.unit)
                }
            }
    }

    // MARK: Changes

    private func changes(gone: [String: PastResource]) -> [Change] {
        // Resources are sorted before their changes are made, which are many times as wide.
        let declared = desired.resources.values.filter(isChanged).sorted { $0.key < $1.key }.compactMap(change(to:))
        let deleted = deletions(of: gone.filter { isPruned($0.value.key.kind) })
        guard !deleted.isEmpty else { return declared }
        let all = (declared + deleted).sorted { ($0.key, $0.uid ?? "") < ($1.key, $1.uid ?? "") }
        return Lookalike.marked(all, before: applied.applied, after: desired.resources)
    }

    private func isChanged(_ resource: Resource) -> Bool {
        guard let before = choices[resource.key].flatMap({ applied.applied[$0.uid] }) else { return true }
        return before.key != resource.key || before.canonical != resource.canonical
    }

    private func change(to resource: Resource) -> Change? {
        guard let choice = choices[resource.key] else { return nil }
        let before = applied.applied[choice.uid]
        let origin = resource.place.flatMap { walk.origin(of: resource.key, in: $0.path) } ?? desired.commit
        var change = Change(
            key: resource.key, uid: choice.uid, action: .create, place: resource.place, origin: origin)
        guard let before else {
            if case .minted = choice { change.uid = nil }
            change.otherFields = FieldNode.leafCount(of: resource.canonical)
            return change
        }
        change.oldPlace = applied.provenance[choice.uid].map(\.documentPlace).flatMap { $0 == resource.place ? nil : $0 }
        let (fields, unchanged) = fieldChanges(to: resource, from: before, uid: choice.uid)
        change.action = before.key == resource.key ? .update(fields) : .rename(from: before.key, fields)
        change.otherFields = unchanged
        return change
    }

    private func fieldChanges(to resource: Resource, from before: PastResource, uid: String) -> ([FieldChange], Int) {
        if before.canonical == resource.canonical { return ([], FieldNode.leafCount(of: before.canonical)) }
        // A row that is gone drifted as a whole, which is no conflict of fields.
        let actual = applied.actual[uid]?.canonical ?? before.canonical
        let comparison = ThreeWay(base: before.canonical, desired: resource.canonical, actual: actual)
        let asked = comparison.differences.filter { $0.base != $0.desired }
        let provenance = applied.provenance[uid]
        return (
            asked.map { fieldChange($0, resource, provenance) },
            comparison.unchanged + comparison.differences.count - asked.count
        )
    }

    private func fieldChange(_ field: FieldComparison, _ resource: Resource, _ provenance: Provenance?) -> FieldChange {
        let isConflict = field.verdict == .conflict
        var change = FieldChange(
            pointer: field.pointer, path: field.path, old: field.base, new: field.desired,
            found: isConflict ? field.actual : nil, isConflict: isConflict)
        if field.desired != nil { change.place = place(of: field.pointer, in: resource) }
        if let pointer = field.basePointer, let old = provenance?.place(of: pointer), old != change.place {
            change.oldPlace = old
        }
        return change
    }

    private func place(of pointer: String, in resource: Resource) -> Place? {
        resource.spans.nearest(pointer) ?? resource.place
    }

    // MARK: Deletions

    /// Whether what is no longer declared goes, if need be after an approval.
    ///
    /// Rules of the repository always do, since those that stayed would stand beside the new ones.
    private func isPruned(_ kind: Kind) -> Bool { kind == .repository || desired.repository.prune(of: kind) != .off }

    private func deletions(of gone: [String: PastResource]) -> [Change] {
        guard !gone.isEmpty else { return [] }
        let folders = Set(desired.blobs.keys.flatMap(DeletionReason.folders(of:)))
        return gone.map { uid, before in
            let place = applied.provenance[uid]?.documentPlace
            var change = Change(
                key: before.key, uid: uid, action: .delete, place: place,
                origin: place.flatMap { walk.origin(of: before.key, in: $0.path) } ?? desired.commit)
            change.reason = DeletionReason(
                of: place?.path, isFile: place.map { desired.blobs[$0.path] != nil } ?? false, folders: folders)
            change.otherFields = FieldNode.leafCount(of: before.canonical)
            return change
        }
    }
}
