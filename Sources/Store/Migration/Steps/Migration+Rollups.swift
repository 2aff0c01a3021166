extension Migration {
    static let rollups = Migration(
        version: 10, name: "usage rollups",
        sql: """
            CREATE TABLE charter.usage_rollup (
                org_uid uuid NOT NULL,
                hour timestamptz NOT NULL,
                project_uid uuid NOT NULL,
                member_uid uuid NOT NULL,
                key_uid uuid NOT NULL,
                model text NOT NULL,
                requests bigint NOT NULL,
                tokens bigint NOT NULL,
                input bigint NOT NULL,
                output bigint NOT NULL,
                cost bigint NOT NULL,
                attempts bigint NOT NULL,
                errors bigint NOT NULL,
                estimated bigint NOT NULL,
                PRIMARY KEY (org_uid, hour, project_uid, member_uid, key_uid, model)
            );
            CREATE INDEX usage_rollup_by_key ON charter.usage_rollup (key_uid, hour);
            COMMENT ON TABLE charter.usage_rollup IS 'The ledger summed by hour in UTC, moved in the same transaction as the ledger';
            COMMENT ON COLUMN charter.usage_rollup.project_uid IS 'The zero UUID where there is none';
            COMMENT ON COLUMN charter.usage_rollup.member_uid IS 'The zero UUID where there is none';
            COMMENT ON COLUMN charter.usage_rollup.cost IS 'In nano-USD';
            COMMENT ON COLUMN charter.usage_rollup.errors IS 'Attempts with a status of 400 or more';
            COMMENT ON COLUMN charter.usage_rollup.estimated IS 'Attempts whose usage is an estimate';
            """)
}
