extension Migration {
    /// Living keys by their names, which minting, revoking and overrides ask for among very many.
    static let keyNames = Migration(
        version: 46, name: "key names",
        sql: """
            CREATE INDEX delegated_key_by_name ON charter.delegated_key (org, name) WHERE revoked_at IS NULL;
            """)
}
