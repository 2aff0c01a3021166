extension Migration {
    /// A field may stand in a file of defaults, so a place may name its file.
    static let inheritedPlaces = Migration(
        version: 18, name: "inherited-places",
        sql: """
            COMMENT ON COLUMN charter.provenance.spans IS
                'Place of each field: {JSON pointer: [line, column]}, counted from 1; a third element is the file, where it is not path';
            """)
}
