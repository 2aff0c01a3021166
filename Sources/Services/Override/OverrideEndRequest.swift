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
            let override = try OverrideID(text: id).find(transaction, tenancy)
            guard caller?.may(.overrideWrite, in: override.target.org) ?? true else {
                throw RequestRefusal("\(actor) may not end overrides of \(override.target)", .forbidden)
            }
            guard let ended = try Overrides.close(transaction, tenancy, uid: override.uid, actor: actor, reason: reason) else {
                throw RequestRefusal("the override \(override.shortID) of \(override.subject) is over already")
            }
            return ended
        }
    }
}
