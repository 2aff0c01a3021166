internal import Spec
internal import Store

extension ReconcileSession {
    /// Takes the lead when nobody has it, and makes the unit known.
    func acquireLead(ttl: Duration) throws -> FencingToken? {
        try connection.transaction { transaction in
            let token = try Leadership.acquire(transaction, name: Self.leaderName(of: unit), holder: holder, ttl: ttl)
            if token != nil { try Units.ensure(transaction, name: unit, repository: "\(source.location)", folder: source.folder) }
            return token
        }
    }

    /// Keeps the lead, and says in the unit's row how the branch stands.
    func renew(_ token: FencingToken, ttl: Duration, standing: FetchStatus?) throws {
        try connection.transaction { transaction in
            try Leadership.renew(transaction, token, ttl: ttl)
            if let standing { try Units.recordFetch(transaction, unit: unit, standing) }
        }
    }

    /// Gives the lead back; should the database be away, it ends by itself.
    func release(_ token: FencingToken) {
        try? connection.transaction { try Leadership.release($0, token) }
    }

    /// Puts every row back as it was applied, without a look at Git; nil when none had to be.
    func correct(token: FencingToken) throws -> Revision? {
        try connection.transaction(.repeatableRead, timeout: Self.applyTimeout) { transaction in
            try Leadership.check(transaction, token)
            try Units.lock(transaction, name: unit)
            try refuseWhileSuspended(transaction)
            let applied = try AppliedState(transaction, unit: unit)
            guard var revision = applied.revision, !applied.drift().isEmpty else { return nil }
            let outcome = applied.applied.map { uid, row in
                StoredResource(key: row.key, uid: uid, canonical: row.canonical, revision: 0, unit: unit)
            }
            revision.parent = revision.id
            (revision.unit, revision.commit) = (unit, revision.vector[unit] ?? revision.commit)
            revision.id = try Revisions.next(transaction)
            revision.counts = ChangeCounts()
            (revision.act, revision.restored) = (.correct, nil)
            try RowWriter(outcome: outcome, replacing: applied).write(transaction, revision: revision.id)
            try Revisions.record(transaction, revision)
            return revision
        }
    }
}
