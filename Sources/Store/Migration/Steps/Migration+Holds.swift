extension Migration {
    /// Units that were rolled back, so that what was rolled back does not come again by itself.
    static let holds = Migration(
        version: 23, name: "holds",
        sql: """
            CREATE TABLE charter.hold (
                unit text PRIMARY KEY REFERENCES charter.unit (name),
                revision bigint NOT NULL REFERENCES charter.revision (id),
                actor text NOT NULL CHECK (actor <> ''),
                reason text NOT NULL CHECK (reason <> ''),
                since timestamptz NOT NULL DEFAULT now()
            );
            COMMENT ON TABLE charter.hold IS
                'Units to which no commit is applied that declares what a rollback undid; ends with such a commit, or by a person';
            COMMENT ON COLUMN charter.hold.revision IS 'The first revision that a rollback made since the unit was last free';
            """)
}
