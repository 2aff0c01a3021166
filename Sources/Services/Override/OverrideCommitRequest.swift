internal import Policy
package import Spec
package import Store

/// `charter override commit`: what an override says becomes a change of what is declared, whose revision ends the override.
package struct OverrideCommitRequest: Sendable {
    /// The override's id, or the first 4 and more characters of it.
    package var id: String
    /// `organization/member` who asks for the commit; a name alone is a member of the override's organization.
    package var member: String
    /// Nil for the override's own reason.
    package var reason: String?
    /// Until when a denial is suspended in Git; nil for until somebody removes that.
    package var until: Instant?
    package var idempotencyKey: String?
    /// What tells the call from another one with the same key; see `ChangeTerms.call`.
    package var fingerprint: String?
    /// Who asks where that is not the host's operator: then `override.write` is needed, and other organizations are not there.
    package var caller: Caller?

    package init(
        id: String, as member: String, reason: String? = nil, until: Instant? = nil, idempotencyKey: String? = nil, caller: Caller? = nil
    ) {
        (self.id, self.member, self.reason, self.until) = (id, member, reason, until)
        (self.idempotencyKey, self.caller) = (idempotencyKey, caller)
    }

    /// Asks for the change, in the unit that declares the resource, and notes it with the override, so that asking again finds the same.
    ///
    /// Throws `RequestRefusal` where there is no such override, it is over, or nothing declared is its target; `ChangeRefused` and
    /// `IdempotencyConflict` as `ChangeCall` does. Whether the member may change it is judged when the change is carried out.
    package func run(_ connection: Connection) throws -> ChangeReceipt {
        let tenancy = caller?.tenancy ?? .everything
        return try connection.transaction { transaction in
            // Of two who ask at once, the later change would be refused, and be what the override waits for.
            try Overrides.hold(transaction)
            return try run(transaction, tenancy)
        }
    }

    private func run(_ transaction: Transaction, _ tenancy: Tenancy) throws -> ChangeReceipt {
        let override = try OverrideID(text: id).find(transaction, tenancy)
        guard caller?.may(.overrideWrite, in: override.target.org) ?? true else {
            throw RequestRefusal(
                "\(member) may not commit overrides of \(override.target): that needs \(Permission.overrideWrite.rawValue)", .forbidden)
        }
        let isOver = RequestRefusal("the override \(override.shortID) of \(override.subject) is over already")
        guard override.isInForce(at: try transaction.clock()) else { throw isOver }
        let asked = try override.change.flatMap { try ChangeRequests.one(transaction, .everything, uid: $0) }
        if let asked, asked.state != .refused, asked.state != .withdrawn {
            return ChangeReceipt(request: asked, isRepeated: true)
        }
        let call = try call(override, transaction)
        let receipt = try call.run(transaction)
        let isNoted = try Overrides.note(
            change: receipt.request.uid, of: override.uid, transaction, tenancy, actor: call.draft.caller)
        guard isNoted else { throw isOver }
        return receipt
    }

    private func call(_ override: Override, _ transaction: Transaction) throws -> ChangeCall {
        guard let row = try Resources.list(transaction, uids: [override.targetUID], keys: []).first else {
            throw RequestRefusal(
                "\(override.target) is not declared, so nothing can be committed", hint: "a minted key is revoked: charter keys revoke")
        }
        let declared = try Resource.decode(key: row.key, canonical: row.canonical)
        let wanted = try wanted(override, declared)
        guard wanted.canonical != declared.canonical else {
            throw RequestRefusal("\(row.key) is declared like that already", hint: "charter override end \(override.shortID)")
        }
        let terms = ChangeTerms(
            unit: row.unit, caller: try author(override.target.org), purpose: reason ?? override.reason, idempotencyKey: idempotencyKey,
            call: fingerprint)
        var call = ChangeCall.edit(row.key, [], by: terms)
        call.draft.title = "Commit the override \(override.shortID) of \(row.key)"
        // A key may carry less than its owner has, whose rights the reconciler judges by.
        let mayWrite = caller?.may(.configWrite, in: row.key.org) ?? true
        // What a commit changed since is not put back.
        call.draft.patch = ChangePatch(
            [.declare(row.key, canonical: wanted.canonical)], expected: [row.key: ChangePatch.seen(declared.canonical)],
            isProposal: !mayWrite)
        return call
    }

    private func author(_ org: String?) throws(RequestRefusal) -> String {
        if member.contains("/") { return member }
        guard let org else {
            throw RequestRefusal("it is not said of which organization \(member.printable) is", .misworded, hint: "write ORG/MEMBER")
        }
        return "\(org)/\(member)"
    }

    private func wanted(_ override: Override, _ declared: Resource) throws -> Resource {
        do throws(PatchProblem) {
            switch override.effect {
            case .denial: return try suspended(override, declared)
            case .patch(let patch):
                guard until == nil else { throw .invalid(["only a denial is committed with an end; a value stands until it is changed"]) }
                var patched = try PatchedResource(declared)
                try patched.lay(patch, number: 0)
                return patched.resource
            }
        } catch { throw RequestRefusal("the override \(override.shortID) of \(override.subject) cannot be committed: \(error)", .misworded) }
    }

    private func suspended(_ override: Override, _ declared: Resource) throws(PatchProblem) -> Resource {
        guard override.part == nil else {
            throw .invalid(["one model of a catalog has no `suspend`; remove it from the catalog, or suspend the catalog or its provider"])
        }
        return try declared.suspended(because: reason ?? override.reason, until: until)
    }
}
