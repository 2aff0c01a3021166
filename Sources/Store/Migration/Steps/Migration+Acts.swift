extension Migration {
    /// What brought a revision about, and the ways to find one by its time and a resource by an earlier name.
    static let acts = Migration(
        version: 20, name: "acts",
        sql: """
            ALTER TABLE charter.revision
                ADD COLUMN act text NOT NULL DEFAULT 'apply' CHECK (act IN ('apply', 'correct', 'rollback')),
                ADD COLUMN restored bigint REFERENCES charter.revision (id),
                ADD CHECK ((act = 'rollback') = (restored IS NOT NULL)),
                ADD CHECK (restored < id);
            COMMENT ON COLUMN charter.revision.act IS
                'apply: a commit; correct: what hands changed was put right; rollback: the state of an earlier revision';
            COMMENT ON COLUMN charter.revision.restored IS 'The revision whose state a rollback brought back';
            CREATE INDEX revision_by_time ON charter.revision (applied_at, id);
            CREATE INDEX history_by_name ON charter.history (kind, name, org) WHERE field = '';
            """)
}
