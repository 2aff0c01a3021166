import Policy
import Reconciler
import Services
import Spec
import Store

extension Arguments {
    /// Who acts, for the audit: the account of this process, or the name that `--as` gives. A member must have the right in the
    /// organization, or in their own where it is nil.
    func actor(_ permission: Permission, in org: String?, _ connection: Connection) throws -> String {
        guard let caller = try caller(connection) else { return value("as") ?? Operator.name }
        let place = org ?? caller.member?.org
        guard caller.may(permission, in: place) else {
            throw RequestRefusal("\(caller.name.printable) does not hold \(permission.rawValue) in \((place ?? "-").printable)", .forbidden)
        }
        return caller.name
    }

    /// The member whom `--as` names whole, as `acme/ada`, with no more than that member's rights; nil for whoever runs this host, who
    /// may do all of it.
    ///
    /// Whoever has the database's password could name anybody, so the audit says the account as well (`Connection.account`).
    func caller(_ connection: Connection) throws -> Services.Caller? {
        guard let name = value("as") else { return nil }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        do {
            return try Identity().caller(acting: ResourceKey(org: parts[0], kind: .member, name: parts[1]), connection)
        } catch let refusal as IdentityRefusal {
            throw RequestRefusal(refusal.description.printable, .forbidden)
        }
    }
}
