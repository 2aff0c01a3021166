internal import Policy
internal import Spec
package import Store

/// `charter keys revoke`: the end of a minted key.
package struct RevokeRequest: Sendable {
    /// The key's uid, or `organization/name`.
    package var key: String
    package var actor: String
    package var reason: String?

    package init(key: String, actor: String, reason: String?) { (self.key, self.actor, self.reason) = (key, actor, reason) }

    /// Answers what to tell. Throws `RequestRefusal` where no such key is alive.
    package func run(_ connection: Connection) throws -> String {
        try connection.transaction { transaction in
            let found = try find(transaction)
            try RuntimeSequence.advance(transaction, orgUID: found.orgUID)
            guard try DelegatedKeys.revoke(transaction, uid: found.uid, by: actor) else {
                throw RequestRefusal("\(found.org)/\(found.name) has ended already")
            }
            let detail = JSONTree.object([("name", .string(found.name)), ("issuer", .string(found.issuer)), ("reason", .optional(reason))])
            try Audit.append(
                transaction, .organization(found.org), actor: actor, action: "key.revoked", subject: found.uid, detail: detail.text)
            return "\(found.org)/\(found.name) is revoked; gateways refuse it in less than a second."
        }
    }

    private func find(_ transaction: Transaction) throws -> DelegatedKeyRow {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 1, let found = try DelegatedKeys.find(transaction, .everything, uid: key.lowercased()) { return found }
        if parts.count == 2 {
            let alive = try DelegatedKeys.list(transaction, .organization(parts[0]))
            if let found = alive.first(where: { $0.name == parts[1] }) { return found }
        }
        throw RequestRefusal("no key \(key) was minted; one that is declared is revoked in Git")
    }
}
