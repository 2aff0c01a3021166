extension Migration {
    /// Plans that wait for somebody's word, and the words given.
    static let approvals = Migration(
        version: 21, name: "approvals",
        sql: """
            CREATE TABLE charter.waiting_plan (
                unit text PRIMARY KEY REFERENCES charter.unit (name),
                digest text NOT NULL,
                commit text NOT NULL,
                author text NOT NULL,
                since timestamptz NOT NULL DEFAULT now(),
                blocks json NOT NULL,
                remarks json NOT NULL
            );
            COMMENT ON TABLE charter.waiting_plan IS 'The plan that each unit holds back until somebody lets it pass';
            COMMENT ON COLUMN charter.waiting_plan.digest IS 'Over the state it begins at and every change; what approvals are bound to';
            COMMENT ON COLUMN charter.waiting_plan.blocks IS 'Array of reasons with code and message';
            COMMENT ON COLUMN charter.waiting_plan.remarks IS 'Array of sentences on approvals that do not count';
            CREATE TABLE charter.approval (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                digest text NOT NULL,
                unit text NOT NULL,
                org text NOT NULL,
                member text NOT NULL,
                reason text NOT NULL,
                at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz NOT NULL,
                CHECK (expires_at > at)
            );
            CREATE INDEX approval_by_digest ON charter.approval (digest);
            COMMENT ON TABLE charter.approval IS 'Words of members that let one plan pass; whether they may is asked when it is applied';
            COMMENT ON COLUMN charter.approval.digest IS 'Of the plan, in hexadecimal digits';
            CREATE TRIGGER approval_is_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON charter.approval
                FOR EACH STATEMENT EXECUTE FUNCTION charter.refuse_change();
            """)
}
