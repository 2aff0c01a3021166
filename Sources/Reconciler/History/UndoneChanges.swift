internal import Spec
internal import Store

/// What rollbacks undid, to tell whether a commit would bring it again.
struct UndoneChanges {
    /// What each resource was before the rollback and after it; nil where it was not declared.
    private var pairs: [(undone: PastResource?, restored: PastResource?)]

    /// Of the rollback that made `revision`, and of those that followed it.
    init(since revision: Revision, _ transaction: Transaction) throws {
        let touched = try History.touched(transaction, after: revision.id - 1, through: Int64.max, unit: revision.unit)
        let before = try revision.parent.map { try History.state(transaction, at: $0, of: touched) } ?? [:]
        let after = try History.state(transaction, at: Int64.max, of: touched)
        pairs = touched.map { (before[$0], after[$0]) }
    }

    /// Everything of it that `desired` declares, as people say it and in order; empty when nothing comes again.
    func declared(in desired: DesiredState) -> [String] {
        let continued = desired.names
        return pairs.flatMap { undone, restored -> [String] in
            switch (undone, restored) {
            case (nil, nil): return []
            case (let undone?, nil): return desired.resources[undone.key] == nil ? [] : ["\(undone.key)"]
            case (nil, let restored?): return continued.contains(restored.key) ? [] : ["the deletion of \(restored.key)"]
            case (let undone?, let restored?): return Self.fields(undone, restored, desired)
            }
        }.sorted()
    }

    private static func fields(_ undone: PastResource, _ restored: PastResource, _ desired: DesiredState) -> [String] {
        if undone.key != restored.key {
            return desired.resources[undone.key] == nil ? [] : ["the name \(undone.key)"]
        }
        guard let now = desired.resources[undone.key] else { return [] }
        return ThreeWay(base: restored.canonical, desired: undone.canonical, actual: now.canonical).differences
            .filter { $0.base != $0.desired && $0.desired == $0.actual }
            .map { "\(undone.key) \($0.path)" }
    }
}

extension DesiredState {
    /// Every name that something is declared under, or was before it was renamed.
    fileprivate var names: Set<ResourceKey> {
        var names = Set(resources.keys)
        for (key, resource) in resources {
            for name in resource.metadata.previousNames {
                names.insert(ResourceKey(org: key.org, kind: key.kind, name: name))
            }
        }
        return names
    }
}
