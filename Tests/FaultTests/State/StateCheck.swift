import Spec
import Store

/// Everything that must hold of a database at every moment, whoever died in the middle of what.
struct StateCheck {
    let database: String
    /// What the digest of the state is when a commit is enforced, from its files alone.
    let digestOf: (String) throws -> String
    /// Of the newest revisions this many are replayed; nil for all.
    var newest: Int64?

    /// One sentence for everything that does not hold. `allowingDrift` accepts rows that hands changed.
    func violations(allowingDrift: Bool = false) throws -> [String] {
        try Connection(database).transaction(.repeatableRead) { transaction in
            var found: [String] = []
            for rule in Self.rules where !(allowingDrift && rule.isOfRows) {
                let rows = try transaction.query(rule.sql)
                if let first = rows.first { found.append("\(rule.name): \(first.textOrNil(0) ?? "NULL") (\(rows.count) rows)") }
            }
            found += try wrongRevisions(transaction)
            if !allowingDrift { found += try wrongRows(transaction) }
            if case .broken(let broken) = try Audit.verify(transaction) { found.append("the audit is broken: \(broken)") }
            return found
        }
    }

    // MARK: Rows

    /// Rows against history, in Swift and by SQL.
    private func wrongRows(_ transaction: Transaction) throws -> [String] {
        let rows = try Resources.all(transaction)
        let base = try History.base(transaction)
        var found: [String] = []
        for row in rows {
            guard let applied = base[row.uid] else {
                found.append("\(row.key) has a row and no history")
                continue
            }
            if applied.key != row.key || applied.canonical != row.canonical { found.append("\(row.key) differs from its history") }
            if row.digest != StateDigest.row(row.key, row.canonical) { found.append("\(row.key) has another row's digest") }
        }
        let uids = Set(rows.map(\.uid))
        for (uid, applied) in base where !uids.contains(uid) { found.append("\(applied.key) has a history and no row") }
        let digest = StateDigest(rows).hex
        if try transaction.query("SELECT charter.state_digest()")[0].text(0) != digest { found.append("SQL and Swift disagree on the digest of the rows") }
        let current = try Revisions.current(transaction)
        if let current, current.stateDigest != digest { found.append("the rows are not those of revision \(current.id)") }
        let provenance = try ProvenanceTable.current(transaction)
        for row in rows where provenance[row.uid] == nil { found.append("\(row.key) comes from nowhere") }
        return found
    }

    // MARK: Revisions

    /// Every revision replayed from history, beside its own digest, its tally and the files of its commit.
    private func wrongRevisions(_ transaction: Transaction) throws -> [String] {
        let last = try Revisions.currentID(transaction)
        let first = newest.map { max(1, last - $0 + 1) } ?? 1
        guard last >= first else { return [] }
        var found: [String] = []
        var before = try History.state(transaction, at: first - 1)
        for id in first...last {
            guard let revision = try Revisions.one(transaction, id) else {
                found.append("revision \(id) is missing")
                continue
            }
            let after = try History.state(transaction, at: id)
            var digest = StateDigest()
            for resource in after.values { digest.add(StateDigest.row(resource.key, resource.canonical)) }
            if digest.hex != revision.stateDigest { found.append("history does not lead to the state of revision \(id)") }
            if revision.act == .apply, try digestOf(revision.commit) != revision.stateDigest {
                found.append("revision \(id) is not what its commit \(revision.commit.prefix(10)) declares")
            }
            // A commit applied again counts the rows that hands had changed.
            if before != after, Self.tally(from: before, to: after) != revision.counts {
                found.append("revision \(id) counts \(revision.counts), not \(Self.tally(from: before, to: after))")
            }
            if revision.act == .correct, before != after { found.append("correction \(id) changed what is declared") }
            before = after
        }
        return found
    }

    private static func tally(from old: [String: PastResource], to new: [String: PastResource]) -> ChangeCounts {
        var counts = ChangeCounts()
        for (uid, resource) in new {
            guard let before = old[uid] else {
                counts.created += 1
                continue
            }
            if before.key != resource.key { counts.renamed += 1 } else if before.canonical != resource.canonical { counts.updated += 1 }
        }
        counts.deleted = old.keys.count { new[$0] == nil }
        return counts
    }
}
