extension Migration {
    /// What is asked every few moments for years, answered without walking what piled up.
    static let indexes = Migration(
        version: 26, name: "indexes",
        sql: """
            CREATE INDEX revision_by_unit ON charter.revision (unit, id);
            CREATE INDEX delivery_unsettled ON charter.delivery (recipient, state, event) WHERE state IN ('waiting', 'given_up');
            """)
}
