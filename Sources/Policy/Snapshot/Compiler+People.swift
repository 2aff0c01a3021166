internal import Spec

/// Plans, projects and scopes.
extension Compiler {
    mutating func addPlans(_ sorted: Sorted) {
        var limits: [String: (resource: Int32, limits: [Limit])] = [:]
        for governed in sorted[.plan] {
            guard case .plan(let spec) = governed.resource.body else { continue }
            limits[governed.resource.key.name] = (register(governed), spec.limits)
        }
        for governed in sorted[.organization] {
            guard case .organization(let spec) = governed.resource.body, let name = spec.plan,
                let plan = limits[name], let index = orgIndexes[governed.resource.key.name]
            else { continue }
            // The counters are the organization's own, so a change of plan keeps what was used.
            boundsOfOrg[Int(index)] += bounds(plan.limits, of: plan.resource, counted: graph.orgs[Int(index)].resource)
        }
    }

    mutating func addProjects(_ sorted: Sorted) {
        for governed in sorted[.project] {
            guard case .project(let spec) = governed.resource.body else { continue }
            let owner = org(governed.resource.key.org)
            let resource = register(governed)
            projectIndexes[InOrg(org: owner, name: governed.resource.key.name)] = Int32(graph.projects.count)
            graph.projects.append(CompiledProject(resource: resource, rules: rules(spec.models, of: resource)))
            boundsOfProject.append(bounds(spec.limits, of: resource, counted: resource))
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
