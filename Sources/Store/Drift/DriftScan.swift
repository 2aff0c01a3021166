package import Spec

/// What the last comparison of a unit's rows with what was applied found.
package struct DriftScan: Hashable, Sendable {
    package var unit: String
    /// Set by the database.
    package var at: Instant
    /// The revision that the rows were compared with.
    package var revision: Int64
    /// How many resources drifted.
    package var resources: Int64
    /// How many of their fields, where a resource that is missing or not declared counts as one.
    package var fields: Int64
    /// A JSON array of the names of the first ones.
    package var first: String
    /// When there began to be drift, or to be none. Set by the database.
    package var since: Instant
    /// The revision from which the next scan goes on comparing history, downwards; nil to begin with the newest.
    package var historyBelow: Int64?

    package init(
        unit: String, at: Instant = Instant(milliseconds: 0), revision: Int64, resources: Int64, fields: Int64, first: String,
        since: Instant = Instant(milliseconds: 0)
    ) {
        self.unit = unit
        self.at = at
        self.revision = revision
        self.resources = resources
        self.fields = fields
        self.first = first
        self.since = since
    }
}

/// Statements on scans for drift.
package enum DriftScans {
    /// Records a scan in place of the one before.
    package static func record(_ transaction: Transaction, _ scan: DriftScan) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.drift_scan AS s (unit, revision, resources, fields, first, history_below) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (unit) DO UPDATE SET at = now(), revision = excluded.revision, resources = excluded.resources,
                fields = excluded.fields, first = excluded.first, history_below = excluded.history_below,
                since = CASE WHEN (s.resources > 0) = (excluded.resources > 0) THEN s.since ELSE now() END
            """,
            [
                .text(scan.unit), .integer(scan.revision), .integer(scan.resources), .integer(scan.fields),
                .text(scan.first), .integer(scan.historyBelow),
            ])
    }

    /// The last one of every unit, in the order of names.
    package static func list(_ transaction: Transaction) throws(DatabaseError) -> [DriftScan] {
        let rows = try transaction.query(
            """
            SELECT unit, \(SQLInstant.milliseconds("at")), revision, resources, fields, first,
                \(SQLInstant.milliseconds("since")), history_below FROM charter.drift_scan ORDER BY unit
            """)
        var scans: [DriftScan] = []
        for row in rows {
            var scan = DriftScan(
                unit: try row.text(0), at: try row.instant(1), revision: try row.integer(2), resources: try row.integer(3),
                fields: try row.integer(4), first: try row.text(5), since: try row.instant(6))
            scan.historyBelow = row.integerOrNil(7)
            scans.append(scan)
        }
        return scans
    }
}
