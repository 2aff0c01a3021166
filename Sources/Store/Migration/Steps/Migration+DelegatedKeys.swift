extension Migration {
    static let delegatedKeys = Migration(
        version: 8, name: "delegated keys",
        sql: """
            CREATE TABLE charter.delegated_key (
                uid uuid PRIMARY KEY,
                sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
                org text NOT NULL CHECK (org <> ''),
                org_uid uuid NOT NULL,
                parent_uid uuid NOT NULL,
                digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
                restrictions jsonb NOT NULL DEFAULT '{}',
                caller text NOT NULL,
                idempotency_key text NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now(),
                expires_at timestamptz NOT NULL,
                revoked_at timestamptz,
                revoked_by text,
                UNIQUE (caller, idempotency_key),
                CHECK (expires_at > created_at)
            );
            CREATE INDEX delegated_key_by_parent ON charter.delegated_key (parent_uid);
            COMMENT ON TABLE charter.delegated_key IS 'Short-lived child keys, minted at run time; never more than their parent may';
            COMMENT ON COLUMN charter.delegated_key.sequence IS 'Order of minting, for gateways that load what is new';
            COMMENT ON COLUMN charter.delegated_key.parent_uid IS 'Lineage of the declared key it stands under';
            COMMENT ON COLUMN charter.delegated_key.digest IS 'SHA-256 of the secret, which is stored nowhere';
            COMMENT ON COLUMN charter.delegated_key.restrictions IS 'What it may do less than its parent';
            """)
}
