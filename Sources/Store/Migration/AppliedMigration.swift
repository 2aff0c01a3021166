package import Spec

/// A step of the schema as the database remembers it.
package struct AppliedMigration: Sendable {
    package var version: Int64
    package var name: String
    package var checksum: String
    package var appliedAt: Instant

    static func list(_ transaction: Transaction) throws(DatabaseError) -> [AppliedMigration] {
        let rows = try transaction.query(
            """
            SELECT version, name, checksum, \(SQLInstant.milliseconds("applied_at"))
            FROM charter.schema_migration WHERE version > 0 ORDER BY version
            """)
        var list: [AppliedMigration] = []
        for row in rows {
            list.append(
                AppliedMigration(
                    version: try row.integer(0), name: try row.text(1), checksum: try row.text(2),
                    appliedAt: try row.instant(3)))
        }
        return list
    }

    static func record(_ step: Migration, _ duration: Duration, _ transaction: Transaction) throws(DatabaseError) {
        try transaction.query(
            """
            INSERT INTO charter.schema_migration (version, name, checksum, applied_by, duration_ms)
            VALUES ($1, $2, $3, session_user, $4)
            """,
            [
                .integer(step.version), .text(step.name), .text(step.checksum),
                .integer(duration.wholeMilliseconds),
            ])
    }

    /// Made before the first step, and never changed.
    static let table = """
        CREATE SCHEMA IF NOT EXISTS charter;
        CREATE TABLE IF NOT EXISTS charter.schema_migration (
            version bigint PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            applied_by text NOT NULL,
            duration_ms bigint NOT NULL
        );
        COMMENT ON SCHEMA charter IS 'Charter: declared state, its history, and what ran under it';
        COMMENT ON TABLE charter.schema_migration IS
            'Steps of this schema that were run; the row of version 0 is locked by the one runner at work';
        INSERT INTO charter.schema_migration (version, name, checksum, applied_by, duration_ms)
            VALUES (0, 'lock', '', session_user, 0) ON CONFLICT DO NOTHING
        """
}
