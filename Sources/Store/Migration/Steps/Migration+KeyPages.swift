extension Migration {
    /// An organization's living keys in the order in which they end, for pages that do not walk all that were ever minted.
    static let keyPages = Migration(
        version: 43, name: "key pages",
        sql: """
            CREATE INDEX delegated_key_by_end ON charter.delegated_key (org, expires_at, uid) WHERE revoked_at IS NULL;
            """)
}
