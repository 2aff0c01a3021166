internal import Crypto
internal import Spec

/// The insert-only, hash-chained record of administrative acts.
package enum Audit {
    /// Adds an act in the caller's transaction, which holds the chain's end until it commits.
    ///
    /// A transaction that works for long before it appends is an `Audit.transaction`.
    ///
    /// - Returns: the new head; once it is committed it is `AuditHead.committed`.
    @discardableResult
    package static func append(
        _ transaction: Transaction, _ tenancy: Tenancy, actor: String, action: String, subject: String, detail: String
    ) throws(DatabaseError) -> AuditHead {
        let ends = try transaction.query(
            """
            SELECT sequence + 1, hash, \(SQLInstant.milliseconds("clock_timestamp()")) FROM charter.audit_head FOR UPDATE
            """)
        guard let end = ends.first else { throw DatabaseError(.unexpectedAnswer, endIsMissing) }
        let (sequence, previous, at) = (try end.integer(0), try end.digest(1), try end.instant(2))
        let detail = Self.detail(detail, naming: actor == transaction.connection.account ? nil : transaction.connection.account)
        let record = AuditRecord(
            sequence: sequence, at: at, org: tenancy.name, actor: actor, action: action, subject: subject, detail: detail,
            previous: previous.hex, hash: "")
        let hash = record.hash(after: previous)
        try transaction.query(
            """
            INSERT INTO charter.audit (sequence, at, org, actor, action, subject, detail, previous, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .integer(sequence), .instant(at), .text(record.org), .text(actor), .text(action), .text(subject), .text(detail),
                .digest(previous), .digest(hash),
            ])
        try transaction.query("UPDATE charter.audit_head SET sequence = $1, hash = $2", [.integer(sequence), .digest(hash)])
        let head = AuditHead(sequence: sequence, hash: hash.hex)
        transaction.auditHead = head
        return head
    }

    /// An object with the account beside what it says, unless it says who `operator` is already.
    private static func detail(_ detail: String, naming account: String?) -> String {
        // Within a text the quotation marks would be escaped.
        guard let account, detail.hasSuffix("}"), !detail.contains(#""operator":"#) else { return detail }
        var text = JSONText()
        text.object { $0.member("operator", account) }
        let members = detail.dropLast()
        return members == "{" ? text.json : members + "," + text.json.dropFirst()
    }

    /// Adds an act that was refused, unless the same was refused to the same in the last minute: whoever keeps asking must
    /// not fill the record.
    package static func appendRefusal(
        _ transaction: Transaction, _ tenancy: Tenancy, actor: String, action: String, subject: String, detail: String
    ) throws(DatabaseError) {
        let recent = try transaction.query(
            """
            SELECT FROM charter.audit WHERE org = $1 AND (actor, action, subject) = ($2, $3, $4)
                AND at > clock_timestamp() - interval '1 minute'
                AND sequence > (SELECT sequence FROM charter.audit_head) - $5::bigint LIMIT 1
            """, [.text(tenancy.name), .text(actor), .text(action), .text(subject), .integer(recentMax)])
        guard recent.isEmpty else { return }
        try append(transaction, tenancy, actor: actor, action: action, subject: subject, detail: detail)
    }

    /// So many acts are looked through for the same refusal.
    private static let recentMax: Int64 = 1_000

    /// Runs `body`, which works for long and then appends, in one transaction of isolation `repeatableRead`.
    ///
    /// An act that others append meanwhile undoes such a transaction, so from its second run on it has them wait until it ends.
    package static func transaction<T>(
        _ connection: Connection, timeout: Duration, _ body: (Transaction) throws -> T
    ) throws -> T {
        var runs = 0
        return try connection.transaction(.repeatableRead, timeout: timeout) { transaction in
            runs += 1
            // Before the first question, which is when the transaction's picture of the database is taken.
            if runs > 1 { try transaction.query("LOCK TABLE charter.audit_head IN EXCLUSIVE MODE") }
            return try body(transaction)
        }
    }

    /// Where the chain ends now.
    package static func head(_ transaction: Transaction) throws(DatabaseError) -> AuditHead {
        let rows = try transaction.query("SELECT sequence, encode(hash, 'hex') FROM charter.audit_head")
        guard let row = rows.first else { throw DatabaseError(.unexpectedAnswer, endIsMissing) }
        return AuditHead(sequence: try row.integer(0), hash: try row.text(1))
    }

    /// The newest acts first, of those before the act `before` where it is given.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, before: Int64? = nil, limit: Int
    ) throws(DatabaseError) -> [AuditRecord] {
        try records(
            transaction, "sequence < $2 ORDER BY sequence DESC", tenancy, .integer(before ?? .max), limit)
    }

    /// Has this transaction write next, before others that are to see what it writes.
    static func hold(_ transaction: Transaction) throws(DatabaseError) {
        try transaction.query("SELECT FROM charter.audit_head FOR UPDATE")
    }

    /// The oldest first, of those after the act `after`.
    package static func page(
        _ transaction: Transaction, _ tenancy: Tenancy, after: Int64, limit: Int
    ) throws(DatabaseError) -> [AuditRecord] {
        try records(transaction, "sequence > $2 ORDER BY sequence", tenancy, .integer(after), limit)
    }

    private static func records(
        _ transaction: Transaction, _ part: String, _ tenancy: Tenancy, _ sequence: SQLValue, _ limit: Int
    ) throws(DatabaseError) -> [AuditRecord] {
        let rows = try transaction.query(
            "SELECT \(columns) FROM charter.audit WHERE \(Tenancy.filter(1)) AND \(part) LIMIT $3",
            [tenancy.value, sequence, .integer(Int64(limit))])
        var records: [AuditRecord] = []
        for row in rows { records.append(try AuditRecord(row)) }
        return records
    }

    private static let endIsMissing = "the one row of charter.audit_head was removed: charter audit verify"

    /// What a record is read from.
    static let columns = """
        sequence, \(SQLInstant.milliseconds("at")), org, actor, action, subject, detail, encode(previous, 'hex'), encode(hash, 'hex')
        """
}

extension AuditRecord {
    /// Reads `Audit.columns`.
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            sequence: try row.integer(0), at: try row.instant(1), org: try row.text(2), actor: try row.text(3),
            action: try row.text(4), subject: try row.text(5), detail: try row.text(6), previous: try row.text(7),
            hash: try row.text(8))
    }
}

extension Tenancy {
    /// As the column `org` has it.
    fileprivate var name: String { if case .organization(let name) = self { name } else { "" } }
}
