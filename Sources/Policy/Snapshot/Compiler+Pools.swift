internal import Spec

/// Pools, and the keys that are minted in them.
extension Compiler {
    /// A declared pool, ready to give keys what it allows.
    struct CompiledPool {
        var spec: KeyPool
        var resource: Int32
        var org: Int32
        /// -1 outside of projects.
        var project: Int32
        /// Which models each of its keys may use.
        var rules: CompiledRules
        /// That all its keys are under together.
        var bounds: [Int32]
    }

    mutating func addPools(_ sorted: Sorted) {
        for governed in sorted[.keyPool] {
            guard case .keyPool(let spec) = governed.resource.body else { continue }
            let owner = org(governed.resource.key.org)
            guard owner != Self.platform else { continue }
            let project = spec.project.map { projectIndexes[InOrg(org: owner, name: $0)] }
            // Validation refuses a project that is not there; should one come through, the pool has no keys.
            if let project, project == nil { continue }
            let resource = register(governed)
            var rules = rules(spec.each.models, of: resource)
            rules.areOfEach = true
            pools[governed.uid] = CompiledPool(
                spec: spec, resource: resource, org: owner, project: (project ?? nil) ?? -1, rules: rules,
                bounds: bounds(spec.limits, spec.budget, of: resource))
        }
    }

    /// Adds keys of pools that are declared; one whose pool is gone opens nothing.
    mutating func add(_ keys: [DelegatedKey]) {
        for key in keys {
            if let pool = pools[key.poolUID] { add(key, of: pool) }
        }
        graph.register.seal()
    }

    private mutating func add(_ key: DelegatedKey, of pool: CompiledPool) {
        guard graph.secrets[key.digest] == nil else { return }
        let each = pool.spec.each
        let org = graph.orgs[Int(pool.org)]
        let resource = graph.register.add(
            ResourceKey(org: org.name, kind: .apiKey, name: key.name), uid: key.uid, at: pool.resource)
        let member = memberIndexes[InOrg(org: pool.org, name: key.issuer)] ?? -1
        var above: [(resource: Int32, noun: String)] = [(org.resource, "the organization"), (pool.resource, "the API key's pool")]
        if pool.project >= 0 { above.append((graph.projects[Int(pool.project)].resource, "the API key's project")) }
        if member >= 0 { above.append((graph.members[Int(member)].resource, "the API key's owner")) }
        graph.secrets[key.digest] = CompiledSecret(key: Int32(graph.keys.count), ordinal: 0, from: .min, until: .max)
        let narrowing = key.models.flatMap { $0.isEmpty ? nil : CompiledRules(resource: resource, allow: list($0), deny: 0..<0) }
        graph.keys.append(
            CompiledKey(
                resource: resource, org: pool.org, owner: member, project: pool.project,
                isForeignToProject: isForeign(key.issuer, of: org.name, to: pool.project),
                expires: key.expires.milliseconds, cuts: each.whenRevoked == .cut, suspensions: suspensions(of: above),
                rules: pool.rules, narrowing: narrowing,
                scopes: scopes(each.scopes.filter { key.scopes?.contains($0) ?? true }, in: pool.org),
                networks: networks(each.networks, by: RuleReference(resource: pool.resource, field: .eachNetworks), in: pool.org),
                origins: Int32(graph.originLists.count)..<Int32(graph.originLists.count),
                bounds: bounds(of: pool, resource: resource, member: member), inputMax: .max, outputMax: each.maxOutput ?? .max,
                tags: Self.tags(each.tags)))
    }

    private mutating func bounds(of pool: CompiledPool, resource: Int32, member: Int32) -> Range<Int32> {
        let each = pool.spec.each
        var own = bounds(each.limits, of: pool.resource, at: RuleField.eachLimit, counted: resource)
        if let terms = each.budget {
            let rule = RuleReference(resource: pool.resource, field: .eachBudgetHard)
            if let bound = budget(terms, rule: rule, counted: resource, subject: resource) { own = add(bound, to: own) }
        }
        own = bounds(of: resource, limits: each.limits, own, in: pool.org)
        return list(own + pool.bounds, tags: each.tags, project: pool.project, member: member, org: pool.org)
    }
}
