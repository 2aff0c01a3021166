internal import Spec

/// Organizations, providers, models, routes, and the names that lead to them.
extension Compiler {
    mutating func addOrganizations(_ sorted: Sorted) {
        for governed in sorted[.organization] where orgIndexes[governed.resource.key.name] == nil {
            let resource = register(governed)
            let index = addOrg(governed.resource.key.name, uid: governed.uid, resource: resource)
            guard case .organization(let spec) = governed.resource.body else { continue }
            boundsOfOrg[Int(index)] = bounds(spec.limits, of: resource, counted: resource)
            keyDefaults[index] = spec.keyDefaults
            graph.orgs[Int(index)].isStrict = spec.durability == .strict
            graph.orgs[Int(index)].disclosure = spec.disclosure
        }
    }

    mutating func addProviders(_ sorted: Sorted) {
        for governed in sorted[.provider] {
            guard case .provider(let spec) = governed.resource.body else { continue }
            let name = governed.resource.key.name
            providerIndexes[name] = graph.providers.count
            providerResources.append(register(governed))
            graph.providers.append(
                ProviderEntry(index: graph.providers.count, name: name, uid: governed.uid, spec: spec))
        }
    }

    mutating func addModels(_ sorted: Sorted) {
        for governed in sorted[.modelCatalog] {
            guard case .modelCatalog(let spec) = governed.resource.body,
                let provider = providerIndexes[spec.provider]
            else { continue }
            let catalog = register(governed)
            let suspensions = suspensions(of: [
                (providerResources[provider], "the provider"), (catalog, "the catalog of the model"),
            ])
            for model in spec.models {
                let entry = ModelEntry(
                    index: graph.models.count, provider: graph.providers[provider], catalog: catalog,
                    catalogUID: governed.uid, suspensions: suspensions, model: model)
                guard qualified[entry.qualifiedName] == nil else { continue }
                qualified[entry.qualifiedName] = Int32(entry.index)
                graph.models.append(entry)
            }
        }
    }

    mutating func addRoutes(_ sorted: Sorted) {
        for governed in sorted[.routingPolicy] {
            guard case .routingPolicy(let spec) = governed.resource.body else { continue }
            let owner = org(governed.resource.key.org)
            let name = governed.resource.key.name
            let entry = graph.entry(ofRoute: graph.routes.count)
            if owner == Self.platform {
                graph.names[name] = .entry(entry)
            } else {
                graph.orgs[Int(owner)].routes[name] = entry
            }
            routesByName[name, default: []].append(entry.index)
            let resource = register(governed)
            graph.routes.append(
                CompiledRoute(
                    name: name, resource: resource, strategy: spec.strategy,
                    targets: targets(of: spec), fallback: fallback(of: spec), retry: spec.retry, breaker: spec.breaker,
                    suspensions: suspensions(of: [(resource, "`\(name)`")])))
        }
    }

    private func targets(of spec: RoutingPolicy) -> [CompiledRoute.Target] {
        spec.targets.compactMap { target in
            qualified[target.model].map { CompiledRoute.Target(model: $0, weight: max(0, target.weight)) }
        }
    }

    /// In order, without what is a target already.
    private func fallback(of spec: RoutingPolicy) -> [Int32] {
        var seen = Set(spec.targets.compactMap { qualified[$0.model] })
        return spec.fallback.compactMap { qualified[$0] }.filter { seen.insert($0).inserted }
    }

    /// Routes come before `provider/model`, and that before a bare name.
    mutating func addNames() {
        graph.names.merge(qualified.mapValues { .entry(NameEntry(index: $0)) }) { route, _ in route }
        let taken = Set(graph.names.keys)
        for model in graph.models where !taken.contains(model.name) {
            let isKnown = graph.names[model.name] != nil
            graph.names[model.name] = isKnown ? .ambiguous : .entry(NameEntry(index: Int32(model.index)))
        }
    }
}
