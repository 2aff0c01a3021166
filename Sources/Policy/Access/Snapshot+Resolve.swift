internal import Spec

/// From the name a client wrote to the models that may serve it.
extension Snapshot {
    /// The organization's route, the platform's route, `provider/model`, or a bare name that only one provider has.
    func resolve(_ name: String, in org: Int32, for caller: Caller) -> Result<NameEntry, Refusal> {
        if let entry = graph.orgs[Int(org)].routes[name] { return .success(entry) }
        switch graph.names[name] {
        case .entry(let entry): return .success(entry)
        case .ambiguous: return .failure(ambiguous(name))
        case nil: return .failure(unknown(name, for: caller))
        }
    }

    private func ambiguous(_ name: String) -> Refusal {
        Refusal(
            .modelNotFound, "several providers have a model `\(name)`: ask for `<provider>/\(name)`", param: "model")
    }

    private func unknown(_ name: String, for caller: Caller) -> Refusal {
        guard !name.isEmpty else { return Refusal(.modelNotFound, "no model is named", param: "model") }
        let known = models(for: caller).map(\.id)
        let hint = Suggestion.nearest(to: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
        let shown = name.unicodeScalars.count > Self.nameShownMax ? "that name" : "`\(name)`"
        return Refusal(.modelNotFound, "there is no model \(shown)\(hint)", param: "model")
    }

    /// Longest name repeated in a message; longer ones are not names.
    private static let nameShownMax = 100

    /// The models behind an entry that every rule permits; the refusal names what forbids the first.
    func permitted(_ entry: NameEntry, key: CompiledKey, endpoint: Endpoint) -> Result<[Int32], Refusal> {
        guard graph.isRoute(entry) else {
            if let objection = objection(to: entry.index, as: entry, key: key, endpoint: endpoint) {
                return .failure(denied(entry, by: objection))
            }
            return .success([entry.index])
        }
        let route = graph.route(entry)
        var targets: [Int32] = []
        targets.reserveCapacity(route.targets.count + route.fallback.count)
        var first: RuleReference?
        for model in route.models {
            let objection = objection(to: model, as: entry, key: key, endpoint: endpoint)
            if objection == nil { targets.append(model) } else { first = first ?? objection }
        }
        guard targets.isEmpty else { return .success(targets) }
        return .failure(denied(entry, by: first ?? RuleReference(resource: route.resource, field: .targets)))
    }

    /// The first rule of the key, the pool it was minted in, its project, its organization, their plan or its scopes that forbids a model.
    func objection(
        to model: Int32, as requested: NameEntry, key: CompiledKey, endpoint: Endpoint
    ) -> RuleReference? {
        if let objection = graph.objection(of: key.rules, to: model, as: requested) { return objection }
        if let narrowing = key.narrowing, let objection = graph.objection(of: narrowing, to: model, as: requested) { return objection }
        if key.project >= 0,
            let objection = graph.objection(of: graph.projects[Int(key.project)].rules, to: model, as: requested)
        {
            return objection
        }
        if let objection = graph.objection(ofOrganization: key.org, to: model, as: requested) { return objection }
        return graph.objectionOfScopes(of: key, endpoint: endpoint, to: model, as: requested)
    }

    private func denied(_ entry: NameEntry, by objection: RuleReference) -> Refusal {
        Refusal(
            .modelNotAllowed, "the API key may not use `\(graph.name(of: entry))`", rule: rule(objection),
            param: "model")
    }
}

extension CompiledRoute {
    /// Every model it can lead to, in the order of preference that its file gives.
    var models: [Int32] { targets.map(\.model) + fallback }
}
