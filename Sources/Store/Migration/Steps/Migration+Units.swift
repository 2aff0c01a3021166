extension Migration {
    static let units = Migration(
        version: 1, name: "units",
        sql: """
            CREATE TABLE charter.unit (
                name text PRIMARY KEY CHECK (name <> ''),
                repository text NOT NULL,
                folder text NOT NULL DEFAULT '',
                created_at timestamptz NOT NULL DEFAULT now(),
                fetched_commit text,
                fetched_at timestamptz,
                fetch_error text,
                fetch_error_at timestamptz,
                validated_commit text,
                validated_at timestamptz,
                rejected_commit text,
                rejected_at timestamptz,
                rejected_diagnostics json,
                CHECK ((rejected_commit IS NULL) = (rejected_at IS NULL)),
                CHECK ((fetched_commit IS NULL) = (fetched_at IS NULL)),
                CHECK ((validated_commit IS NULL) = (validated_at IS NULL))
            );
            COMMENT ON TABLE charter.unit IS
                'A repository and folder that moves on its own; its row is locked while it moves';
            COMMENT ON COLUMN charter.unit.fetched_commit IS 'Tip of the branch when it was last read';
            COMMENT ON COLUMN charter.unit.fetch_error IS 'Why the last fetch failed; NULL after one that succeeded';
            COMMENT ON COLUMN charter.unit.validated_commit IS 'The newest commit found free of mistakes';
            COMMENT ON COLUMN charter.unit.rejected_commit IS 'A newer commit that cannot be applied; NULL once superseded';
            COMMENT ON COLUMN charter.unit.rejected_diagnostics IS 'Array of diagnostics with path, line and column';
            """)
}
