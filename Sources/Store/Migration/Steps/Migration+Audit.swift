extension Migration {
    static let audit = Migration(
        version: 13, name: "audit",
        sql: """
            CREATE TABLE charter.audit (
                sequence bigint PRIMARY KEY CHECK (sequence > 0),
                at timestamptz NOT NULL,
                org text NOT NULL,
                actor text NOT NULL,
                action text NOT NULL,
                subject text NOT NULL,
                detail text NOT NULL,
                previous bytea NOT NULL CHECK (octet_length(previous) = 32),
                hash bytea NOT NULL CHECK (octet_length(hash) = 32)
            );
            COMMENT ON TABLE charter.audit IS 'Administrative acts, only added; each row''s hash covers the row before';
            COMMENT ON COLUMN charter.audit.org IS 'Empty for the platform';
            COMMENT ON COLUMN charter.audit.detail IS 'JSON, kept as text since every byte counts for the hash';
            COMMENT ON COLUMN charter.audit.hash IS 'SHA-256 of previous and of the length and text of every other column';
            CREATE TABLE charter.audit_head (
                single boolean PRIMARY KEY DEFAULT true CHECK (single),
                sequence bigint NOT NULL,
                hash bytea NOT NULL CHECK (octet_length(hash) = 32)
            );
            COMMENT ON TABLE charter.audit_head IS 'One row, the end of the chain; its lock orders the writers';
            INSERT INTO charter.audit_head (sequence, hash)
                VALUES (0, pg_catalog.decode(pg_catalog.repeat('00', 32), 'hex'));
            CREATE FUNCTION charter.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'rows of charter.% are only added', TG_TABLE_NAME;
                END $$;
            COMMENT ON FUNCTION charter.refuse_change IS 'Guards the tables whose rows are only added';
            CREATE TRIGGER audit_is_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON charter.audit
                FOR EACH STATEMENT EXECUTE FUNCTION charter.refuse_change();
            """)
}
