extension Migration {
    static let history = Migration(
        version: 5, name: "history",
        sql: """
            CREATE TABLE charter.history (
                uid uuid NOT NULL,
                revision bigint NOT NULL,
                field text NOT NULL,
                op text NOT NULL CHECK (op IN ('set', 'remove')),
                value text,
                org text NOT NULL,
                kind text NOT NULL,
                name text NOT NULL,
                CHECK ((op = 'set') = (value IS NOT NULL))
            );
            CREATE INDEX history_by_uid ON charter.history (uid, revision);
            CREATE INDEX history_by_revision ON charter.history (revision);
            COMMENT ON TABLE charter.history IS 'Every change of every field; rows are only added';
            COMMENT ON COLUMN charter.history.field IS
                'JSON pointer into canonical; empty for the whole resource, which creation sets and deletion removes';
            COMMENT ON COLUMN charter.history.value IS 'JSON text as it stands in canonical; NULL where removed';
            COMMENT ON COLUMN charter.history.name IS 'The name at that revision';
            """)
}
