internal import Spec
package import Store

/// Takes back a change that nobody has begun to carry out, or a proposal, whose branch the reconciler then takes away.
package struct ChangeWithdrawal: Sendable {
    package var id: String
    package var tenancy: Tenancy
    package var actor: String
    package var reason: String
    /// Who withdraws it where that is not the host's operator: then it must be their own, with `config.propose`, or `config.write` is needed.
    package var caller: Caller?

    package init(id: String, tenancy: Tenancy, actor: String, reason: String, caller: Caller? = nil) {
        (self.id, self.tenancy, self.actor, self.reason, self.caller) = (id, tenancy, actor, reason, caller)
    }

    /// Throws `ChangeRefused` where it is too late.
    package func run(_ connection: Connection) throws -> ChangeReceipt {
        try connection.transaction { transaction in
            let request = try ChangeQuestion.find(id, tenancy, transaction)
            guard caller?.reaches(request, with: .configWrite) ?? true else { throw ChangeQuestion.missing(id) }
            if let caller, !AdminCall.changing.contains(where: { caller.may($0, in: request.asked.org ?? caller.org) }) {
                throw ChangeRefused("withdrawing it takes \(AdminCall.changing.map(\.rawValue).joined(separator: " or "))")
            }
            guard try request.withdraw(transaction, reason: reason, by: actor) else {
                let state = request.state == .pending ? "being carried out" : request.state.rawValue
                throw ChangeRefused("the change is \(state) and cannot be withdrawn; what is committed is undone by another change")
            }
            return try ChangeReceipt(request: ChangeQuestion.find(id, tenancy, transaction), isRepeated: false)
        }
    }
}
