package import Spec

/// What nobody may use for a time, by the word of an admin beside Git.
package struct Denial: Hashable, Sendable {
    package var mark: OverrideMark
    /// Lineage of the key, member, project, organization, pool, provider, catalog or route.
    package var uid: String
    /// `provider/name` of the one model of a catalog; nil for the whole resource.
    package var model: String?
    /// From when on it holds no more, by the clock of the process that asks.
    package var endsAt: Instant

    package init(mark: OverrideMark, uid: String, model: String?, endsAt: Instant) {
        self.mark = mark
        self.uid = uid
        self.model = model
        self.endsAt = endsAt
    }
}

extension Snapshot {
    /// The same rules under denials, which stand before all else that could refuse. Copies lists of keys and models, and shares the rest;
    /// compiles nothing, and costs a request nothing.
    package func denying(_ denials: [Denial]) -> Snapshot {
        if denials.isEmpty { return self }
        var graph = graph
        graph.deny(denials)
        return with(graph)
    }
}

extension Graph {
    fileprivate mutating func deny(_ denials: [Denial]) {
        let book = DenialBook(denials, register)
        for index in keys.indices { deny(key: index, book) }
        for index in routes.indices { deny(route: index, book) }
        for index in models.indices { deny(model: index, book) }
    }

    private mutating func deny(key index: Int, _ book: DenialBook) {
        let key = keys[index]
        var above: [(resource: Int32, noun: String)] = [
            (key.resource, "the API key"), (orgs[Int(key.org)].resource, "the organization"),
        ]
        // Of a key that was minted its pool's, else its own again.
        if key.rules.resource != key.resource { above.append((key.rules.resource, "the API key's pool")) }
        if key.project >= 0 { above.append((projects[Int(key.project)].resource, "the API key's project")) }
        if key.owner >= 0 { above.append((members[Int(key.owner)].resource, "the API key's owner")) }
        for (resource, noun) in above {
            let found = book[resource]
            if !found.isEmpty { keys[index].suspensions = suspensions(keys[index].suspensions, under: found, of: noun, at: resource) }
        }
    }

    private mutating func deny(route index: Int, _ book: DenialBook) {
        let route = routes[index]
        let found = book[route.resource]
        guard !found.isEmpty else { return }
        routes[index].suspensions = suspensions(route.suspensions, under: found, of: "`\(route.name)`", at: route.resource)
    }

    private mutating func deny(model index: Int, _ book: DenialBook) {
        let model = models[index]
        let found = book[uid: model.provider.uid] + book[model.catalog].filter { $0.model == nil || $0.model == model.qualifiedName }
        guard !found.isEmpty else { return }
        models[index] = model.with(suspensions: suspensions(model.suspensions, under: found, of: "`\(model.qualifiedName)`", at: model.catalog))
    }

    /// A list of its own: denials first, then what is suspended.
    private mutating func suspensions(
        _ declared: Range<Int32>, under denials: [Denial], of noun: String, at resource: Int32
    ) -> Range<Int32> {
        let start = Int32(suspensions.count)
        for denial in denials {
            suspensions.append(
                CompiledSuspension(
                    resource: resource, until: denial.endsAt.milliseconds, message: "\(noun) is denied for now",
                    override: Int32(overrides.count)))
            overrides.append(denial.mark)
        }
        for index in declared { suspensions.append(suspensions[Int(index)]) }
        return start..<Int32(suspensions.count)
    }
}

/// Denials by what they are about.
private struct DenialBook {
    private var byUID: [String: [Denial]]
    private var byResource: [Int32: [Denial]] = [:]

    init(_ denials: [Denial], _ register: ResourceRegister) {
        byUID = Dictionary(grouping: denials, by: \.uid)
        for (index, entry) in register.entries.enumerated() {
            if let found = byUID[entry.uid] { byResource[Int32(index)] = found }
        }
    }

    subscript(resource: Int32) -> [Denial] { byResource[resource] ?? [] }
    subscript(uid uid: String) -> [Denial] { byUID[uid] ?? [] }
}
