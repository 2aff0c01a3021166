extension Migration {
    /// Overrides that know which element of a list was meant, and which change makes a commit of them.
    static let overrideElements = Migration(
        version: 39, name: "elements of overrides",
        sql: """
            ALTER TABLE charter.override ADD COLUMN elements jsonb NOT NULL DEFAULT '{}', ADD COLUMN change_uid uuid;
            CREATE INDEX override_by_change ON charter.override (change_uid) WHERE ended_at IS NULL AND change_uid IS NOT NULL;
            COMMENT ON COLUMN charter.override.elements IS
                'By pointers of the patch: what the list element said when it was made, or the model of a target; empty in rows from before';
            COMMENT ON COLUMN charter.override.change_uid IS 'The change request that commits it, whose revision ends it';
            """)
}
