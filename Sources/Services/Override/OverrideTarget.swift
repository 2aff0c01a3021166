internal import Policy
internal import Spec
internal import Store

/// What an override is about, found by the words of whoever asks.
struct OverrideTarget {
    let key: ResourceKey
    let uid: String
    /// `provider/name` of one model.
    let part: String?
    /// Nil for a key that was minted.
    let declared: Resource?

    /// Throws `RequestRefusal` where nothing of that name is applied, or nothing that the tenancy may see.
    init(_ text: String, _ transaction: Transaction, _ tenancy: Tenancy) throws {
        switch TargetName(text) {
        case .resource(let key): self = try Self.resource(key, transaction, tenancy)
        case .model(let name): self = try Self.model(name, transaction, tenancy)
        case nil: throw Self.misworded(text)
        }
    }

    private static func resource(_ key: ResourceKey, _ transaction: Transaction, _ tenancy: Tenancy) throws -> OverrideTarget {
        if tenancy.permits(key.org) {
            if let row = try Resources.one(transaction, key) { return try declared(row) }
            if key.kind == .apiKey, let org = key.org {
                let minted = try DelegatedKeys.find(transaction, .organization(org), name: key.name)
                if let minted { return OverrideTarget(key: key, uid: minted.uid, part: nil, declared: nil) }
            }
        }
        throw RequestRefusal("no \(key) is applied", .missing)
    }

    private init(key: ResourceKey, uid: String, part: String?, declared: Resource?) {
        (self.key, self.uid, self.part, self.declared) = (key, uid, part, declared)
    }

    private static func declared(_ row: StoredResource, part: String? = nil) throws -> OverrideTarget {
        OverrideTarget(key: row.key, uid: row.uid, part: part, declared: try Resource.decode(key: row.key, canonical: row.canonical))
    }

    /// A model of a catalog, else a route of that name.
    private static func model(_ name: String, _ transaction: Transaction, _ tenancy: Tenancy) throws -> OverrideTarget {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        if parts.count == 2, tenancy.permits(nil) {
            for row in try Resources.list(transaction, .platform) where row.key.kind == .modelCatalog {
                let found = try declared(row, part: name)
                guard case .modelCatalog(let catalog) = found.declared?.body, catalog.provider == parts[0] else { continue }
                if catalog.models.contains(where: { $0.name == parts[1] }) { return found }
            }
        }
        let route = TargetName.route(name)
        if tenancy.permits(route.org), let row = try Resources.one(transaction, route) { return try declared(row) }
        throw RequestRefusal("no model or route \(name) is applied", .missing)
    }

    private static func misworded(_ text: String) -> RequestRefusal {
        RequestRefusal(
            "`\(text.printable)` names nothing", .misworded, hint: "write budget/acme/monthly, key/acme/checkout, org/acme or model/openai/gpt-4o")
    }
}

extension Tenancy {
    /// Whether what belongs to an organization, or to none, may be spoken of.
    fileprivate func permits(_ org: String?) -> Bool {
        switch self {
        case .everything: true
        case .platform: org == nil
        case .organization(let own): org == own
        }
    }
}
