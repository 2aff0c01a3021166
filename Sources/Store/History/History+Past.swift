package import Spec

/// Questions that look at a part of the state, so that each costs what it is asked for.
extension History {
    /// The uids of what revisions after `first` up to `last` changed; of one unit's, where it is named.
    package static func touched(
        _ transaction: Transaction, after first: Int64, through last: Int64, unit: String? = nil
    ) throws(DatabaseError) -> [String] {
        try uids(
            transaction.query(
                """
                SELECT DISTINCT h.uid FROM charter.history h WHERE h.revision > $1 AND h.revision <= $2
                    AND ($3::text IS NULL OR EXISTS (SELECT FROM charter.revision r WHERE r.id = h.revision AND r.unit = $3))
                """, [.integer(first), .integer(last), .text(unit)]))
    }

    /// The uids of what was ever called so, in the order of uids; each part that is nil lets every name pass.
    package static func uids(
        _ transaction: Transaction, _ tenancy: Tenancy, kind: Kind?, name: String?
    ) throws(DatabaseError) -> [String] {
        try uids(
            transaction.query(
                """
                SELECT DISTINCT uid FROM charter.history WHERE field = '' AND \(Tenancy.filter(1))
                    AND ($2::text IS NULL OR kind = $2) AND ($3::text IS NULL OR name = $3) ORDER BY uid
                """, [tenancy.value, .text(kind?.rawValue), .text(name)]))
    }

    private static func uids(_ rows: Rows) throws(DatabaseError) -> [String] {
        var uids: [String] = []
        uids.reserveCapacity(rows.count)
        for row in rows { uids.append(try row.text(0)) }
        return uids
    }

    /// What these resources were at a revision, by uid; those that were not declared then are left out.
    package static func state(
        _ transaction: Transaction, at revision: Int64, of uids: [String]
    ) throws(DatabaseError) -> [String: PastResource] {
        guard !uids.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            SELECT h.uid, h.field, h.value, h.revision, h.org, h.kind, h.name
            FROM unnest($2::uuid[]) AS n (uid)
            CROSS JOIN LATERAL (
                SELECT revision FROM charter.history w WHERE w.uid = n.uid AND w.field = '' AND w.revision <= $1
                ORDER BY w.revision DESC LIMIT 1) AS whole
            JOIN charter.history h ON h.uid = n.uid AND h.revision BETWEEN whole.revision AND $1
            ORDER BY h.uid, h.revision
            """, [.integer(revision), .texts(uids)])
        var builder = StateBuilder()
        for row in rows { builder.add(try FieldChange(row)) }
        return builder.finish()
    }

    /// The names of all that was declared at a revision, in order.
    package static func keys(
        _ transaction: Transaction, _ tenancy: Tenancy, at revision: Int64
    ) throws(DatabaseError) -> [ResourceKey] {
        let rows = try transaction.query(
            """
            SELECT org, kind, name FROM (
                SELECT DISTINCT ON (uid) org, kind, name, op FROM charter.history WHERE field = '' AND revision <= $2
                ORDER BY uid, revision DESC) AS last
            WHERE op = 'set' AND \(Tenancy.filter(1))
            """, [tenancy.value, .integer(revision)])
        var keys: [ResourceKey] = []
        keys.reserveCapacity(rows.count)
        for row in rows { keys.append(try ResourceKey(row, from: 0)) }
        return keys.sorted()
    }

    /// The names that resources of a kind ever had, for what was probably meant.
    package static func names(_ transaction: Transaction, of kind: Kind) throws(DatabaseError) -> [String] {
        let rows = try transaction.query(
            "SELECT DISTINCT name FROM charter.history WHERE field = '' AND kind = $1 ORDER BY name", [.text(kind.rawValue)])
        var names: [String] = []
        for row in rows { names.append(try row.text(0)) }
        return names
    }

    /// The resources that belonged to a unit at a revision, by uid: those that its revisions changed last.
    package static func state(
        _ transaction: Transaction, at revision: Int64, unit: String
    ) throws(DatabaseError) -> [String: PastResource] {
        let owned = try uids(
            transaction.query(
                """
                SELECT uid FROM (
                    SELECT DISTINCT ON (uid) uid, revision, op FROM charter.history WHERE field = '' AND revision <= $1
                    ORDER BY uid, revision DESC) AS last
                JOIN charter.revision r ON r.id = last.revision WHERE r.unit = $2 AND op = 'set'
                """, [.integer(revision), .text(unit)]))
        return try state(transaction, at: revision, of: owned)
    }
}
