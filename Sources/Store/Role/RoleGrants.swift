/// The statements that give the roles of Charter's processes their rights, and no others.
package struct RoleGrants: Sendable {
    private let prefix: String
    /// Roles that are to be made first.
    private let missing: [DatabaseRole]
    /// That there are.
    private let tables: [String]

    /// Reads what there is. `prefix` is a `DatabaseRole.isPrefix`.
    package init(_ transaction: Transaction, prefix: String) throws(DatabaseError) {
        self.prefix = prefix
        let known = try transaction.query(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)", [.texts(DatabaseRole.allCases.map { $0.name(prefix: prefix) })])
        var names: Set<String> = []
        for row in known { names.insert(try row.text(0)) }
        missing = DatabaseRole.allCases.filter { !names.contains($0.name(prefix: prefix)) }
        // A partition is reached through its ledger, whose rights are asked then, so it has none of its own.
        let found = try transaction.query(
            """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'charter' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname
            """)
        var tables: [String] = []
        for row in found { tables.append(try row.text(0)) }
        self.tables = tables
    }

    /// Tables of which nobody said who may write them; all may read them.
    package var unknown: [String] { tables.filter { TableRights.all[$0] == nil } }

    /// Whether roles have to be made, which takes CREATEROLE.
    package var makesRoles: Bool { !missing.isEmpty }

    /// In the order in which they are to be run, in one transaction, by the owner of the schema. Running them again changes nothing.
    package var statements: [String] {
        missing.map { "CREATE ROLE \(name($0)) NOLOGIN" } + DatabaseRole.allCases.flatMap(rights)
    }

    private func name(_ role: DatabaseRole) -> String { role.name(prefix: prefix) }

    private func rights(of role: DatabaseRole) -> [String] {
        let name = name(role)
        // What an earlier version gave, or a hand, goes first.
        let taken = ["TABLES", "SEQUENCES", "FUNCTIONS"].map { "REVOKE ALL ON ALL \($0) IN SCHEMA charter FROM \(name)" }
        let read = ["GRANT USAGE ON SCHEMA charter TO \(name)"] + tables.map { "GRANT SELECT ON charter.\($0) TO \(name)" }
        let written = tables.compactMap { table in
            (TableRights.all[table]?[role]).map { "GRANT \($0.joined(separator: ", ")) ON charter.\(table) TO \(name)" }
        }
        let called = TableRights.functions.filter { $0.roles.contains(role) }.map { "GRANT EXECUTE ON FUNCTION \($0.signature) TO \(name)" }
        let raised = TableRights.sequences.filter { $0.roles.contains(role) }
            .flatMap { ["GRANT UPDATE ON SEQUENCE \($0.name) TO \(name)", "GRANT SELECT ON SEQUENCE \($0.name) TO \(name)"] }
        return ["REVOKE ALL ON SCHEMA charter FROM \(name)"] + taken + read + written + called + raised
    }

    /// Runs them all, or none.
    package static func apply(_ connection: Connection, prefix: String) throws -> RoleGrants {
        try connection.transaction(timeout: .seconds(60)) { transaction in
            let grants = try RoleGrants(transaction, prefix: prefix)
            for statement in grants.statements { try transaction.query(statement) }
            return grants
        }
    }
}
