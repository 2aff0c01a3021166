internal import Spec
internal import Store

/// What calls have in common that name no organization.
extension AdminCall {
    /// The caller as a member of an organization, which such calls are about.
    func ownMember() throws(Problem) -> (org: String, name: String) {
        guard let member = caller.member, let org = member.org else {
            throw Problem(.forbidden, "this call is about the caller's organization: present a member's key or token")
        }
        return (org, member.name)
    }

    /// Asks for a change whose answer tells what is told once, of the unit that declares the organization where none is given. Throws where
    /// the same call asked for it before.
    func declareOnce(
        _ title: String, _ steps: [ChangePatch.Step], org: String, unit: String? = nil, expecting: [ResourceKey: String?]
    ) throws -> ChangeReceipt {
        let receipt = try declare(title, steps, org: org, unit: unit, expecting: expecting)
        if receipt.isRepeated { throw Self.toldBefore(receipt) }
        return receipt
    }

    /// Throws where the same call was made before: to be asked before anything that its change has moved.
    func refuseRepetition() throws {
        if let earlier = try repeated() { throw Self.toldBefore(earlier) }
    }

    private static func toldBefore(_ receipt: ChangeReceipt) -> Problem {
        Problem(.conflict, "this call was made before, as the change \(receipt.request.uid), and its secret was told then")
    }

    /// The lineage of what a change declares; nil before that is applied.
    func uid(of key: ResourceKey, _ receipt: ChangeReceipt) throws -> String? {
        guard receipt.request.state == .enforced else { return nil }
        return try connection.transaction { try Resources.one($0, key)?.uid }
    }

    /// Throws where something of that name is declared.
    func refuseTaken(_ key: ResourceKey, _ transaction: Transaction) throws {
        if try key.isTaken(transaction) { throw Problem(.conflict, "\(key.kind.rawValue) \(key.name) is there already") }
    }

    /// A Scope of the platform or the organization, or one that is to be declared in the organization where neither has it.
    func scope(_ name: String, in org: String, opening endpoints: [Endpoint], _ transaction: Transaction) throws -> ResourceDraft? {
        let own = ResourceKey(org: org, kind: .scope, name: name)
        for key in [own, ResourceKey(org: nil, kind: .scope, name: name)] where try Resources.one(transaction, key) != nil { return nil }
        return try ResourceDraft(own, [("endpoints", .strings(endpoints.map(\.rawValue)))])
    }
}
