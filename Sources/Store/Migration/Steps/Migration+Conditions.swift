extension Migration {
    /// What tells since when each condition of a unit holds, and what the last scan for drift found.
    static let conditions = Migration(
        version: 24, name: "conditions",
        sql: """
            ALTER TABLE charter.unit ADD COLUMN fetch_since timestamptz;
            UPDATE charter.unit SET fetch_since = CASE WHEN fetch_error IS NULL THEN fetched_at ELSE fetch_error_at END;
            COMMENT ON COLUMN charter.unit.fetch_since IS 'When fetching began to succeed, or to fail; NULL before the first time';
            ALTER TABLE charter.gateway ADD COLUMN since timestamptz NOT NULL DEFAULT clock_timestamp();
            COMMENT ON COLUMN charter.gateway.since IS 'When it first reported the revision and digest that it reports';
            CREATE TABLE charter.drift_scan (
                unit text PRIMARY KEY REFERENCES charter.unit (name),
                at timestamptz NOT NULL DEFAULT now(),
                revision bigint NOT NULL,
                resources bigint NOT NULL CHECK (resources >= 0),
                fields bigint NOT NULL CHECK (fields >= resources),
                first json NOT NULL,
                since timestamptz NOT NULL DEFAULT now()
            );
            COMMENT ON TABLE charter.drift_scan IS 'What the last comparison of all rows with what was applied found';
            COMMENT ON COLUMN charter.drift_scan.first IS 'Array of the names of the first resources that drifted';
            COMMENT ON COLUMN charter.drift_scan.since IS 'When there began to be drift, or to be none';
            CREATE TABLE charter.condition (
                unit text NOT NULL REFERENCES charter.unit (name),
                name text NOT NULL CHECK (name <> ''),
                status text NOT NULL CHECK (status IN ('True', 'False', 'Unknown')),
                reason text NOT NULL CHECK (reason <> ''),
                since timestamptz NOT NULL,
                PRIMARY KEY (unit, name)
            );
            COMMENT ON TABLE charter.condition IS 'How each unit stood when somebody last looked, so that the time of a change outlives who saw it';
            COMMENT ON COLUMN charter.condition.since IS 'When the status last changed; a new reason alone does not move it';
            """)
}
