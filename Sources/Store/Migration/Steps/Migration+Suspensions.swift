extension Migration {
    /// Units that stand still because somebody said so.
    static let suspensions = Migration(
        version: 22, name: "suspensions",
        sql: """
            CREATE TABLE charter.suspension (
                unit text PRIMARY KEY REFERENCES charter.unit (name),
                actor text NOT NULL CHECK (actor <> ''),
                reason text NOT NULL CHECK (reason <> ''),
                since timestamptz NOT NULL DEFAULT now(),
                until timestamptz CHECK (until > since)
            );
            COMMENT ON TABLE charter.suspension IS 'Units to which nothing is applied; a row whose time is over suspends nobody';
            COMMENT ON COLUMN charter.suspension.until IS 'NULL until somebody resumes it';
            """)
}
