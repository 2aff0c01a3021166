extension Migration {
    static let runtimeSequence = Migration(
        version: 16, name: "runtime sequence",
        sql: """
            CREATE TABLE charter.runtime_sequence (
                org_uid uuid PRIMARY KEY,
                id bigint NOT NULL
            );
            COMMENT ON TABLE charter.runtime_sequence IS
                'Counts the changes of an organization''s runtime state that gateways must follow, such as revoked delegated keys';
            """)
}
