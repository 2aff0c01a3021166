extension Migration {
    static let gateways = Migration(
        version: 15, name: "gateways",
        sql: """
            CREATE TABLE charter.gateway (
                id text PRIMARY KEY CHECK (id <> ''),
                epoch bigint NOT NULL,
                revision bigint NOT NULL,
                state_digest bytea NOT NULL CHECK (octet_length(state_digest) = 32),
                version text NOT NULL,
                started_at timestamptz NOT NULL,
                reported_at timestamptz NOT NULL
            );
            COMMENT ON TABLE charter.gateway IS 'What each gateway says it enforces';
            COMMENT ON COLUMN charter.gateway.state_digest IS 'Computed by the gateway from what it loaded';
            """)
}
