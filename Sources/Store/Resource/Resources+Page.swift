package import Spec

extension Resources {
    /// Those of a kind behind a place in the order of org and name, which holds still while others come and go.
    ///
    /// `after` is the organization, empty for the platform, and name of the last one that is known already.
    package static func page(
        _ transaction: Transaction, _ tenancy: Tenancy, _ kind: Kind, after: (org: String, name: String)?, limit: Int
    ) throws(DatabaseError) -> [StoredResource] {
        try select(
            transaction,
            """
            WHERE \(Tenancy.filter(1)) AND kind = $2
                AND ($3::text IS NULL OR (org COLLATE "C", name COLLATE "C") > ($3::text COLLATE "C", $4::text COLLATE "C"))
            ORDER BY org COLLATE "C", name COLLATE "C" LIMIT $5
            """,
            [tenancy.value, .text(kind.rawValue), .text(after?.org), .text(after?.name), .integer(Int64(limit))])
    }
}
