internal import Crypto
internal import Spec
internal import Store

extension Plan {
    /// Compares base, desired and actual; says nothing about whether the outcome is wise.
    package static func diff(unit: String, desired: DesiredState, applied: AppliedState, walk: CommitWalk) -> Plan {
        StateDifference(unit: unit, desired: desired, applied: applied, walk: walk).plan
    }
}

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

    init(unit: String, desired: DesiredState, applied: AppliedState, walk: CommitWalk) {
        self.desired = desired
        self.applied = applied
        self.walk = walk
        choices = applied.lineages.choose(for: desired.resources.mapValues(\.metadata.previousNames))
        plan = Plan(
            unit: unit, base: applied.base, tip: desired.commit,
            isFastForward: applied.base == nil || walk.metBase,
            drift: applied.drift(), population: applied.population, warnings: desired.warnings)
        let kept = Set(choices.values.map(\.uid))
        let gone = applied.applied.filter { !kept.contains($0.key) }
        plan.changes = changes(gone: gone)
        if !desired.repository.prune { plan.retained = gone.map(\.value.key).sorted() }
        outcome = rows
        plan.stateDigest = applied.rest.digest
        for row in outcome { plan.stateDigest.add(row.digest) }
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
        let declared = desired.resources.values.compactMap(change(to:))
        let deleted = desired.repository.prune ? gone.map(deletion(of:_:)) : []
        return (declared + deleted).sorted { ($0.key, $0.uid ?? "") < ($1.key, $1.uid ?? "") }
    }

    private func change(to resource: Resource) -> Change? {
        let origin = resource.place.flatMap { walk.origin(of: resource.key, in: $0.path) } ?? desired.commit
        func change(_ uid: String?, _ action: Change.Action) -> Change {
            Change(key: resource.key, uid: uid, action: action, place: resource.place, origin: origin)
        }
        guard let choice = choices[resource.key] else { return nil }
        guard let before = applied.applied[choice.uid] else {
            if case .minted = choice { return change(nil, .create) }
            return change(choice.uid, .create)
        }
        if before.key == resource.key && before.canonical == resource.canonical { return nil }
        let fields = fieldChanges(to: resource, from: before, uid: choice.uid)
        return change(choice.uid, before.key == resource.key ? .update(fields) : .rename(from: before.key, fields))
    }

    private func fieldChanges(to resource: Resource, from before: PastResource, uid: String) -> [FieldChange] {
        if before.canonical == resource.canonical { return [] }
        // A row that is gone drifted as a whole, which is no conflict of fields.
        let actual = applied.actual[uid]?.canonical ?? before.canonical
        return ThreeWay.compare(base: before.canonical, desired: resource.canonical, actual: actual)
            .filter { $0.base != $0.desired }
            .map { field in
                FieldChange(
                    pointer: field.pointer, old: field.base, new: field.desired,
                    place: place(of: field.pointer, in: resource), isConflict: field.verdict == .conflict)
            }
    }

    private func place(of pointer: String, in resource: Resource) -> Place? {
        resource.spans.nearest(pointer) ?? resource.place
    }

    private func deletion(of uid: String, _ before: PastResource) -> Change {
        let place = applied.provenance[uid]?.documentPlace
        return Change(
            key: before.key, uid: uid, action: .delete, place: place,
            origin: place.flatMap { walk.origin(of: before.key, in: $0.path) } ?? desired.commit)
    }
}
