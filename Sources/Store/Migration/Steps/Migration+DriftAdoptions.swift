extension Migration {
    /// Which change was asked for to declare what was found; and what every turn of a reconciler asks, from an index.
    static let driftAdoptions = Migration(
        version: 40, name: "drift adoptions",
        sql: """
            ALTER TABLE charter.drift_finding ADD COLUMN adoption uuid;
            COMMENT ON COLUMN charter.drift_finding.adoption IS
                'uid of the row of charter.change_request that declares what was found; NULL where nobody asked for one';
            CREATE INDEX drift_finding_asked ON charter.drift_finding (unit)
                WHERE settled_at IS NULL AND revert_asked_by IS NOT NULL;
            """)
}
