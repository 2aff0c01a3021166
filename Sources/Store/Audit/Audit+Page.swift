extension Audit {
    /// The newest acts first, from the one before `before` down; from the newest where that is nil.
    package static func page(
        _ transaction: Transaction, _ tenancy: Tenancy, before: Int64?, limit: Int
    ) throws(DatabaseError) -> [AuditRecord] {
        let rows = try transaction.query(
            """
            SELECT \(columns) FROM charter.audit
            WHERE \(Tenancy.filter(1)) AND ($2::bigint IS NULL OR sequence < $2) ORDER BY sequence DESC LIMIT $3
            """, [tenancy.value, .integer(before), .integer(Int64(limit))])
        var records: [AuditRecord] = []
        for row in rows { records.append(try AuditRecord(row)) }
        return records
    }
}
