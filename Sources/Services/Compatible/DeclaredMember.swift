internal import Spec
internal import Store

/// Members that are applied, found by their email address.
enum DeclaredMember {
    /// More than one person has: who shares an address cannot be told apart by it.
    private static let most = 50

    static func find(_ transaction: Transaction, _ tenancy: Tenancy, email: String) throws -> [ResourceKey] {
        try Resources.list(transaction, tenancy, .member, whose: "email", is: email, limit: most).map(\.key)
    }

    /// Throws where there is none that the caller may be told of, or several.
    static func only(_ transaction: Transaction, _ tenancy: Tenancy, email: String) throws -> ResourceKey {
        let found = try find(transaction, tenancy, email: email)
        guard let first = found.first else { throw Problem.notFound }
        guard found.count == 1 else { throw Problem(.conflict, "several members have this email address") }
        return first
    }
}
