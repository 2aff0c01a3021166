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

    /// Records where resources are written from this revision on.
    package static func record(
        _ transaction: Transaction, _ provenances: [String: Provenance], revision: Int64
    ) throws(DatabaseError) {
        guard !provenances.isEmpty else { return }
        var rows = CopyRows()
        for (uid, provenance) in provenances { rows.append(provenance, uid, revision) }
        try transaction.copy(
            into: """
                charter.provenance (uid, revision_from, path, blob, line, col, spans, commit, author, committed_at, summary)
                """, rows)
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
        for row in rows { provenances[try row.text(0)] = try Provenance(row) }
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
        append(
            JSONText.column(provenance.spans) { place, text in
                text.array { text in
                    text.integer(Int64(place.line))
                    text.integer(Int64(place.column))
                }
            })
        append(provenance.commit)
        append(provenance.author)
        append(SQLInstant.text(provenance.committedAt))
        append(provenance.summary)
        endRow()
    }
}

extension Provenance {
    fileprivate init(_ row: Row) throws(DatabaseError) {
        self.init(
            path: try row.text(1), blob: try row.text(2),
            document: Position(line: Int(try row.integer(3)), column: Int(try row.integer(4))),
            spans: Self.spans(try row.text(5)), commit: try row.text(6), author: try row.text(7),
            committedAt: try row.instant(8), summary: try row.text(9))
    }

    /// What is no place is left out: provenance explains, and must never keep a state from loading.
    private static func spans(_ text: String) -> [String: Position] {
        var walk = JSONWalk(text)
        guard let members = try? walk.members() else { return [:] }
        var spans: [String: Position] = [:]
        spans.reserveCapacity(members.count)
        for member in members {
            var value = JSONWalk(walk.bytes, at: member.value)
            guard let place = try? value.elements().map({ Int(walk.text($0)) }), place.count == 2,
                let line = place[0], let column = place[1]
            else { continue }
            spans[walk.unescaped(member.name)] = Position(line: line, column: column)
        }
        return spans
    }
}
