internal import Crypto
package import Spec

/// Statements on the list of enforced states.
package enum Revisions {
    /// The NOTIFY channel on which an applied revision's number is announced.
    package static let channel = "charter_revision"

    /// Takes the number for the revision about to be applied, and the lock that orders applies, until the transaction ends; what the
    /// transaction writes from then on is known as Charter's own (`DriftBlame`).
    package static func next(_ transaction: Transaction) throws(DatabaseError) -> Int64 {
        try transaction.query(
            "UPDATE charter.revision_head SET id = id + 1 RETURNING id, set_config('application_name', $1, true)",
            [.text(DriftBlame.application)])[0].integer(0)
    }

    /// Keeps every unit from taking a number until the transaction ends.
    package static func hold(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.query("SELECT FROM charter.revision_head FOR UPDATE")
    }

    /// Records the revision and announces it when the transaction commits. `appliedAt` is set by the database; `hasChecksums` says that
    /// `Checksums.keep` follows.
    package static func record(_ transaction: Transaction, _ revision: Revision, hasChecksums: Bool = false) throws(DatabaseError) {
        guard let digest = SHA256Digest(hex: revision.stateDigest) else {
            throw DatabaseError(.unexpectedAnswer, "the revision's state digest is not a SHA-256")
        }
        try transaction.query(
            """
            INSERT INTO charter.revision (id, unit, commit, parent, author, message, committed_at, vector, state_digest,
                min_engine, created_count, updated_count, renamed_count, deleted_count, act, restored, has_checksums)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            """,
            [
                .integer(revision.id), .text(revision.unit), .text(revision.commit), .integer(revision.parent),
                .text(revision.author), .text(revision.message), .instant(revision.committedAt),
                .text(JSONText.column(revision.vector)), .digest(digest), .text(revision.minEngine),
                .integer(Int64(revision.counts.created)), .integer(Int64(revision.counts.updated)),
                .integer(Int64(revision.counts.renamed)), .integer(Int64(revision.counts.deleted)),
                .text(revision.act.rawValue), .integer(revision.restored), .boolean(hasChecksums),
            ])
        try transaction.query("SELECT pg_notify($1, $2)", [.text(channel), .text(String(revision.id))])
    }

    /// The newest revision; nil before the first apply.
    package static func current(_ transaction: Transaction) throws(DatabaseError) -> Revision? {
        try list(transaction, limit: 1).first
    }

    /// The newest revision's number, 0 before the first apply: what a gateway asks for at every poll.
    package static func currentID(_ transaction: Transaction) throws(DatabaseError) -> Int64 {
        try transaction.query("SELECT coalesce(max(id), 0) FROM charter.revision")[0].integer(0)
    }

    package static func one(_ transaction: Transaction, _ id: Int64) throws(DatabaseError) -> Revision? {
        try select(transaction, "WHERE id = $1", [.integer(id)]).first
    }

    /// The last revision that moved this unit.
    package static func current(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Revision? {
        try select(transaction, "WHERE unit = $1 ORDER BY id DESC LIMIT 1", [.text(unit)]).first
    }

    /// The last revision that changed what this unit declares; putting rows right that hands changed is none.
    package static func declared(_ transaction: Transaction, unit: String) throws(DatabaseError) -> Revision? {
        try select(
            transaction, "WHERE unit = $1 AND act <> $2 ORDER BY id DESC LIMIT 1",
            [.text(unit), .text(RevisionAct.correct.rawValue)]
        ).first
    }

    /// The newest revisions first.
    package static func list(_ transaction: Transaction, limit: Int) throws(DatabaseError) -> [Revision] {
        try select(transaction, "ORDER BY id DESC LIMIT $1", [.integer(Int64(limit))])
    }

    /// The newest first, from the one numbered `through` down, of one unit where it is named.
    package static func list(
        _ transaction: Transaction, through: Int64, unit: String?, limit: Int
    ) throws(DatabaseError) -> [Revision] {
        try select(
            transaction, "WHERE id <= $1 AND ($2::text IS NULL OR unit = $2) ORDER BY id DESC LIMIT $3",
            [.integer(through), .text(unit), .integer(Int64(limit))])
    }

    /// Those of the numbers given, by number.
    package static func of(_ transaction: Transaction, ids: [Int64]) throws(DatabaseError) -> [Int64: Revision] {
        let found = try select(transaction, "WHERE id = ANY ($1::bigint[])", [.integers(ids)])
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// What was in force at a moment; nil before the first apply.
    package static func at(_ transaction: Transaction, _ moment: Instant) throws(DatabaseError) -> Revision? {
        try select(
            transaction,
            // Moments are told in whole milliseconds, so the one that was told must find its revision.
            "WHERE applied_at < $1::timestamptz + interval '1 millisecond' ORDER BY applied_at DESC, id DESC LIMIT 1",
            [.instant(moment)]
        ).first
    }

    /// The newest that brought a commit, by the beginning of its id; a rollback to it counts as well.
    package static func of(_ transaction: Transaction, commit: String, unit: String? = nil) throws(DatabaseError) -> Revision? {
        try select(
            transaction, "WHERE starts_with(commit, $1) AND ($2::text IS NULL OR unit = $2) ORDER BY id DESC LIMIT 1",
            [.text(commit), .text(unit)]
        ).first
    }

    /// The one before `id` that moved the unit.
    package static func before(_ transaction: Transaction, _ id: Int64, unit: String) throws(DatabaseError) -> Revision? {
        try select(transaction, "WHERE unit = $1 AND id < $2 ORDER BY id DESC LIMIT 1", [.text(unit), .integer(id)]).first
    }

    private static func select(
        _ transaction: Transaction, _ clause: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [Revision] {
        let rows = try transaction.query(
            """
            SELECT id, unit, commit, parent, author, message, \(SQLInstant.milliseconds("committed_at")),
                \(SQLInstant.milliseconds("applied_at")), vector, encode(state_digest, 'hex'), min_engine,
                created_count, updated_count, renamed_count, deleted_count, act, restored
            FROM charter.revision \(clause)
            """, values)
        var revisions: [Revision] = []
        for row in rows { revisions.append(try Revision(row)) }
        return revisions
    }
}

extension Revision {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        self.init(
            id: try row.integer(0), unit: try row.text(1), commit: try row.text(2), parent: row.integerOrNil(3),
            author: try row.text(4), message: try row.text(5), committedAt: try row.instant(6),
            appliedAt: try row.instant(7), vector: Self.vector(try row.text(8)), stateDigest: try row.text(9),
            minEngine: try row.text(10),
            counts: ChangeCounts(
                created: Int(try row.integer(11)), updated: Int(try row.integer(12)),
                renamed: Int(try row.integer(13)), deleted: Int(try row.integer(14))))
        guard let act = RevisionAct(rawValue: try row.text(15)) else {
            throw DatabaseError(.unexpectedAnswer, "the database holds a revision of an act that this program does not know")
        }
        self.act = act
        restored = row.integerOrNil(16)
    }

    /// An object of strings, as PostgreSQL prints `jsonb`; what is none reads as empty.
    private static func vector(_ text: String) -> [String: String] {
        var walk = JSONWalk(text)
        guard let members = try? walk.members() else { return [:] }
        return members.reduce(into: [:]) { vector, member in
            vector[walk.unescaped(member.name)] = walk.string(at: member.value)
        }
    }
}
