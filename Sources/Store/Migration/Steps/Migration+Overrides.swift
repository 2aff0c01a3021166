extension Migration {
    static let overrides = Migration(
        version: 7, name: "overrides",
        sql: """
            CREATE TABLE charter.override (
                uid uuid PRIMARY KEY,
                sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
                org text NOT NULL,
                target_uid uuid NOT NULL,
                patch jsonb NOT NULL,
                owner text NOT NULL CHECK (owner <> ''),
                reason text NOT NULL CHECK (reason <> ''),
                base_revision bigint NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz NOT NULL,
                ended_at timestamptz,
                ended_by text,
                CHECK (expires_at > created_at)
            );
            CREATE INDEX override_in_force ON charter.override (expires_at) WHERE ended_at IS NULL;
            COMMENT ON TABLE charter.override IS
                'Changes in an emergency, beside Git: shown as drift, and over by themselves at expires_at';
            COMMENT ON COLUMN charter.override.sequence IS 'The override sequence that gateways report as enforced';
            COMMENT ON COLUMN charter.override.target_uid IS 'Lineage of the resource it changes';
            COMMENT ON COLUMN charter.override.ended_at IS 'When an admin ended it early';
            """)
}
