package import Spec

/// What a person calls something that can be overridden: `key/acme/checkout`, `org/acme`, `model/openai/gpt-4o`.
package enum TargetName: Hashable, Sendable {
    case resource(ResourceKey)
    /// `provider/name` of a model, or a route's name with its organization.
    case model(String)

    private static let aliases: [String: Kind] = [
        "key": .apiKey, "org": .organization, "route": .routingPolicy, "pool": .keyPool, "catalog": .modelCatalog,
    ]

    /// Nil for what names nothing.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let word = parts[0].lowercased()
        guard word != "model" else {
            self = .model(parts.dropFirst().joined(separator: "/"))
            return
        }
        guard let kind = Self.aliases[word] ?? Kind(word: parts[0]) ?? Kind(plural: parts[0]), parts.count <= 3 else { return nil }
        let org = parts.count == 3 || kind == .organization ? parts[1] : nil
        self = .resource(ResourceKey(org: org, kind: kind, name: parts[parts.count - 1]))
    }

    /// The route that a model's name may mean.
    package static func route(_ name: String) -> ResourceKey {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        return ResourceKey(org: parts.count == 2 ? parts[0] : nil, kind: .routingPolicy, name: parts.last ?? name)
    }

    /// What requests use, and so can be denied.
    package static let deniable: Set<Kind> = [
        .apiKey, .member, .project, .organization, .keyPool, .provider, .modelCatalog, .routingPolicy,
    ]
}

extension Snapshot {
    /// What a name that can be denied means here; nil for what is not enforced. `part` is `provider/name` of one model.
    package func deniable(_ name: TargetName) -> (key: ResourceKey, uid: String, part: String?)? {
        switch name {
        case .resource(let key):
            guard TargetName.deniable.contains(key.kind) else { return nil }
            return find(key)
        case .model(let name):
            guard let model = models.first(where: { $0.qualifiedName == name }) else { return find(TargetName.route(name)) }
            let catalog = graph.register.entries[Int(model.catalog)]
            return (catalog.key, catalog.uid, name)
        }
    }

    private func find(_ key: ResourceKey) -> (key: ResourceKey, uid: String, part: String?)? {
        graph.register.entries.first { $0.key == key }.map { ($0.key, $0.uid, nil) }
    }
}
