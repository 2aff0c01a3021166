extension Migration {
    /// What carrying out a change request needs to know of it, and what becomes of it.
    static let writeBack = Migration(
        version: 37, name: "write-back",
        sql: """
            ALTER TABLE charter.change_request DROP CONSTRAINT change_request_state_check;
            ALTER TABLE charter.change_request ADD CONSTRAINT change_request_state_check
                CHECK (state IN ('pending', 'proposed', 'committed', 'enforced', 'refused', 'withdrawn'));
            ALTER TABLE charter.change_request
                ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY,
                ADD COLUMN title text NOT NULL DEFAULT '',
                ADD COLUMN purpose text NOT NULL DEFAULT '',
                ADD COLUMN content bytea,
                ADD COLUMN branch text,
                ADD COLUMN place text,
                ADD COLUMN attempts integer NOT NULL DEFAULT 0,
                ADD COLUMN trouble text,
                ADD COLUMN due_at timestamptz NOT NULL DEFAULT now(),
                ADD COLUMN begun_at timestamptz;
            DROP INDEX charter.change_request_pending;
            CREATE INDEX change_request_open ON charter.change_request (unit, number)
                WHERE state IN ('pending', 'proposed', 'committed');
            CREATE INDEX change_request_by_org ON charter.change_request (org, number);
            COMMENT ON COLUMN charter.change_request.number IS 'The order in which requests are carried out';
            COMMENT ON COLUMN charter.change_request.title IS 'What is asked for, as the first line of the commit''s message';
            COMMENT ON COLUMN charter.change_request.purpose IS 'Why the caller asks for it';
            COMMENT ON COLUMN charter.change_request.content IS
                'SHA-256 of all that was asked, by which a repeated call is told from another one with the same key';
            COMMENT ON COLUMN charter.change_request.branch IS 'The branch that proposes it';
            COMMENT ON COLUMN charter.change_request.place IS 'path:line:column of what it was refused for';
            COMMENT ON COLUMN charter.change_request.trouble IS 'Why it waits, such as a remote that cannot be reached';
            COMMENT ON COLUMN charter.change_request.due_at IS 'When it is tried next';
            COMMENT ON COLUMN charter.change_request.begun_at IS
                'Since when its commit may be on the branch already, which is looked at before it is done again'
            """)
}
