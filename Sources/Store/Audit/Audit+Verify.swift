extension Audit {
    /// Recomputes the whole chain, each page in a transaction of its own, so that nothing is held for as long as it takes.
    ///
    /// `known` are heads that were logged: each must be a link of the chain. Acts that are appended meanwhile are part of it.
    /// `seen` is told how many rows each page has.
    package static func verify(
        _ connection: Connection, known: [AuditHead] = [], seen: (Int) -> Void = { _ in }
    ) throws -> AuditVerdict {
        var chain = AuditChain(known: known)
        while true {
            let page = try connection.transaction { try AuditPage($0, after: chain.count) }
            seen(page.count)
            if let verdict = page.verdict(&chain) { return verdict }
        }
    }

    /// The same within a transaction.
    package static func verify(_ transaction: Transaction, known: [AuditHead] = []) throws(DatabaseError) -> AuditVerdict {
        var chain = AuditChain(known: known)
        while true {
            if let verdict = try AuditPage(transaction, after: chain.count).verdict(&chain) { return verdict }
        }
    }
}

/// Some rows, and the end of the chain as it was when they were looked for.
private struct AuditPage {
    private let rows: [(record: AuditRecord, isWhole: Bool)]
    /// Nil where there is none.
    private let kept: AuditHead?
    private let isLast: Bool

    var count: Int { rows.count }

    init(_ transaction: Transaction, after sequence: Int64) throws(DatabaseError) {
        // One statement sees both, and rows behind them are left for the next look.
        let end = try transaction.query(
            """
            SELECT (SELECT max(sequence) FROM charter.audit), h.sequence, encode(h.hash, 'hex')
            FROM (VALUES (1)) one LEFT JOIN charter.audit_head h ON true
            """)[0]
        kept = try end.integerOrNil(1).map { sequence throws(DatabaseError) in AuditHead(sequence: sequence, hash: try end.text(2)) }
        let found = try transaction.query(
            """
            SELECT \(Audit.columns), at = date_trunc('milliseconds', at) FROM charter.audit
            WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3
            """, [.integer(sequence), .integer(end.integerOrNil(0) ?? 0), .integer(Self.rowsMax)])
        var rows: [(AuditRecord, Bool)] = []
        rows.reserveCapacity(found.count)
        // No hash covers what of a time is less than a millisecond, so there must be none.
        for row in found { rows.append((try AuditRecord(row), try row.boolean(9))) }
        self.rows = rows
        isLast = found.count < Self.rowsMax
    }

    /// Nil where the chain goes on.
    func verdict(_ chain: inout AuditChain) -> AuditVerdict? {
        for row in rows {
            if let broken = chain.follow(row.record, isWhole: row.isWhole) { return .broken(broken) }
        }
        return isLast ? chain.end(kept) : nil
    }

    /// Some megabytes at the most.
    private static let rowsMax: Int64 = 2_000
}
