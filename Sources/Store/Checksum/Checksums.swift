/// What revisions wrote beside the rows of resources, told by checksums. By uid, which belongs to one tenant only.
package enum Checksums {
    /// Keeps those of a revision, in the transaction that makes it and after all else of it is written.
    ///
    /// - Parameter rows: uids of the resources whose rows it wrote.
    package static func keep(
        _ transaction: Transaction, revision: Int64, unit: String, rows: [String]
    ) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.checksum (revision, uid, resource, history, provenance)
            SELECT $1::bigint, uid, \(name), h.checksum, p.checksum
            FROM (\(history("h.revision = $1"))) AS h
            FULL JOIN (SELECT p.uid, charter.row_checksum(p) AS checksum FROM charter.provenance p WHERE p.revision_from = $1) AS p
                USING (uid)
            LEFT JOIN charter.lineage l USING (uid)
            """, [.integer(revision)])
        try transaction.query(
            """
            INSERT INTO charter.lineage_checksum AS c (uid, unit, resource, lineage, row_revision)
            SELECT l.uid, $2, \(name), charter.row_checksum(l), r.revision
            FROM (SELECT uid FROM charter.history WHERE revision = $1 AND field = ''
                UNION SELECT uid FROM charter.lineage WHERE superseded_revision = $1) AS written
            JOIN charter.lineage l USING (uid) LEFT JOIN charter.resource r USING (uid)
            ON CONFLICT (uid) DO UPDATE SET unit = excluded.unit, resource = excluded.resource, lineage = excluded.lineage,
                row_revision = excluded.row_revision
            """, [.integer(revision), .text(unit)])
        try transaction.query(
            """
            UPDATE charter.lineage_checksum c SET unit = $2, row_revision = $3 FROM charter.resource r
            WHERE c.uid = ANY ($1::uuid[]) AND r.uid = c.uid AND r.revision = $3
                AND (c.unit, c.row_revision) IS DISTINCT FROM ($2, $3)
            """, [.texts(rows), .text(unit), .integer(revision)])
    }

    static let name = "coalesce(coalesce(nullif(l.org, ''), '-') || '/' || l.kind || '/' || l.name, '-/unknown/' || uid)"

    /// By uid and revision, of the rows `h` that one of the clauses lets pass, each of which is answered from an index.
    static func history(_ clauses: String...) -> String {
        let rows = clauses.map { "SELECT h.uid, h.revision, charter.row_checksum(h) AS checksum FROM charter.history h WHERE \($0)" }
        return """
            SELECT uid, revision, sha256(string_agg(checksum, ''::bytea ORDER BY checksum)) AS checksum
            FROM (\(rows.joined(separator: " UNION ALL "))) AS rows GROUP BY uid, revision
            """
    }
}

/// Revisions whose history and provenance one scan compares.
package struct ChecksumWindow: Hashable, Sendable {
    /// Both belong to it.
    package var first: Int64
    package var last: Int64
    /// Where the next scan goes on, downwards; nil for the newest.
    package var next: Int64? { first > 0 ? first - 1 : nil }

    package init(first: Int64, last: Int64) { (self.first, self.last) = (first, last) }

    /// From `below` downwards as many as one scan can afford, and never less than one; nil for the newest.
    package init(_ transaction: Transaction, below: Int64?, rowsMax: Int = Self.rowsMax) throws(DatabaseError) {
        last = below ?? .max
        let row = try transaction.query(
            """
            SELECT min(revision), count(*) FROM (SELECT revision FROM charter.checksum WHERE revision <= $1
                ORDER BY revision DESC LIMIT $2) AS rows
            """, [.integer(last), .integer(Int64(rowsMax))])[0]
        first = try row.integer(1) < Int64(rowsMax) ? 0 : row.integer(0)
    }

    /// Of `charter.checksum`: more than that would keep a core busy for seconds at each scan.
    package static let rowsMax = 100_000

    package func contains(_ revision: Int64) -> Bool { first <= revision && revision <= last }
}
