extension Migration {
    /// What there is to say of the copy of a remote that the leader reads, so that `charter status` says it too.
    static let mirrors = Migration(
        version: 27, name: "mirrors",
        sql: """
            ALTER TABLE charter.unit ADD COLUMN mirror_kept text;
            COMMENT ON COLUMN charter.unit.mirror_kept IS
                'Why the mirror of a remote, which has grown too large, is kept all the same; null while there is nothing to say';
            """)
}
