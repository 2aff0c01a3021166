internal import Policy
internal import Spec
package import Store

/// `charter keys revoke`: the end of a minted key.
package struct RevokeRequest: Sendable {
    /// The key's uid, or `organization/name`.
    package var key: String
    package var actor: String
    package var reason: String?

    /// Who asks where that is not the host's operator: then `keys.revoke` is needed, and other organizations are not there.
    package var caller: Caller?

    package init(key: String, actor: String, reason: String?, caller: Caller? = nil) {
        (self.key, self.actor, self.reason, self.caller) = (key, actor, reason, caller)
    }

    /// Answers what to tell. Throws `RequestRefusal` where no such key is alive.
    package func run(_ connection: Connection) throws -> String {
        try connection.transaction { transaction in
            let found = try find(transaction)
            guard caller?.may(.keysRevoke, in: found.org) ?? true else {
                throw RequestRefusal("\(actor.printable) does not hold \(Permission.keysRevoke.rawValue) in \(found.org)", .forbidden)
            }
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
        let tenancy = caller?.tenancy ?? .everything
        if parts.count == 1, let found = try DelegatedKeys.find(transaction, tenancy, uid: key.lowercased()) { return found }
        if parts.count == 2, caller?.org.map({ $0 == parts[0] }) ?? true {
            if let found = try DelegatedKeys.find(transaction, .organization(parts[0]), name: parts[1]) { return found }
        }
        throw RequestRefusal("no key \(key) was minted; one that is declared is revoked in Git")
    }
}
