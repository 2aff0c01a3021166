internal import Policy
internal import Spec
package import Store

extension Caller {
    /// The member in whose name an account of this machine asks, `acme/ada`, with no more than that member's rights.
    ///
    /// Throws `RequestRefusal` where no such member counts now, or an override denies the member.
    package static func named(_ name: String, account: String, _ connection: Connection) throws -> Caller {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw RequestRefusal("`\(name.printable)` names no member", .misworded, hint: "write acme/ada")
        }
        let member = ResourceKey(org: parts[0], kind: .member, name: parts[1])
        return try connection.transaction(.repeatableRead) { transaction in
            let now = try transaction.clock()
            let book = try IdentityBook(transaction, revision: Revisions.currentID(transaction), now: now)
            let denials = try Overrides.inForce(transaction, .everything).filter { $0.effect == .denial }
            guard let rights = book.rights(of: member, vouchedBy: book.home, at: now),
                book.denied(Set(denials.map(\.targetUID)), among: [member]) == nil
            else {
                throw RequestRefusal("\(name.printable) is no member who counts now", .forbidden)
            }
            return Caller(name: name, member: member, rights: rights, proof: .socket(account: account))
        }
    }
}
