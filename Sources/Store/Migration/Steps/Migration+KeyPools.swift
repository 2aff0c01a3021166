extension Migration {
    static let keyPools = Migration(
        version: 31, name: "key pools",
        sql: """
            ALTER TABLE charter.delegated_key
                ADD COLUMN name text,
                ADD COLUMN prefix text NOT NULL DEFAULT '';
            UPDATE charter.delegated_key SET name = uid::text;
            ALTER TABLE charter.delegated_key ALTER COLUMN name SET NOT NULL;
            CREATE INDEX delegated_key_alive ON charter.delegated_key (parent_uid, expires_at) WHERE revoked_at IS NULL;
            COMMENT ON TABLE charter.delegated_key IS 'Keys that were minted at run time, within the bounds of a KeyPool';
            COMMENT ON COLUMN charter.delegated_key.parent_uid IS 'Lineage of the KeyPool whose bounds hold';
            COMMENT ON COLUMN charter.delegated_key.name IS 'By which bills and lists name it';
            COMMENT ON COLUMN charter.delegated_key.prefix IS 'How the secret begins, for people to recognise it';
            COMMENT ON COLUMN charter.delegated_key.restrictions IS 'What it may do less than its pool allows: scopes, models';
            COMMENT ON COLUMN charter.delegated_key.caller IS 'Name of the Member who minted it and with whose rights it acts';
            """)
}
