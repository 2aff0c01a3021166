import Policy
import Reconciler
import Services
import Spec
import Store

extension Arguments {
    /// Who acts, for the audit: the account of this process, or the name that `--as` gives. A member must have the right in the
    /// organization, or on the platform where it is nil.
    func actor(_ permission: Permission, in org: String?, _ connection: Connection) throws -> String {
        guard let caller = try caller(connection) else { return namedActor }
        try require(permission, of: caller, in: org)
        return caller.name
    }

    /// Who acts on all that is theirs: a member must have the right in all of their organization, and acts on nothing else.
    func actorOnAll(_ permission: Permission, _ connection: Connection) throws -> (name: String, tenancy: Tenancy) {
        guard let caller = try caller(connection) else { return (namedActor, .everything) }
        try require(permission, of: caller, in: caller.org)
        return (caller.name, caller.tenancy)
    }

    /// Who does what no permission lets a member do. Throws where `--as` names a member whole.
    func hostActor() throws -> String {
        guard let key = memberNamed else { return namedActor }
        throw RequestRefusal(
            "\(key.name.printable) of \((key.org ?? "-").printable) may not: no permission lets a member do this, it is for whoever runs this host", .forbidden,
            hint: "leave --as out, or give a name alone")
    }

    /// The name that `--as` gives to whoever runs this host, or the account of this process.
    var namedActor: String { value("as") ?? Operator.name }

    private func require(_ permission: Permission, of caller: Services.Caller, in org: String?) throws {
        guard !caller.may(permission, in: org) else { return }
        throw RequestRefusal("\(caller.name.printable) does not hold \(permission.rawValue) in \((org ?? "-").printable)", .forbidden)
    }

    /// The member whom `--as` names whole, as `acme/ada`, with no more than that member's rights; nil for whoever runs this host, who
    /// may do all of it.
    ///
    /// Whoever has the database's password could name anybody, so the audit says the account as well (`Connection.account`).
    func caller(_ connection: Connection) throws -> Services.Caller? {
        guard let member = memberNamed else { return nil }
        do {
            return try Identity().caller(acting: member, connection)
        } catch let refusal as IdentityRefusal {
            throw RequestRefusal(refusal.description.printable, .forbidden)
        }
    }

    private var memberNamed: ResourceKey? { value("as").flatMap(ResourceKey.init(member:)) }
}
