internal import Spec

/// Statements on where resources are written. By uid, which belongs to one tenant only.
package enum ProvenanceTable {
    /// What holds now, for every declared resource.
    package static func current(_ transaction: Transaction) throws(DatabaseError) -> [String: Provenance] {
        try read(
            transaction,
            """
            SELECT DISTINCT ON (p.uid) \(columns) FROM charter.provenance p JOIN charter.resource r ON r.uid = p.uid
            ORDER BY p.uid, p.revision_from DESC
            """, [])
    }

    /// What held when this revision was enforced, of resources since deleted too.
    package static func at(_ transaction: Transaction, revision: Int64) throws(DatabaseError) -> [String: Provenance] {
        try read(
            transaction,
            """
            SELECT DISTINCT ON (p.uid) \(columns) FROM charter.provenance p WHERE p.revision_from <= $1
            ORDER BY p.uid, p.revision_from DESC
            """, [.integer(revision)])
    }

    /// What held of these resources when this revision was enforced.
    package static func at(
        _ transaction: Transaction, revision: Int64, uids: [String]
    ) throws(DatabaseError) -> [String: Provenance] {
        try read(
            transaction,
            """
            SELECT \(columns) FROM unnest($2::uuid[]) AS n (uid) CROSS JOIN LATERAL (
                SELECT * FROM charter.provenance q WHERE q.uid = n.uid AND q.revision_from <= $1
                ORDER BY q.revision_from DESC LIMIT 1) AS p
            """, [.integer(revision), .texts(uids)])
    }

    /// What held of one resource, each with the revision from which it did, oldest first.
    package static func of(
        _ transaction: Transaction, uid: String
    ) throws(DatabaseError) -> [(since: Int64, provenance: Provenance)] {
        let rows = try transaction.query(
            "SELECT \(columns), p.revision_from FROM charter.provenance p WHERE p.uid = $1::uuid ORDER BY p.revision_from",
            [.text(uid)])
        var versions: [(since: Int64, provenance: Provenance)] = []
        var pool = TextPool()
        for row in rows { versions.append((try row.integer(10), try Provenance(row, &pool))) }
        return versions
    }

    /// Records where resources are written from this revision on.
    package static func record(
        _ transaction: Transaction, _ provenances: [String: Provenance], revision: Int64
    ) throws(DatabaseError) {
        guard !provenances.isEmpty else { return }
        try transaction.copy(
            into: """
                charter.provenance (uid, revision_from, path, blob, line, col, spans, commit, author, committed_at, summary)
                """, provenances
        ) { $1.append($0.value, $0.key, revision) }
    }

    private static let columns = """
        p.uid, p.path, p.blob, p.line, p.col, p.spans, p.commit, p.author, \(SQLInstant.milliseconds("p.committed_at")), p.summary
        """

    private static func read(
        _ transaction: Transaction, _ sql: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [String: Provenance] {
        let rows = try transaction.query(sql, values)
        var provenances: [String: Provenance] = [:]
        provenances.reserveCapacity(rows.count)
        var pool = TextPool()
        for row in rows { provenances[try row.text(0)] = try Provenance(row, &pool) }
        return provenances
    }
}

extension CopyRows {
    fileprivate mutating func append(_ provenance: Provenance, _ uid: String, _ revision: Int64) {
        append(uid)
        append(revision)
        append(provenance.path)
        append(provenance.blob)
        append(Int64(provenance.document.line))
        append(Int64(provenance.document.column))
        append(provenance.written.column)
        append(provenance.commit)
        append(provenance.author)
        append(SQLInstant.text(provenance.committedAt))
        append(provenance.summary)
    }
}

extension Provenance {
    fileprivate init(_ row: Row, _ pool: inout TextPool) throws(DatabaseError) {
        let path = pool.shared(try row.text(1))
        self.init(
            path: path, blob: pool.shared(try row.text(2)),
            document: Position(line: Int(try row.integer(3)), column: Int(try row.integer(4))),
            written: .column(try row.text(5), path: path), commit: pool.shared(try row.text(6)),
            author: pool.shared(try row.text(7)), committedAt: try row.instant(8), summary: pool.shared(try row.text(9)))
    }
}

/// Texts that many rows have in common, each kept once.
private struct TextPool {
    private var texts: Set<String> = []

    mutating func shared(_ text: String) -> String { texts.insert(text).memberAfterInsert }
}
