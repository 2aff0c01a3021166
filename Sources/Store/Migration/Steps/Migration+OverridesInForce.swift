extension Migration {
    /// Overrides that gateways follow: what each is about by name too, denials, and a sequence that moves with every change.
    static let overridesInForce = Migration(
        version: 36, name: "overrides in force",
        sql: """
            ALTER TABLE charter.override
                ADD COLUMN kind text, ADD COLUMN name text,
                ADD COLUMN part text NOT NULL DEFAULT '',
                ADD COLUMN denies boolean NOT NULL DEFAULT false,
                ADD COLUMN gateway text,
                ALTER COLUMN sequence DROP IDENTITY;
            UPDATE charter.override o SET kind = l.kind, name = l.name FROM charter.lineage l WHERE l.uid = o.target_uid;
            UPDATE charter.override SET kind = 'Organization', name = target_uid::text, ended_at = coalesce(ended_at, now()),
                ended_by = coalesce(ended_by, 'charter') WHERE kind IS NULL;
            UPDATE charter.override SET ended_by = 'charter' WHERE ended_at IS NOT NULL AND ended_by IS NULL;
            UPDATE charter.override SET ended_by = NULL WHERE ended_at IS NULL;
            UPDATE charter.override SET denies = true WHERE patch = '{}'::jsonb;
            ALTER TABLE charter.override
                ALTER COLUMN kind SET NOT NULL, ALTER COLUMN name SET NOT NULL,
                ADD CHECK (kind <> ''), ADD CHECK (name <> ''),
                ADD CHECK (denies = (patch = '{}'::jsonb)),
                ADD CHECK ((ended_at IS NULL) = (ended_by IS NULL));
            CREATE INDEX override_by_target ON charter.override (target_uid) WHERE ended_at IS NULL;
            COMMENT ON COLUMN charter.override.sequence IS 'The override sequence at its last change';
            COMMENT ON COLUMN charter.override.org IS 'Empty for what belongs to the platform';
            COMMENT ON COLUMN charter.override.name IS 'What the target was called then; target_uid says what it is';
            COMMENT ON COLUMN charter.override.target_uid IS 'Lineage of the resource it changes or denies, or the uid of a minted key';
            COMMENT ON COLUMN charter.override.part IS 'provider/name of the one model of a catalog that is denied; else empty';
            COMMENT ON COLUMN charter.override.patch IS 'JSON pointers and the scalars that stand there meanwhile; empty for a denial';
            COMMENT ON COLUMN charter.override.gateway IS 'The gateway that took a denial by its own call; null for any other way';
            COMMENT ON COLUMN charter.override.ended_at IS 'When it was over: ended early, or found to have expired';
            CREATE TABLE charter.override_sequence (
                is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
                id bigint NOT NULL
            );
            INSERT INTO charter.override_sequence (id) SELECT coalesce(max(sequence), 0) FROM charter.override;
            COMMENT ON TABLE charter.override_sequence IS
                'Counts the changes of overrides; its row is locked by each, so that no number appears after a higher one';
            ALTER TABLE charter.gateway ADD COLUMN override_sequence bigint NOT NULL DEFAULT 0;
            COMMENT ON COLUMN charter.gateway.override_sequence IS 'Up to which change of overrides it enforces them';
            """)
}
