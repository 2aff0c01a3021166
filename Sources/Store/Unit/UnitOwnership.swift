internal import Spec

/// Which unit each applied resource belongs to: the one whose revision changed it last.
package enum UnitOwnership {
    /// Lineages of the resources of all units but this one; empty where there is no other.
    package static func ofOthers(_ transaction: Transaction, than unit: String) throws(DatabaseError) -> [String: String] {
        let rows = try transaction.query(
            """
            SELECT uid, unit FROM (
                SELECT DISTINCT ON (h.uid) h.uid, r.unit FROM charter.history h
                JOIN charter.revision r ON r.id = h.revision ORDER BY h.uid, h.revision DESC
            ) AS last WHERE unit <> $1 AND EXISTS (SELECT FROM charter.revision WHERE unit <> $1)
            """, [.text(unit)])
        var units: [String: String] = [:]
        for row in rows { units[try row.text(0)] = try row.text(1) }
        return units
    }

    /// The unit of every lineage.
    package static func all(_ transaction: Transaction) throws(DatabaseError) -> [String: String] {
        // No unit is called so.
        try ofOthers(transaction, than: "")
    }

    /// The uid of the rules of a unit's repository, as applied last; empty where it declares none.
    package static func rules(_ transaction: Transaction, of unit: String) throws(DatabaseError) -> [String] {
        let rows = try transaction.query(
            """
            SELECT uid FROM (
                SELECT DISTINCT ON (h.uid) h.uid, h.op, r.unit FROM charter.history h
                JOIN charter.revision r ON r.id = h.revision WHERE h.kind = $2 AND h.field = ''
                ORDER BY h.uid, h.revision DESC
            ) AS last WHERE unit = $1 AND op = 'set'
            """, [.text(unit), .text(Kind.repository.rawValue)])
        var uids: [String] = []
        for row in rows { uids.append(try row.text(0)) }
        return uids
    }

    /// The newest revision that another unit brought about; 0 where there is none.
    package static func lastRevisionOfOthers(_ transaction: Transaction, than unit: String) throws(DatabaseError) -> Int64 {
        try transaction.query("SELECT coalesce(max(id), 0) FROM charter.revision WHERE unit <> $1", [.text(unit)])[0].integer(0)
    }
}
