extension Migration {
    /// What a unit's branch asks for, so that whoever looks can compare it without the repository.
    static let gitDigests = Migration(
        version: 29, name: "git digests",
        sql: """
            ALTER TABLE charter.unit ADD COLUMN validated_digest text, ADD COLUMN validated_beside bigint;
            COMMENT ON COLUMN charter.unit.validated_digest IS
                'The digest that the whole state would have with validated_commit applied; null where nobody computed it';
            COMMENT ON COLUMN charter.unit.validated_beside IS 'The newest revision when that was computed; 0 before the first';
            """)
}
