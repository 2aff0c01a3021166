internal import Policy
internal import Spec
package import Store

/// `charter override end`: what is declared holds again.
package struct OverrideEndRequest: Sendable {
    /// The override's id, or the first 4 and more characters of it.
    package var id: String
    package var actor: String
    package var reason: String?
    package var caller: Caller?

    package init(id: String, actor: String, reason: String?, caller: Caller? = nil) {
        (self.id, self.actor, self.reason, self.caller) = (id, actor, reason, caller)
    }

    /// Answers the one that ended. Throws `RequestRefusal` where there is none of that id, several, or it is over.
    package func run(_ connection: Connection) throws -> Override {
        let tenancy = caller?.tenancy ?? .everything
        return try connection.transaction { transaction in
            let prefix = id.lowercased()
            guard prefix.utf8.count >= Self.idLengthMin else {
                throw RequestRefusal("`\(id.printable)` is too short for an id", .misworded, hint: "charter override list shows the ids")
            }
            let found = try Overrides.find(transaction, tenancy, uidPrefix: prefix)
            guard let override = found.first else { throw RequestRefusal("there is no override \(id.printable)", .missing) }
            guard found.count == 1 else { throw RequestRefusal("several overrides begin with \(id.printable)", .misworded) }
            guard caller?.may(.overrideWrite, in: override.target.org) ?? true else {
                throw RequestRefusal("\(actor) may not end overrides of \(override.target)", .forbidden)
            }
            guard let ended = try Overrides.close(transaction, tenancy, uid: override.uid, actor: actor, reason: reason) else {
                throw RequestRefusal("the override \(override.shortID) of \(override.subject) is over already")
            }
            return ended
        }
    }

    private static let idLengthMin = 4
}
