internal import Spec
internal import Store

/// Members that are applied, found by their email address.
enum DeclaredMember {
    /// More than one person has: who shares an address cannot be told apart by it.
    private static let most = 50

    static func find(_ transaction: Transaction, _ tenancy: Tenancy, email: String) throws -> [ResourceKey] {
        var text = JSONText()
        text.string(email)
        let rows = try Resources.list(transaction, tenancy, .member, holding: text.json, limit: most)
        return try rows.filter { row in
            guard case .member(let member) = try Resource.decode(key: row.key, canonical: row.canonical).body else { return false }
            return member.email == email
        }.map(\.key)
    }

    /// Throws where there is none that the caller may be told of, or several.
    static func only(_ transaction: Transaction, _ tenancy: Tenancy, email: String) throws -> ResourceKey {
        let found = try find(transaction, tenancy, email: email)
        guard let first = found.first else { throw Problem.notFound }
        guard found.count == 1 else { throw Problem(.conflict, "several members have this email address") }
        return first
    }
}
