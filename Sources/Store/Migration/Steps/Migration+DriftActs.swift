extension Migration {
    /// By what it is told that a row is still as it was found, and how often a change was asked for to declare a finding.
    static let driftActs = Migration(
        version: 46, name: "drift acts",
        sql: """
            ALTER TABLE charter.drift_finding ADD COLUMN row_digest text, ADD COLUMN asks integer NOT NULL DEFAULT 0,
                ADD COLUMN asked_since timestamptz;
            COMMENT ON COLUMN charter.drift_finding.row_digest IS
                'charter.row_digest of the row as the scan found it, in hexadecimal digits; NULL where there is none, or it is not of a row';
            COMMENT ON COLUMN charter.drift_finding.asks IS
                'Changes that were asked for to declare what was found, since asked_since';
            COMMENT ON COLUMN charter.drift_finding.asked_since IS 'When the present count began; it begins anew after ten minutes';
            CREATE INDEX drift_finding_by_adoption ON charter.drift_finding (adoption)
                WHERE settled_at IS NULL AND adoption IS NOT NULL;
            """)
}
