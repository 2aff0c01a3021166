internal import Spec
internal import Store

/// Writes a difference into the database, all of it or nothing: every statement belongs to the caller's transaction.
struct Applier {
    let difference: StateDifference
    /// The places that differ from those recorded, by uid; a comment that moves lines moves places and no resource.
    private let movedProvenance: [String: Provenance]

    init(_ difference: StateDifference) {
        self.difference = difference
        movedProvenance = difference.provenance.filter { uid, now in
            difference.doubted.contains(uid) || now != difference.applied.provenance[uid]
        }
    }

    private var plan: Plan { difference.plan }
    private var applied: AppliedState { difference.applied }
    private var desired: DesiredState { difference.desired }

    /// Whether there is anything to write: a resource, the place of one, or the commit itself.
    var hasWork: Bool { hasNews || plan.drift.contains { !difference.left.contains($0.uid) } }

    /// Whether the commit asks for any of it; what there is besides was changed by other hands.
    var hasNews: Bool {
        !plan.changes.isEmpty || applied.revision?.vector[plan.unit] != desired.commit.id.hex || !movedProvenance.isEmpty
    }

    /// Carries the difference out; answers the revision it became.
    func write(_ transaction: Transaction) throws -> Revision {
        ProgressBoard.begin(.applying, of: plan.changes.count + plan.drift.count)
        let number = try Revisions.next(transaction)
        let rows = RowWriter(outcome: difference.outcome, replacing: applied, leaving: difference.left)
        try rows.write(transaction, revision: number)
        Failpoint.midApply.reach()
        try writeLineages(transaction, number)
        try History.record(transaction, history(number))
        try ProvenanceTable.record(transaction, movedProvenance, revision: number)
        let revision = revision(number)
        try Revisions.record(transaction, revision, hasChecksums: true)
        try Checksums.keep(transaction, revision: number, unit: plan.unit, rows: Array(rows.resources))
        try Outbox.append(transaction, .applied(difference, as: revision), once: .applied(revision))
        return revision
    }

    // MARK: Lineage and history

    private func writeLineages(_ transaction: Transaction, _ number: Int64) throws {
        try Lineages.close(transaction, deleted.map(\.uid), revision: number)
        try Lineages.record(transaction, difference.choices, revision: number)
    }

    private var deleted: [(uid: String, row: PastResource)] {
        let uids = Set(
            plan.changes.compactMap { change in if case .delete = change.action { change.uid } else { nil } })
        return applied.applied.filter { uids.contains($0.key) }.map { (uid: $0.key, row: $0.value) }
    }

    private func history(_ number: Int64) -> [Store.FieldChange] {
        let ended = deleted.flatMap { History.changes(uid: $0.uid, from: $0.row, to: nil, revision: number) }
        return ended
            + desired.resources.values.flatMap { resource -> [Store.FieldChange] in
                guard let uid = difference.choices[resource.key]?.uid else { return [] }
                let new = PastResource(key: resource.key, canonical: resource.canonical)
                return History.changes(uid: uid, from: applied.applied[uid], to: new, revision: number)
            }
    }

    // MARK: Revision

    private func revision(_ number: Int64) -> Revision {
        let tally = plan.tally
        var vector = applied.revision?.vector ?? [:]
        vector[plan.unit] = desired.commit.id.hex
        var revision = Revision(
            id: number, unit: plan.unit, commit: desired.commit.id.hex, parent: applied.revision?.id,
            author: desired.commit.author, message: desired.commit.summary, committedAt: desired.commit.committedAt,
            appliedAt: Instant(milliseconds: 0), vector: vector, stateDigest: plan.stateDigest.hex,
            minEngine: CharterVersion.minGateway,
            counts: ChangeCounts(
                created: tally.created, updated: tally.updated, renamed: tally.renamed, deleted: tally.deleted))
        if let restoration = difference.restoration {
            (revision.act, revision.restored) = (.rollback, restoration.revision.id)
        }
        return revision
    }
}

extension StateDifference {
    /// Where each desired resource is declared, and by whom, by uid.
    var provenance: [String: Provenance] {
        if let restoration { return restoration.provenance }
        let changed = Dictionary(plan.changes.map { ($0.key, $0.origin) }, uniquingKeysWith: { first, _ in first })
        var all: [String: Provenance] = [:]
        all.reserveCapacity(desired.resources.count)
        for resource in desired.resources.values {
            guard let uid = choices[resource.key]?.uid else { continue }
            all[uid] = provenance(of: resource, changedBy: changed[resource.key], before: doubted.contains(uid) ? nil : applied.provenance[uid])
        }
        return all
    }

    private func provenance(of resource: Resource, changedBy commit: Commit?, before: Provenance?) -> Provenance {
        let place = resource.place ?? Place(path: "", position: Position(line: 1, column: 1))
        var now = Provenance(
            path: place.path, blob: desired.blobs[place.path]?.hex ?? "", document: place.position,
            spans: resource.spans,
            commit: before?.commit ?? "", author: before?.author ?? "",
            committedAt: before?.committedAt ?? Instant(milliseconds: 0), summary: before?.summary ?? "")
        guard let commit = commit ?? (before == nil ? desired.commit : nil) else { return now }
        now.commit = commit.id.hex
        now.author = commit.author
        now.committedAt = commit.committedAt
        now.summary = commit.summary
        return now
    }
}
