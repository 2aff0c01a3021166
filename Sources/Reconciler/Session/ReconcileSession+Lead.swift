internal import Spec
internal import Store

extension ReconcileSession {
    /// Takes the lead when nobody has it, and makes the unit known.
    func acquireLead(ttl: Duration) throws -> FencingToken? {
        let token = try connection.transaction(timeout: Self.questionTimeout) { transaction in
            let token = try Leadership.acquire(transaction, name: Self.leaderName(of: unit), holder: holder, ttl: ttl)
            if token != nil { try Units.ensure(transaction, name: unit, repository: "\(source.location)", folder: source.folder) }
            return token
        }
        if token != nil { Failpoint.afterLead.reach() }
        return token
    }

    /// Keeps the lead, and says in the unit's row how the branch stands and what is to be said of the mirror.
    func renew(_ token: FencingToken, ttl: Duration, standing: FetchStatus?, mirrorKept: String?) throws {
        try connection.transaction(timeout: Self.questionTimeout) { transaction in
            try Leadership.renew(transaction, token, ttl: ttl)
            guard let standing else { return }
            try Units.recordFetch(transaction, unit: unit, standing)
            try Units.recordMirror(transaction, unit: unit, kept: mirrorKept)
        }
    }

    /// Gives the lead back; should the database be away, it ends by itself.
    func release(_ token: FencingToken) {
        Failpoint.beforeRelease.reach()
        try? connection.transaction(timeout: Self.questionTimeout) { try Leadership.release($0, token) }
    }

    /// What touches a row or two: a server that takes longer hangs.
    static let questionTimeout = Duration.seconds(10)

    /// Puts rows back as they were applied, without a look at Git; nil when none has to be, or while the unit is suspended.
    ///
    /// Where the rules hold back the first management of what is there, rows that no revision put there stay as they are.
    func correct(token: FencingToken, _ choice: DriftCorrection = .everything) throws -> Correction? {
        let corrected = try Audit.transaction(connection, timeout: Self.applyTimeout) { transaction -> Correction? in
            try Leadership.check(transaction, token)
            try Units.lock(transaction, name: unit)
            guard try UnitSuspensions.of(transaction, unit: unit) == nil else { return nil }
            var applied = try AppliedState(transaction, unit: unit)
            guard let head = applied.revision, var revision = applied.unitRevision else { return nil }
            let choice = choice.knowing(try DriftFindings.present(transaction, unit: unit))
            let drift = applied.drift()
            let left = Set(drift.filter { !choice.includes($0) }.map(\.uid))
            let drifts = Dictionary(drift.map { ($0.uid, $0) }) { first, _ in first }
            let outcome = applied.applied.map { uid, row in
                choice.row(
                    StoredResource(key: row.key, uid: uid, canonical: row.canonical, revision: 0, unit: unit), for: drifts[uid],
                    found: applied.actual[uid])
            }
            let isManagementHeld = try GuardThresholds(applied.policy?.rules.guards).firstManagement == .held
            let unmanaged = isManagementHeld ? applied.leaveUnmanaged() : []
            let writer = RowWriter(outcome: outcome, replacing: applied, leaving: left, names: unmanaged)
            guard !drift.isEmpty, writer.hasWork else { return nil }
            revision.id = try Revisions.next(transaction)
            (revision.parent, revision.vector, revision.stateDigest) = (head.id, head.vector, head.stateDigest)
            revision.minEngine = head.minEngine
            revision.commit = head.vector[unit] ?? revision.commit
            revision.counts = ChangeCounts()
            (revision.act, revision.restored) = (.correct, nil)
            try writer.write(transaction, revision: revision.id)
            try Revisions.record(transaction, revision, hasChecksums: true)
            try Checksums.keep(transaction, revision: revision.id, unit: unit, rows: Array(writer.resources))
            let corrected = drift.compactMap(choice.part)
            try Outbox.append(transaction, .corrected(corrected, as: revision), once: .applied(revision))
            let kinds = writer.resources.map { applied.kindName(of: $0) }
            try RevisionRecord(revision, correcting: corrected, kinds: kinds).append(transaction, actor: Operator.name)
            Failpoint.beforeCorrection.reach()
            return Correction(revision: revision, count: writer.resources.count)
        }
        if corrected != nil { Failpoint.afterCorrection.reach() }
        return corrected
    }
}

extension AppliedState {
    /// Of a row that was applied, or is found.
    fileprivate func kindName(of uid: String) -> String {
        (applied[uid]?.key ?? actual[uid]?.key)?.kind.rawValue ?? "unknown"
    }
}

/// What was put right without a commit.
struct Correction {
    var revision: Revision
    /// How many resources.
    var count: Int
}
