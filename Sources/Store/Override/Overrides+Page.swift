package import Spec

extension Overrides {
    /// Where a page ended: the last override on it.
    package struct Position: Hashable, Sendable {
        package let createdAt: Instant
        package let uid: String

        package init(createdAt: Instant, uid: String) { (self.createdAt, self.uid) = (createdAt, uid) }
    }

    /// Those that the tenancy sees, the newest first, behind a position; with `ended` those that are over as well; what this
    /// program cannot read is left out.
    package static func page(
        _ transaction: Transaction, _ tenancy: Tenancy, ended: Bool, after position: Position?, limit: Int
    ) throws(DatabaseError) -> [Override] {
        var asked = limit
        while true {
            let rows = try rows(transaction, tenancy, ended, position, asked)
            let found = try OverrideRows(rows)
            if found.overrides.count >= limit || rows.count < asked { return Array(found.overrides.prefix(limit)) }
            // A page that is not full would be taken for the last one.
            asked += found.unreadable.count
        }
    }

    private static func rows(
        _ transaction: Transaction, _ tenancy: Tenancy, _ ended: Bool, _ position: Position?, _ limit: Int
    ) throws(DatabaseError) -> Rows {
        try transaction.query(
            """
            SELECT \(Override.columns) FROM charter.override
            WHERE \(Tenancy.filter(1)) AND ($2 OR (ended_at IS NULL AND expires_at > now()))
                AND ($3::bigint IS NULL OR (\(made), uid::text COLLATE "C") < ($3, $4))
            ORDER BY \(made) DESC, uid::text COLLATE "C" DESC LIMIT $5
            """,
            [
                tenancy.value, .boolean(ended), .integer(position?.createdAt.milliseconds), .text(position?.uid), .integer(Int64(limit)),
            ])
    }

    /// As precise as a position is.
    private static let made = SQLInstant.milliseconds(Override.finite("created_at"))

    /// The one of that uid, if the tenancy sees it and this program can read it.
    package static func one(_ transaction: Transaction, _ tenancy: Tenancy, uid: String) throws(DatabaseError) -> Override? {
        let rows = try transaction.query(
            "SELECT \(Override.columns) FROM charter.override WHERE \(Tenancy.filter(1)) AND uid::text = $2", [tenancy.value, .text(uid)])
        return try OverrideRows(rows).overrides.first
    }
}
