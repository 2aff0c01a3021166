internal import Spec

/// Plans, projects and scopes.
extension Compiler {
    mutating func addPlans(_ sorted: Sorted) {
        var declared: [String: (resource: Int32, plan: Plan)] = [:]
        for governed in sorted[.plan] {
            guard case .plan(let spec) = governed.resource.body else { continue }
            declared[governed.resource.key.name] = (register(governed), spec)
        }
        for governed in sorted[.organization] {
            guard case .organization(let spec) = governed.resource.body, let name = spec.plan,
                let (resource, plan) = declared[name], let index = orgIndexes[governed.resource.key.name]
            else { continue }
            plans[index] = (resource, plan)
            graph.orgs[Int(index)].plan = name
            // The counters are the organization's own, so a change of plan keeps what was used.
            boundsOfOrg[Int(index)] = bounds(
                plan.limits, of: resource, counted: graph.orgs[Int(index)].resource, beside: boundsOfOrg[Int(index)])
        }
    }

    /// What models all keys of an organization may use: as it says itself, as its plan says, and where data may go.
    mutating func addRulesOfOrganizations(_ sorted: Sorted) {
        for governed in sorted[.organization] {
            guard case .organization(let spec) = governed.resource.body,
                let index = orgIndexes[governed.resource.key.name]
            else { continue }
            let resource = graph.orgs[Int(index)].resource
            var all: [CompiledRules] = []
            if spec.models != ModelRules() { all.append(rules(spec.models, of: resource)) }
            if let (resource, plan) = plans[index], plan.models != ModelRules() { all.append(rules(plan.models, of: resource)) }
            graph.orgs[Int(index)].rules = all
            graph.orgs[Int(index)].unknownPrice = unknownPrice(spec.unknownPrice, in: index)
            graph.orgs[Int(index)].residency = list(
                spec.residency.sorted { $0.key < $1.key }.map { .label($0.key, $0.value) })
        }
    }

    /// A route's prices are those of its first target. Validation refuses a name that leads nowhere; should one come through,
    /// nothing is known of the price.
    private func unknownPrice(_ declared: Organization.UnknownPrice?, in org: Int32) -> UnknownPrice {
        switch declared {
        case nil: return .standard
        case .allow: return .allow
        case .deny: return .deny
        case .priceAs(let name):
            var entry = graph.orgs[Int(org)].routes[name]
            if entry == nil, case .entry(let found)? = graph.names[name] { entry = found }
            guard let entry else { return .deny }
            guard graph.isRoute(entry) else { return .pricedAs(entry.index) }
            return graph.route(entry).targets.first.map { .pricedAs($0.model) } ?? .deny
        }
    }

    mutating func addProjects(_ sorted: Sorted) {
        for governed in sorted[.project] {
            guard case .project(let spec) = governed.resource.body else { continue }
            let owner = org(governed.resource.key.org)
            let resource = register(governed)
            projectIndexes[InOrg(org: owner, name: governed.resource.key.name)] = Int32(graph.projects.count)
            graph.projects.append(CompiledProject(resource: resource, rules: rules(spec.models, of: resource)))
            boundsOfProject.append(bounds(spec.limits, spec.budget, of: resource))
            ownersOfProject.append(spec.members)
        }
    }

    mutating func addScopes(_ sorted: Sorted) {
        for governed in sorted[.scope] {
            guard case .scope(let spec) = governed.resource.body else { continue }
            let owner = org(governed.resource.key.org)
            let resource = register(governed)
            var endpoints = EndpointSet()
            spec.endpoints.forEach { endpoints.insert($0) }
            scopeIndexes[InOrg(org: owner, name: governed.resource.key.name)] = Int32(graph.scopes.count)
            graph.scopes.append(
                CompiledScope(resource: resource, endpoints: endpoints, rules: rules(spec.models, of: resource)))
        }
    }

    /// The organization's scope of that name, else the platform's.
    func scope(_ name: String, in org: Int32) -> Int32? {
        scopeIndexes[InOrg(org: org, name: name)] ?? scopeIndexes[InOrg(org: Self.platform, name: name)]
    }
}
