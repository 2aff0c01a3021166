package import Spec

extension Snapshot {
    /// Decides whether the caller may ask this at all: time, network, pages, role, scope, then the model.
    ///
    /// `now` is the time of authentication unless given; a connection that lives on gives its own.
    package func authorize(
        _ caller: Caller, _ facts: RequestFacts, now: Instant? = nil
    ) -> Result<Grant, Refusal> {
        guard caller.snapshot === self else {
            return authenticate(caller.digest, now: now ?? caller.now).flatMap { authorize($0, facts, now: now) }
        }
        if let refusal = expiry(of: caller.secret, now: now ?? caller.now) { return .failure(refusal) }
        if let refusal = objectionOfNetworks(caller.compiled, facts) ?? objectionOfOrigins(caller.compiled, facts) {
            return .failure(refusal)
        }
        return authorizeAnywhere(caller, facts)
    }

    /// The questions that neither time nor place changes.
    func authorizeAnywhere(_ caller: Caller, _ facts: RequestFacts) -> Result<Grant, Refusal> {
        let key = caller.compiled
        if let refusal = objectionOfRole(key) ?? objectionOfEndpoint(key, facts) {
            return .failure(refusal)
        }
        guard facts.endpoint.namesModel else {
            return .success(Grant(caller: caller, endpoint: facts.endpoint, requested: nil, targets: []))
        }
        return resolve(facts.model, in: key.org, for: caller).flatMap { entry in
            permitted(entry, key: key, endpoint: facts.endpoint).map { targets in
                Grant(caller: caller, endpoint: facts.endpoint, requested: entry, targets: targets)
            }
        }
    }

    private func objectionOfNetworks(_ key: CompiledKey, _ facts: RequestFacts) -> Refusal? {
        let networks = key.networks
        if !networks.denied.isEmpty, isUnknownOrWithin(networks.denied, facts.client) {
            return networkDenied(RuleReference(resource: key.resource, field: .denyNetworks))
        }
        guard !networks.allowed.isEmpty else { return nil }
        if facts.client != nil, isUnknownOrWithin(networks.allowed, facts.client) { return nil }
        return networkDenied(networks.allowing)
    }

    private func isUnknownOrWithin(_ range: Range<Int32>, _ client: ClientAddress?) -> Bool {
        guard let client else { return true }
        return graph.networks[Int(range.lowerBound)..<Int(range.upperBound)].contains { $0.contains(client) }
    }

    private func networkDenied(_ reference: RuleReference) -> Refusal {
        Refusal(.networkDenied, "the API key may not be used from this address", rule: rule(reference))
    }

    func objectionOfRole(_ key: CompiledKey) -> Refusal? {
        guard key.owner >= 0 else {
            return Refusal(
                .roleDenied, "the API key has no owner",
                rule: rule(RuleReference(resource: key.resource, field: .owner)))
        }
        let owner = graph.members[Int(key.owner)]
        if key.isForeignToProject {
            return Refusal(
                .roleDenied, "the API key's owner is no member of its project",
                rule: rule(RuleReference(resource: graph.projects[Int(key.project)].resource, field: .members)))
        }
        guard !owner.mayInvoke else { return nil }
        return Refusal(
            .roleDenied, "no role of the API key's owner permits \(Permission.inferenceInvoke.rawValue)",
            rule: rule(RuleReference(resource: owner.resource, field: .roles)))
    }

    private func objectionOfEndpoint(_ key: CompiledKey, _ facts: RequestFacts) -> Refusal? {
        let opens = key.scopes.contains {
            graph.scopes[Int(graph.scopeLists[Int($0)])].endpoints.contains(facts.endpoint)
        }
        guard !opens else { return nil }
        return Refusal(
            .scopeDenied, "no scope of the API key opens \(facts.endpoint.rawValue)",
            rule: rule(RuleReference(resource: key.resource, field: .scopes)))
    }
}
