package import Spec

extension Overrides {
    /// Where a page ended: the last override on it.
    package struct Position: Hashable, Sendable {
        package let createdAt: Instant
        package let uid: String

        package init(createdAt: Instant, uid: String) { (self.createdAt, self.uid) = (createdAt, uid) }
    }

    /// Those that the tenancy sees, the newest first, behind a position; with `ended` those that are over as well.
    package static func page(
        _ transaction: Transaction, _ tenancy: Tenancy, ended: Bool, after position: Position?, limit: Int
    ) throws(DatabaseError) -> [Override] {
        let rows = try transaction.query(
            """
            SELECT \(Override.columns) FROM charter.override
            WHERE \(Tenancy.filter(1)) AND ($2 OR (ended_at IS NULL AND expires_at > now()))
                AND ($3::bigint IS NULL OR (\(made), uid::text COLLATE "C") < ($3, $4))
            ORDER BY \(made) DESC, uid::text COLLATE "C" DESC LIMIT $5
            """,
            [
                tenancy.value, .boolean(ended), .integer(position?.createdAt.milliseconds), .text(position?.uid), .integer(Int64(limit)),
            ])
        var found: [Override] = []
        for row in rows { found.append(try Override(row)) }
        return found
    }

    /// As precise as a position is.
    private static let made = SQLInstant.milliseconds("created_at")

    /// The one of that uid, if the tenancy sees it.
    package static func one(_ transaction: Transaction, _ tenancy: Tenancy, uid: String) throws(DatabaseError) -> Override? {
        let rows = try transaction.query(
            "SELECT \(Override.columns) FROM charter.override WHERE \(Tenancy.filter(1)) AND uid::text = $2", [tenancy.value, .text(uid)])
        guard let row = rows.first else { return nil }
        return try Override(row)
    }
}
