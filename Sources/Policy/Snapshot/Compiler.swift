package import Spec

extension Snapshot {
    /// Compiles resources that passed validation; never fails, and says what only the whole graph shows.
    ///
    /// A resource that refers to something missing is compiled to refuse, never to permit. `reviewing` runs the key
    /// tests and the checks of reach, which a gateway may leave to whoever validated the commit.
    package static func compile(
        _ resources: [GovernedResource], revision: RevisionIdentity, disclosure: Repository.Disclosure = .full,
        reviewing: Bool = true
    ) -> (snapshot: Snapshot, diagnostics: [Diagnostic]) {
        let (policy, diagnostics) = policy(of: resources, revision: revision, disclosure: disclosure, reviewing: reviewing)
        return (policy.snapshot, diagnostics)
    }

    /// The same, so that keys minted at run time can be added.
    package static func policy(
        of resources: [GovernedResource], revision: RevisionIdentity, disclosure: Repository.Disclosure, reviewing: Bool = true
    ) -> (policy: DeclaredPolicy, diagnostics: [Diagnostic]) {
        var compiler = Compiler()
        compiler.compile(Sorted(resources))
        let snapshot = Snapshot(revision: revision, disclosure: disclosure, graph: compiler.graph)
        let policy = DeclaredPolicy(snapshot: snapshot, compiler: compiler)
        guard reviewing else { return (policy, []) }
        var review = Review(snapshot: snapshot)
        review.check(resources)
        return (policy, review.diagnostics)
    }
}

/// Builds the tables of a graph in the order in which they refer to each other.
struct Compiler {
    var graph = Graph()

    struct InOrg: Hashable {
        var org: Int32
        var name: String
    }

    /// Index of the platform itself, where an organization is asked for.
    static let platform: Int32 = -1

    var orgIndexes: [String: Int32] = [:]
    var providerIndexes: [String: Int] = [:]
    var providerResources: [Int32] = []
    var zoneIndexes: [String: Int16] = ["UTC": 0]
    var routeIndexes: [InOrg: Int] = [:]
    var qualified: [String: Int32] = [:]
    var routesByName: [String: [Int32]] = [:]
    /// Of organizations, by their index.
    var plans: [Int32: (resource: Int32, plan: Plan)] = [:]
    var keyDefaults: [Int32: Organization.KeyDefaults] = [:]
    var groups = GroupBook()
    var memberIndexes: [InOrg: Int32] = [:]
    var projectIndexes: [InOrg: Int32] = [:]
    var scopeIndexes: [InOrg: Int32] = [:]
    /// Bounds that every key of an organization is under.
    var boundsOfOrg: [[Int32]] = []
    var boundsOfProject: [[Int32]] = []
    /// Names of those who may own a project's keys; empty means everybody.
    var ownersOfProject: [[String]] = []
    var boundsOfMember: [[Int32]] = []
    var budgetsOfKey: [InOrg: [Int32]] = [:]
    /// By the tag's text.
    var budgetsOfTag: [InOrg: [Int32]] = [:]
    /// By uid.
    var pools: [String: CompiledPool] = [:]
    var suspended: [Int32: Suspension] = [:]

    mutating func compile(_ sorted: Sorted) {
        graph.register.reserve(resources: sorted.count, places: sorted.placeCount)
        addOrganizations(sorted)
        addProviders(sorted)
        addModels(sorted)
        addRoutes(sorted)
        addNames()
        graph.patterns = PatternTable(entries: graph.models.count + graph.routes.count)
        addPlans(sorted)
        addRulesOfOrganizations(sorted)
        addMembers(sorted)
        addProjects(sorted)
        addScopes(sorted)
        addBudgets(sorted)
        addKeys(sorted)
        addPools(sorted)
        graph.register.seal()
    }

    /// The index of an organization; one that is used but not declared still gets a place of its own.
    mutating func org(_ name: String?) -> Int32 {
        guard let name else { return Self.platform }
        if let index = orgIndexes[name] { return index }
        return addOrg(name, uid: "org/" + name, resource: -1)
    }

    mutating func addOrg(_ name: String, uid: String, resource: Int32) -> Int32 {
        let index = Int32(graph.orgs.count)
        orgIndexes[name] = index
        boundsOfOrg.append([])
        graph.orgs.append(
            CompiledOrg(name: name, uid: uid, routes: [:], resource: resource))
        return index
    }

    mutating func zone(_ name: String) -> Int16 {
        if let index = zoneIndexes[name] { return index }
        // Validation refuses unknown zones; should one come through, UTC still bounds the spending.
        let index = Zone(name: name).map { zone in
            graph.zones.append(zone)
            return Int16(graph.zones.count - 1)
        }
        zoneIndexes[name] = index ?? 0
        return index ?? 0
    }

    mutating func rules(_ rules: ModelRules, of resource: Int32) -> CompiledRules {
        CompiledRules(resource: resource, allow: list(rules.allow), deny: list(rules.deny))
    }

    mutating func list(_ patterns: [ModelPattern]) -> Range<Int32> {
        let start = Int32(graph.patternLists.count)
        for pattern in patterns { graph.patternLists.append(intern(pattern)) }
        return start..<Int32(graph.patternLists.count)
    }

    mutating func intern(_ pattern: ModelPattern) -> Int32 {
        if let index = graph.patterns.index(of: pattern) { return index }
        let matching = entries(matching: pattern)
        return graph.patterns.add(pattern, matching: matching)
    }

    private func entries(matching pattern: ModelPattern) -> [Int32] {
        switch pattern {
        case .label(let name, let value):
            return graph.models.filter { $0.labels[name] == value }.map { Int32($0.index) }
        case .name(let text) where !text.utf8.contains(UInt8(ascii: "*")):
            return (qualified[text].map { [$0] } ?? []) + (routesByName[text] ?? [])
        case .name(let text):
            let models = graph.models.filter { Glob.matches(text, $0.qualifiedName) }.map { Int32($0.index) }
            return models + routesByName.filter { Glob.matches(text, $0.key) }.flatMap(\.value)
        }
    }
}

/// Resources by kind, with those whose order matters in the order of their names.
struct Sorted {
    private var byKind: [Kind: [GovernedResource]] = [:]
    let count: Int
    /// How many fields they have in all.
    let placeCount: Int

    init(_ resources: [GovernedResource]) {
        count = resources.count
        placeCount = resources.reduce(0) { $0 + $1.provenance.spans.count }
        for resource in resources { byKind[resource.resource.key.kind, default: []].append(resource) }
        for kind in [Kind.organization, .provider, .modelCatalog, .routingPolicy] {
            byKind[kind]?.sort { $0.resource.key < $1.resource.key }
        }
    }

    subscript(_ kind: Kind) -> [GovernedResource] { byKind[kind] ?? [] }
}
