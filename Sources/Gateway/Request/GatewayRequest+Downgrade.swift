internal import Policy
internal import Spec
internal import Synchronization

/// Budgets that send what comes late in their window to a cheaper model.
extension GatewayRequest {
    /// The claim itself, or that of the model which a budget wants used by now.
    ///
    /// What the key may not use instead is not used: the budget's hard bound still ends it. Only text goes elsewhere:
    /// another model's vectors are of no use, and it may neither draw nor speak.
    func cheaper(than claim: Claim, _ caller: Caller, _ facts: RequestFacts) -> Claim {
        guard claim.mayBeDowngraded, facts.endpoint.writesText,
            let cells = state?.cells(ofOrganization: caller.orgUID)
        else { return claim }
        let now = now
        guard let name = cells.table.withLock({ $0.downgrade(of: claim, now: now) }) else { return claim }
        var instead = facts
        instead.model = name
        instead.endpoint = endpoint
        guard let grant = try? authorize(caller, instead), !grant.isSame(as: claim.grant) else { return claim }
        instead.endpoint = facts.endpoint
        guard let cheaper = try? self.claim(grant, instead) else { return claim }
        downgradedFrom = claim.grant.name
        return cheaper
    }
}
