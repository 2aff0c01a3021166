internal import Crypto
internal import Spec

/// The insert-only, hash-chained record of administrative acts.
package enum Audit {
    /// Adds an act in the caller's transaction, which holds the chain's end until it commits.
    ///
    /// - Returns: the new head, for a log outside the database.
    @discardableResult
    package static func append(
        _ transaction: Transaction, _ tenancy: Tenancy, actor: String, action: String, subject: String, detail: String
    ) throws(DatabaseError) -> String {
        let head = try transaction.query(
            """
            SELECT sequence + 1, hash, \(SQLInstant.milliseconds("clock_timestamp()")) FROM charter.audit_head FOR UPDATE
            """)[0]
        let (sequence, previous, at) = (try head.integer(0), try head.digest(1), try head.instant(2))
        let org = if case .organization(let name) = tenancy { name } else { "" }
        let hash = AuditRecord.hash(
            previous: previous, sequence: sequence, at: at, org: org, actor: actor, action: action, subject: subject,
            detail: detail)
        try transaction.query(
            """
            INSERT INTO charter.audit (sequence, at, org, actor, action, subject, detail, previous, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .integer(sequence), .instant(at), .text(org), .text(actor), .text(action), .text(subject), .text(detail),
                .digest(previous), .digest(hash),
            ])
        try transaction.query("UPDATE charter.audit_head SET sequence = $1, hash = $2", [.integer(sequence), .digest(hash)])
        return hash.hex
    }

    /// Recomputes the whole chain.
    package static func verify(_ transaction: Transaction) throws(DatabaseError) -> AuditVerdict {
        var chain = AuditChain()
        while true {
            let rows = try transaction.query(
                "SELECT \(columns) FROM charter.audit WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                [.integer(chain.count), .integer(batchCount)])
            for row in rows {
                guard chain.follow(try AuditRecord(row)) else { return .broken(at: chain.count + 1) }
            }
            if rows.count < batchCount { break }
        }
        let head = try transaction.query("SELECT sequence, encode(hash, 'hex') FROM charter.audit_head")[0]
        guard try head.integer(0) == chain.count, try head.text(1) == chain.head.hex else {
            return .broken(at: chain.count + 1)
        }
        return .intact(count: chain.count, head: chain.head.hex)
    }

    /// The newest acts first.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, limit: Int
    ) throws(DatabaseError) -> [AuditRecord] {
        let rows = try transaction.query(
            "SELECT \(columns) FROM charter.audit WHERE \(Tenancy.filter(1)) ORDER BY sequence DESC LIMIT $2",
            [tenancy.value, .integer(Int64(limit))])
        var records: [AuditRecord] = []
        for row in rows { records.append(try AuditRecord(row)) }
        return records
    }

    static let columns = """
        sequence, \(SQLInstant.milliseconds("at")), org, actor, action, subject, detail, encode(previous, 'hex'), encode(hash, 'hex')
        """

    /// Rows held in memory at a time.
    private static let batchCount: Int64 = 10_000
}

/// The chain walked from its beginning.
private struct AuditChain {
    private(set) var count: Int64 = 0
    private(set) var head = SHA256Digest(lanes: (0, 0, 0, 0))

    /// Whether the record is the next one and unchanged.
    mutating func follow(_ record: AuditRecord) -> Bool {
        let hash = AuditRecord.hash(
            previous: head, sequence: record.sequence, at: record.at, org: record.org, actor: record.actor,
            action: record.action, subject: record.subject, detail: record.detail)
        guard record.sequence == count + 1, record.previous == head.hex, record.hash == hash.hex else { return false }
        count += 1
        head = hash
        return true
    }
}

extension AuditRecord {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            sequence: try row.integer(0), at: try row.instant(1), org: try row.text(2), actor: try row.text(3),
            action: try row.text(4), subject: try row.text(5), detail: try row.text(6), previous: try row.text(7),
            hash: try row.text(8))
    }
}
