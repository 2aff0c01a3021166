package import Spec

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

    /// The unit of every resource of these kinds that is declared, as applied last, by uid.
    package static func declared(_ transaction: Transaction, _ kinds: [Kind]) throws(DatabaseError) -> [String: String] {
        let rows = try transaction.query(
            """
            SELECT uid, unit FROM (
                SELECT DISTINCT ON (h.uid) h.uid, h.op, r.unit FROM charter.history h
                JOIN charter.revision r ON r.id = h.revision WHERE h.kind = ANY ($1::text[]) AND h.field = ''
                ORDER BY h.uid, h.revision DESC
            ) AS last WHERE op = 'set'
            """, [.texts(kinds.map(\.rawValue))])
        var units: [String: String] = [:]
        for row in rows { units[try row.text(0)] = try row.text(1) }
        return units
    }

    /// The unit of those of these resources that are declared, as applied last, by uid.
    package static func declared(_ transaction: Transaction, uids: [String]) throws(DatabaseError) -> [String: String] {
        let rows = try transaction.query(
            """
            SELECT n.uid, r.unit FROM unnest($1::uuid[]) AS n (uid)
            CROSS JOIN LATERAL (
                SELECT revision, op FROM charter.history w WHERE w.uid = n.uid AND w.field = '' ORDER BY w.revision DESC LIMIT 1) AS last
            JOIN charter.revision r ON r.id = last.revision WHERE last.op = 'set'
            """, [.texts(uids)])
        var units: [String: String] = [:]
        for row in rows { units[try row.text(0)] = try row.text(1) }
        return units
    }

    /// The unit that declares an organization, or was the last to do so; nil where none ever did.
    package static func last(_ transaction: Transaction, declaring org: String) throws(DatabaseError) -> String? {
        try transaction.query(
            """
            SELECT r.unit FROM charter.history h JOIN charter.revision r ON r.id = h.revision
            WHERE h.kind = $1 AND h.name = $2 AND h.field = '' ORDER BY h.revision DESC LIMIT 1
            """, [.text(Kind.organization.rawValue), .text(org)]
        ).first?.text(0)
    }

    /// The unit that speaks for the platform: the only one that declares anything, whatever its name, and of several the usual one. As
    /// applied, whatever hands did to the rows since.
    package static func platform(_ transaction: Transaction) throws(DatabaseError) -> String {
        let named = try transaction.query(
            "WITH RECURSIVE \(namedUnits) SELECT unit FROM named WHERE unit IS NOT NULL")
        guard named.count > 1 else { return try named.first?.text(0) ?? Units.usual }
        let declaring = try transaction.query(
            """
            WITH RECURSIVE \(namedUnits)
            SELECT unit FROM named WHERE EXISTS (
                SELECT FROM charter.revision r JOIN charter.history h ON h.revision = r.id
                WHERE r.unit = named.unit AND h.field = '' AND h.op = 'set' AND NOT EXISTS (
                    SELECT FROM charter.history w WHERE w.uid = h.uid AND w.field = '' AND w.revision > h.revision))
            """)
        return declaring.count == 1 ? try declaring[0].text(0) : Units.usual
    }

    /// The uid of the rules of a unit's repository, as applied last; empty where it declares none.
    package static func rules(_ transaction: Transaction, of unit: String) throws(DatabaseError) -> [String] {
        try declared(transaction, [.repository]).filter { $0.value == unit }.map(\.key)
    }

    /// The newest revision that another unit brought about; 0 where there is none.
    package static func lastRevisionOfOthers(_ transaction: Transaction, than unit: String) throws(DatabaseError) -> Int64 {
        try transaction.query(
            """
            WITH RECURSIVE \(namedUnits)
            SELECT coalesce(max((SELECT max(id) FROM charter.revision r WHERE r.unit = named.unit)), 0) FROM named WHERE unit <> $1
            """, [.text(unit)])[0].integer(0)
    }

    /// Every unit that brought a revision about, and one without a name. Unit by unit, each the end of an index: in a single one no
    /// revision would match another's name, and all would be looked at.
    private static let namedUnits = """
        named AS (
            (SELECT unit FROM charter.revision ORDER BY unit LIMIT 1)
            UNION ALL
            SELECT (SELECT r.unit FROM charter.revision r WHERE r.unit > named.unit ORDER BY r.unit LIMIT 1)
            FROM named WHERE named.unit IS NOT NULL)
        """
}
