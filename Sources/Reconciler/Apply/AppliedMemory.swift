internal import Spec
internal import Store

/// What this process applied last: with it the next apply asks the database for what the commit concerns, and for no more.
///
/// Good only as long as the database's newest revision is the one remembered.
struct AppliedMemory {
    private var revision: Revision
    /// The newest that changed what is declared; another than `revision` after rows were put right.
    private var declared: Revision?
    private var applied: [String: PastResource]
    private var provenance: [String: Provenance]
    private var uids: [ResourceKey: String]
    private var digest: StateDigest
    /// The uid of the repository's own rules.
    private var rules: String?

    /// Of the whole, after `difference` became `revision`; nil when it was of a part.
    init?(_ difference: StateDifference, _ revision: Revision) {
        guard difference.applied.rest.count == 0, difference.applied.others.isEmpty else { return nil }
        self.revision = revision
        declared = revision.act == .correct ? difference.applied.unitRevision : revision
        applied = [:]
        provenance = difference.applied.provenance
        uids = [:]
        digest = difference.plan.stateDigest
        take(difference)
    }

    /// Brings it up to date after an apply of a part.
    mutating func update(_ difference: StateDifference, _ revision: Revision) {
        self.revision = revision
        declared = revision.act == .correct ? difference.applied.unitRevision : revision
        digest = difference.plan.stateDigest
        for (uid, row) in difference.applied.applied {
            applied[uid] = nil
            uids[row.key] = nil
            if rules == uid { rules = nil }
        }
        take(difference)
        for uid in difference.applied.applied.keys where applied[uid] == nil { provenance[uid] = nil }
    }

    private mutating func take(_ difference: StateDifference) {
        for row in difference.outcome {
            applied[row.uid] = PastResource(key: row.key, canonical: row.canonical)
            uids[row.key] = row.uid
            if row.key.kind == .repository { rules = row.uid }
        }
        provenance.merge(difference.provenance) { $1 }
    }

    /// The part of the state that a change concerns; nil when somebody else moved the state on.
    func state(around change: DesiredChange, unit: String, _ transaction: Transaction) throws -> AppliedState? {
        guard revision.vector[unit] == change.since.hex, try Revisions.current(transaction)?.id == revision.id else {
            return nil
        }
        var state = AppliedState()
        state.revision = revision
        state.unitRevision = declared
        let uids = change.keys.compactMap { self.uids[$0] }
        state.rest.digest = digest
        state.rest.count = applied.count - uids.count
        for uid in uids {
            guard let row = applied[uid] else { continue }
            state.applied[uid] = row
            state.provenance[uid] = provenance[uid]
            state.rest.digest.remove(StateDigest.row(row.key, row.canonical))
        }
        if let rules, state.applied[rules] == nil { state.rest.rules = applied[rules].map { ($0, provenance[rules]) } }
        let keys = Array(change.keys)
        for row in try Resources.list(transaction, uids: uids, keys: keys) { state.actual[row.uid] = row }
        state.lineages = LineageBook(try Lineages.named(transaction, keys))
        return state
    }
}
