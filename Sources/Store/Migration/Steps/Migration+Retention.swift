extension Migration {
    /// How far the ledger was rid of what an organization does not want kept.
    static let retention = Migration(
        version: 32, name: "retention",
        sql: """
            CREATE TABLE charter.retention (
                org_uid uuid NOT NULL,
                part text NOT NULL CHECK (part IN ('usage', 'decisions')),
                done_to timestamptz NOT NULL,
                PRIMARY KEY (org_uid, part));
            COMMENT ON TABLE charter.retention IS 'Runtime: written by gateways alone';
            COMMENT ON COLUMN charter.retention.done_to IS 'Rows of the ledger before it were removed, or their decision records were';
            """)
}
