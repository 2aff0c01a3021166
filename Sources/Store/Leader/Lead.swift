package import Spec

/// Who leads, or led last.
package struct Lead: Hashable, Sendable {
    package var name: String
    package var holder: String
    package var since: Instant
    package var until: Instant
    /// By the database's clock, when it was read.
    package var isHeld: Bool
}

extension Leadership {
    /// Every lead that was ever taken, in the order of names.
    package static func list(_ transaction: Transaction) throws(DatabaseError) -> [Lead] {
        let rows = try transaction.query(
            """
            SELECT name, holder, \(SQLInstant.milliseconds("acquired_at")), \(SQLInstant.milliseconds("expires_at")),
                expires_at > clock_timestamp() FROM charter.leader ORDER BY name
            """)
        var leads: [Lead] = []
        for row in rows {
            leads.append(
                Lead(
                    name: try row.text(0), holder: try row.text(1), since: try row.instant(2), until: try row.instant(3),
                    isHeld: try row.boolean(4)))
        }
        return leads
    }
}
