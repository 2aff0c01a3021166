internal import Spec

/// Whose rows a statement may see.
package enum Tenancy: Hashable, Sendable {
    /// What belongs to no organization.
    case platform
    case organization(String)
    /// Every organization and the platform: for the reconciler and the gateway, never for a caller's question.
    case everything

    /// The value that `filter` compares; NULL lets every row pass.
    var value: SQLValue {
        switch self {
        case .platform: .text("")
        case .organization(let name): .text(name)
        case .everything: .null
        }
    }

    /// The condition on a column `org`, of a table with an alias where there is one, for the parameter of this number.
    static func filter(_ parameter: Int, of alias: String = "") -> String {
        "($\(parameter)::text IS NULL OR \(alias.isEmpty ? "" : alias + ".")org = $\(parameter))"
    }
}

extension ResourceKey {
    /// What the column `org` holds: empty for the platform.
    var orgColumn: String { org ?? "" }

    /// Reads the columns org, kind and name from `column` on.
    init(_ row: Row, from column: Int) throws(DatabaseError) {
        let org = try row.text(column)
        let kindName = try row.text(column + 1)
        guard let kind = Kind(rawValue: kindName) else {
            throw DatabaseError(.unexpectedAnswer, "the database holds a resource of a kind that this program does not know")
        }
        self.init(org: org.isEmpty ? nil : org, kind: kind, name: try row.text(column + 2))
    }
}

extension [ResourceKey] {
    /// Three array parameters: org, kind, name.
    var columns: [SQLValue] {
        [.texts(map(\.orgColumn)), .texts(map(\.kind.rawValue)), .texts(map(\.name))]
    }
}
