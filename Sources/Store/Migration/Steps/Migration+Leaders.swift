extension Migration {
    static let leaders = Migration(
        version: 14, name: "leaders",
        sql: """
            CREATE TABLE charter.leader (
                name text PRIMARY KEY,
                holder text NOT NULL,
                token bigint NOT NULL CHECK (token > 0),
                acquired_at timestamptz NOT NULL,
                expires_at timestamptz NOT NULL
            );
            COMMENT ON TABLE charter.leader IS 'Who may do what only one process does at a time, until when';
            COMMENT ON COLUMN charter.leader.token IS
                'Grows with every change of hands; what the leader writes checks it in the same transaction';
            """)
}
