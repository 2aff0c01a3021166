package import Spec

/// Resources by other things than their names.
extension Resources {
    /// Those of a kind whose lineages lie between two, both included; the bounds have the form of UUIDs.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, _ kind: Kind, uids: ClosedRange<String>
    ) throws(DatabaseError) -> [StoredResource] {
        try select(
            transaction, "AND uid >= $3::uuid AND uid <= $4::uuid", tenancy, kind, [.text(uids.lowerBound), .text(uids.upperBound)])
    }

    /// Those of these lineages, of the kinds that this program knows.
    static func list(_ transaction: Transaction, uids: [String]) throws(DatabaseError) -> [StoredResource] {
        try select(transaction, "WHERE uid = ANY ($1::uuid[]) AND kind = ANY ($2::text[])", [.texts(uids), Kind.column])
    }

    /// How many there are of the kinds that this program knows.
    package static func count(_ transaction: Transaction, _ tenancy: Tenancy) throws(DatabaseError) -> Int {
        let rows = try transaction.query(
            "SELECT count(*) FROM charter.resource WHERE \(Tenancy.filter(1)) AND kind = ANY ($2::text[])", [tenancy.value, Kind.column])
        return Int(try rows[0].integer(0))
    }

    /// Those of a kind with this text in a field of the spec; a walk over all of the kind.
    package static func list(
        _ transaction: Transaction, _ tenancy: Tenancy, _ kind: Kind, whose field: String, is text: String, limit: Int
    ) throws(DatabaseError) -> [StoredResource] {
        var json = JSONText()
        json.member(field, text)
        // Few texts hold it, and only those are taken apart.
        return try select(
            transaction,
            """
            AND CASE WHEN strpos(canonical, $3) > 0 THEN canonical::jsonb #>> ARRAY['spec', $4::text] = $5 ELSE false END
            ORDER BY org COLLATE "C", name COLLATE "C" LIMIT $6
            """, tenancy, kind, [.text(json.json), .text(field), .text(text), .integer(Int64(limit))])
    }

    private static func select(
        _ transaction: Transaction, _ clause: String, _ tenancy: Tenancy, _ kind: Kind, _ values: [SQLValue]
    ) throws(DatabaseError) -> [StoredResource] {
        try select(transaction, "WHERE \(Tenancy.filter(1)) AND kind = $2 \(clause)", [tenancy.value, .text(kind.rawValue)] + values)
    }
}
