internal import Spec

extension Compiler {
    mutating func addKeys(_ sorted: Sorted) {
        let keys = sorted[.apiKey]
        graph.keys.reserveCapacity(keys.count)
        graph.secrets.reserveCapacity(keys.count)
        for governed in keys {
            guard case .apiKey(let spec) = governed.resource.body else { continue }
            add(spec, governed)
        }
    }

    private mutating func add(_ spec: APIKey, _ governed: GovernedResource) {
        let owner = org(governed.resource.key.org)
        guard owner != Self.platform else { return }
        let resource = register(governed)
        let project = spec.project.map { projectIndexes[InOrg(org: owner, name: $0)] ?? Self.missing } ?? -1
        // Validation refuses both; should one come through, a key of nobody may do nothing.
        let member = project == Self.missing ? -1 : memberIndexes[InOrg(org: owner, name: spec.owner)] ?? -1
        var above: [(resource: Int32, noun: String)] = [
            (graph.orgs[Int(owner)].resource, "the organization"), (resource, "the API key"),
        ]
        if project >= 0 { above.append((graph.projects[Int(project)].resource, "the API key's project")) }
        if member >= 0 { above.append((graph.members[Int(member)].resource, "the API key's owner")) }
        addSecrets(of: spec, key: Int32(graph.keys.count))
        graph.keys.append(
            CompiledKey(
                resource: resource, org: owner, owner: member, project: max(-1, project),
                isForeignToProject: isForeign(spec.owner, of: governed.resource.key.org, to: project),
                expires: spec.expires?.milliseconds ?? .max, cuts: spec.whenRevoked == .cut, suspensions: suspensions(of: above),
                rules: rules(spec.models, of: resource), scopes: scopes(spec.scopes, in: owner),
                networks: networks(
                    spec.networks, denied: spec.denyNetworks, by: RuleReference(resource: resource, field: .networks), in: owner),
                origins: origins(of: spec),
                bounds: bounds(of: spec, governed, resource: resource, org: owner, member: member, project: project),
                inputMax: spec.maxInput ?? .max, outputMax: spec.maxOutput ?? .max, tags: Self.tags(spec.tags)))
    }

    private static let missing: Int32 = -2

    static func tags(_ tags: [String: String]) -> String {
        // Most keys have none, and share one small text.
        if tags.isEmpty { return "{}" }
        var text = JSONText(capacity: 64)
        text.object { text in
            for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
                text.name(name)
                text.string(value)
            }
        }
        return text.json
    }

    /// Of two keys with the same secret the first one has it; validation refuses the second.
    private mutating func addSecrets(of spec: APIKey, key: Int32) {
        for (ordinal, secret) in spec.secrets.enumerated() {
            guard let digest = KeyDigest(bytes: secret.sha256), graph.secrets[digest] == nil else { continue }
            graph.secrets[digest] = CompiledSecret(
                key: key, ordinal: Int16(clamping: ordinal), from: secret.from?.milliseconds ?? .min,
                until: secret.until?.milliseconds ?? .max)
        }
    }

    mutating func scopes(_ names: [String], in org: Int32) -> Range<Int32> {
        let start = Int32(graph.scopeLists.count)
        graph.scopeLists.append(contentsOf: names.compactMap { scope($0, in: org) })
        return start..<Int32(graph.scopeLists.count)
    }

    /// Whether the owner is none of those who may own the project's keys.
    func isForeign(_ owner: String, of org: String?, to project: Int32) -> Bool {
        guard project >= 0, case let owners = ownersOfProject[Int(project)], !owners.isEmpty else { return false }
        return !groups.isAmong(owners, ResourceKey(org: org, kind: .member, name: owner))
    }

    /// A key that nothing opens lets no pages in.
    private mutating func origins(of spec: APIKey) -> Range<Int32> {
        let start = Int32(graph.originLists.count)
        if !spec.secrets.isEmpty { for origin in spec.origins { graph.originLists.append(graph.origins.index(of: origin)) } }
        return start..<Int32(graph.originLists.count)
    }

    private mutating func bounds(
        of spec: APIKey, _ governed: GovernedResource, resource: Int32, org: Int32, member: Int32, project: Int32
    ) -> Range<Int32> {
        var own = bounds(of: resource, limits: spec.limits, bounds(spec.limits, spec.budget, of: resource), in: org)
        for budget in budgetsOfKey[InOrg(org: org, name: governed.resource.key.name)] ?? [] {
            graph.bounds[Int(budget)].subject = resource
            graph.bounds[Int(budget)].cell.subject = CellKey.subject(graph.subjectText(of: graph.bounds[Int(budget)]))
            own.append(budget)
        }
        return list(own, tags: spec.tags, project: project, member: member, org: org)
    }
}
