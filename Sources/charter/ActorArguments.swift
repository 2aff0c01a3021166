import Policy
import Reconciler
import Services
import Spec
import Store

extension Arguments {
    /// Who acts, for the audit: the account of this process, or the name that `--as` gives.
    ///
    /// A member must have the right in the organization, or in their own where it is nil. Whoever has the database's password could
    /// name anybody, so the audit says the account as well (`Connection.account`).
    func actor(_ permission: Permission, in org: String?, _ connection: Connection) throws -> String {
        guard let name = value("as") else { return Operator.name }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return name }
        guard try Caller.named(name, account: Operator.account, connection).may(permission, in: org ?? parts[0]) else {
            throw RequestRefusal("\(name.printable) does not hold \(permission.rawValue) in \((org ?? parts[0]).printable)", .forbidden)
        }
        return name
    }
}
