extension Migration {
    static let proposals = Migration(
        version: 6, name: "change requests",
        sql: """
            CREATE TABLE charter.change_request (
                uid uuid PRIMARY KEY,
                org text NOT NULL,
                unit text NOT NULL REFERENCES charter.unit (name),
                state text NOT NULL CHECK (state IN ('pending', 'committed', 'enforced', 'refused', 'withdrawn')),
                patch jsonb NOT NULL,
                caller text NOT NULL,
                idempotency_key text NOT NULL,
                base_revision bigint NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                decided_at timestamptz,
                decided_by text,
                reason text,
                commit text,
                revision bigint,
                UNIQUE (caller, idempotency_key),
                CHECK (state = 'pending' OR decided_at IS NOT NULL)
            );
            CREATE INDEX change_request_pending ON charter.change_request (created_at) WHERE state = 'pending';
            COMMENT ON TABLE charter.change_request IS
                'Changes of declared state that were asked for by a call and become commits of the reconciler';
            COMMENT ON COLUMN charter.change_request.org IS 'Empty for the platform';
            COMMENT ON COLUMN charter.change_request.patch IS 'What to change: resources by key, fields by JSON pointer';
            COMMENT ON COLUMN charter.change_request.base_revision IS 'The revision that the caller saw';
            COMMENT ON COLUMN charter.change_request.reason IS 'Why it was refused or withdrawn';
            COMMENT ON COLUMN charter.change_request.commit IS 'The commit it became';
            """)
}
