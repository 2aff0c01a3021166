extension DriftFindings {
    /// Those of some organization or of all in one of these states, or in any where there are none, the newest first; `before` is the id behind
    /// which the page begins.
    package static func page(
        _ transaction: Transaction, _ tenancy: Tenancy, states: [DriftFinding.State], before id: Int64?, limit: Int
    ) throws(DatabaseError) -> [DriftFinding] {
        try select(
            transaction,
            """
            \(Tenancy.filter(1, of: "f")) AND (cardinality($2::text[]) = 0 OR f.state = ANY ($2::text[]))
                AND ($3::bigint IS NULL OR f.id < $3) ORDER BY f.id DESC LIMIT $4
            """, [tenancy.value, .texts(states.map(\.rawValue)), .integer(id), .integer(Int64(limit))]
        ).map { $0.shown(to: tenancy) }
    }

    /// Those that the database still is like, of some organization or of all, in the order of their resources.
    package static func present(
        _ transaction: Transaction, _ tenancy: Tenancy, limit: Int
    ) throws(DatabaseError) -> [DriftFinding] {
        try select(
            transaction, "f.settled_at IS NULL AND \(Tenancy.filter(1, of: "f")) ORDER BY f.resource, f.field, f.id LIMIT $2",
            [tenancy.value, .integer(Int64(limit))]
        ).map { $0.shown(to: tenancy) }
    }

    /// The condition on those that somebody means: tenancy, resource and field are the first parameters.
    static let meant = """
        f.settled_at IS NULL AND \(Tenancy.filter(1, of: "f")) AND ($2::text IS NULL OR f.resource = $2) AND ($3::text IS NULL OR f.field = $3)
        """

    /// Those of them that somebody means, the first ones.
    package static func present(
        _ transaction: Transaction, _ tenancy: Tenancy, _ selection: Selection
    ) throws(DatabaseError) -> [DriftFinding] {
        try select(
            transaction,
            """
            \(meant) ORDER BY f.resource, f.field, f.id LIMIT $4
            """, [tenancy.value, .text(selection.resource), .text(selection.pointer), .integer(Int64(pageMax))])
    }
}
