extension Migration {
    static let revisions = Migration(
        version: 2, name: "revisions",
        sql: """
            CREATE TABLE charter.revision (
                id bigint PRIMARY KEY CHECK (id > 0),
                unit text NOT NULL REFERENCES charter.unit (name),
                commit text NOT NULL,
                parent bigint REFERENCES charter.revision (id),
                vector jsonb NOT NULL,
                author text NOT NULL,
                message text NOT NULL,
                committed_at timestamptz NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now(),
                state_digest bytea NOT NULL CHECK (octet_length(state_digest) = 32),
                min_engine text NOT NULL DEFAULT '',
                created_count integer NOT NULL DEFAULT 0,
                updated_count integer NOT NULL DEFAULT 0,
                renamed_count integer NOT NULL DEFAULT 0,
                deleted_count integer NOT NULL DEFAULT 0,
                CHECK (parent < id)
            );
            COMMENT ON TABLE charter.revision IS 'Every state that was enforced, numbered over all units; rows never change';
            COMMENT ON COLUMN charter.revision.vector IS 'The commit at which each unit stands: {unit: commit}';
            COMMENT ON COLUMN charter.revision.parent IS 'The revision before; NULL for the first';
            COMMENT ON COLUMN charter.revision.state_digest IS
                'Lane-wise sum of the SHA-256 of all resources, as charter.state_digest() computes it';
            COMMENT ON COLUMN charter.revision.min_engine IS 'The oldest gateway that understands this state; empty for any';
            CREATE TABLE charter.revision_head (
                single boolean PRIMARY KEY DEFAULT true CHECK (single),
                id bigint NOT NULL
            );
            COMMENT ON TABLE charter.revision_head IS
                'One row, the newest revision; its lock orders all applies, so a smaller number is never seen after a larger';
            INSERT INTO charter.revision_head (id) VALUES (0);
            """)
}
