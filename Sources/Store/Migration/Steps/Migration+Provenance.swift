extension Migration {
    static let provenance = Migration(
        version: 4, name: "provenance",
        sql: """
            CREATE TABLE charter.provenance (
                uid uuid NOT NULL,
                revision_from bigint NOT NULL,
                path text NOT NULL,
                blob text NOT NULL,
                line integer NOT NULL,
                col integer NOT NULL,
                spans jsonb NOT NULL,
                commit text NOT NULL,
                author text NOT NULL,
                committed_at timestamptz NOT NULL,
                summary text NOT NULL,
                PRIMARY KEY (uid, revision_from)
            );
            COMMENT ON TABLE charter.provenance IS
                'Where each resource is written, since a revision; no part of the digest, so moving a line changes nothing';
            COMMENT ON COLUMN charter.provenance.blob IS 'Git object id of the file';
            COMMENT ON COLUMN charter.provenance.spans IS 'Place of each field: {JSON pointer: [line, column]}, counted from 1';
            COMMENT ON COLUMN charter.provenance.commit IS 'The commit that last changed the resource';
            COMMENT ON COLUMN charter.provenance.author IS 'Name and address: Name <mail>';
            """)
}
