internal import Spec

/// The state at every revision, kept as changes of fields.
///
/// Creation and renaming set the whole resource, deletion removes it, and anything else sets or removes single fields.
package enum History {
    /// The changes of an apply for one resource: `old` is nil when it is created, `new` when it is deleted.
    package static func changes(
        uid: String, from old: PastResource?, to new: PastResource?, revision: Int64
    ) -> [FieldChange] {
        guard let new else {
            guard let old else { return [] }
            return [FieldChange(uid: uid, key: old.key, field: "", value: nil, revision: revision)]
        }
        let whole = FieldChange(uid: uid, key: new.key, field: "", value: new.canonical, revision: revision)
        guard let old, old.key == new.key else { return [whole] }
        guard old.canonical != new.canonical else { return [] }
        let (before, after) = (CanonicalFields(of: old.canonical), CanonicalFields(of: new.canonical))
        guard before.isExact, after.isExact else { return [whole] }
        let removed = before.pointers.filter { after[$0] == nil }.map { ($0, nil as String?) }
        let set = after.pointers.filter { before[$0] != after[$0] }.map { ($0, after[$0]) }
        return (removed + set).sorted { $0.0 < $1.0 }.map { field, value in
            FieldChange(uid: uid, key: new.key, field: field, value: value, revision: revision)
        }
    }

    package static func record(_ transaction: Transaction, _ changes: [FieldChange]) throws(DatabaseError) {
        guard !changes.isEmpty else { return }
        try transaction.copy(into: "charter.history (uid, revision, field, op, value, org, kind, name)", changes) { change, rows in
            rows.append(change.uid)
            rows.append(change.revision)
            rows.append(change.field)
            rows.append(change.value == nil ? "remove" : "set")
            rows.append(change.value)
            rows.append(change.key.orgColumn)
            rows.append(change.key.kind.rawValue)
            rows.append(change.key.name)
        }
    }

    /// The state as it was applied last, whatever hands did to the rows since: the base of the three-way comparison.
    package static func base(_ transaction: Transaction) throws(DatabaseError) -> [String: PastResource] {
        try state(transaction, at: Int64.max)
    }

    /// The same beside the rows as found in the same transaction, which lend their texts and uids where they are as applied: the
    /// database says so, and neither sends a text twice nor has it kept twice.
    package static func base(
        _ transaction: Transaction, beside rows: [String: StoredResource]
    ) throws(DatabaseError) -> [String: PastResource] {
        let changes = try transaction.query(
            """
            SELECT h.uid, h.field, CASE WHEN r.canonical = h.value THEN NULL ELSE h.value END, h.revision, h.org, h.kind, h.name,
                r.canonical = h.value IS TRUE
            FROM charter.history h
            JOIN (SELECT uid, max(revision) AS revision FROM charter.history WHERE field = '' GROUP BY uid) AS whole
                ON whole.uid = h.uid AND h.revision >= whole.revision
            LEFT JOIN charter.resource r ON h.field = '' AND r.uid = h.uid AND r.kind = ANY ($1::text[])
            ORDER BY h.uid, h.revision
            """, [Kind.column])
        var builder = StateBuilder()
        for row in changes {
            var change = try FieldChange(row)
            if try row.boolean(7) {
                guard let found = rows.index(forKey: change.uid) else {
                    throw DatabaseError(.unexpectedAnswer, "the row of \(change.uid) came after the rows were read")
                }
                (change.uid, change.value) = (rows[found].key, rows[found].value.canonical)
            }
            builder.add(change)
        }
        return builder.finish()
    }

    /// The whole state at a revision, by uid.
    package static func state(_ transaction: Transaction, at revision: Int64) throws(DatabaseError) -> [String: PastResource] {
        // From the last time the whole resource was set on; what happened before has no part in the state.
        let rows = try transaction.query(
            """
            SELECT h.uid, h.field, h.value, h.revision, h.org, h.kind, h.name FROM charter.history h
            JOIN (SELECT uid, max(revision) AS revision FROM charter.history WHERE field = '' AND revision <= $1 GROUP BY uid)
                AS whole ON whole.uid = h.uid AND h.revision >= whole.revision
            WHERE h.revision <= $1 ORDER BY h.uid, h.revision
            """, [.integer(revision)])
        var builder = StateBuilder()
        for row in rows { builder.add(try FieldChange(row)) }
        return builder.finish()
    }

    /// What happened to a resource, oldest first.
    package static func of(_ transaction: Transaction, uid: String) throws(DatabaseError) -> [FieldChange] {
        try list(transaction, "WHERE uid = $1::uuid ORDER BY revision, field COLLATE \"C\"", [.text(uid)])
    }

    /// What one revision changed.
    package static func of(
        _ transaction: Transaction, revision: Int64, _ tenancy: Tenancy
    ) throws(DatabaseError) -> [FieldChange] {
        try list(
            transaction, "WHERE revision = $2 AND \(Tenancy.filter(1)) ORDER BY org, kind, name, field COLLATE \"C\"",
            [tenancy.value, .integer(revision)])
    }

    static func list(
        _ transaction: Transaction, _ clause: String, _ values: [SQLValue]
    ) throws(DatabaseError) -> [FieldChange] {
        let rows = try transaction.query(
            "SELECT uid, field, value, revision, org, kind, name FROM charter.history \(clause)", values)
        var changes: [FieldChange] = []
        for row in rows { changes.append(try FieldChange(row)) }
        return changes
    }
}

extension FieldChange {
    init(_ row: Row) throws(DatabaseError) {
        self.init(
            uid: try row.text(0), key: try ResourceKey(row, from: 4), field: try row.text(1), value: row.textOrNil(2),
            revision: try row.integer(3))
    }
}
