internal import Policy
internal import Spec

/// A declared key that is known here: its rights at the admin API are those of its owner that are among its permissions; a value.
struct AdminKey {
    let key: ResourceKey
    let owner: ResourceKey
    let project: ResourceKey?
    /// The unit that declares it, and so vouches for its owner.
    let unit: String
    let permissions: Set<Permission>
    private let secret: APIKey.Secret
    private let expires: Instant?
    /// Of the key, its project and its organization; the owner's is asked of the rights.
    private let suspensions: [Suspension]
    private let networks: [CompiledNetwork]
    private let denied: [CompiledNetwork]

    /// Of a key as it is declared with its project, where it has one, and its organization. Nil where the first is no key, or the last none.
    init?(
        _ declared: Resource, unit: String, secret: APIKey.Secret, permissions: Set<Permission>, project above: Resource?,
        organization: Resource
    ) {
        guard case .apiKey(let spec) = declared.body, case .organization(let terms) = organization.body else { return nil }
        key = declared.key
        owner = ResourceKey(org: declared.key.org, kind: .member, name: spec.owner)
        project = spec.project.map { ResourceKey(org: declared.key.org, kind: .project, name: $0) }
        self.unit = unit
        self.permissions = permissions
        self.secret = secret
        expires = spec.expires
        suspensions = [declared, organization, above].compactMap { $0?.suspension }
        let networks = spec.networks.isEmpty ? terms.keyDefaults?.networks ?? [] : spec.networks
        self.networks = networks.map { CompiledNetwork($0) }
        denied = spec.denyNetworks.map { CompiledNetwork($0) }
    }

    /// Why it opens nothing at a time and from a place; nil when it does. An unknown place is in no network.
    func objection(at now: Instant, from address: ClientAddress?) -> String? {
        if suspensions.contains(where: { $0.holds(at: now) }) { return "\(key) is suspended, or its organization or project is" }
        if let expires, now >= expires { return "\(key) has expired" }
        if let from = secret.from, now < from { return "the secret of \(key) is not valid yet" }
        if let until = secret.until, now >= until { return "the secret of \(key) has expired" }
        return isReachable(from: address) ? nil : "\(key) may not be used from there"
    }

    private func isReachable(from address: ClientAddress?) -> Bool {
        guard let address else { return networks.isEmpty && denied.isEmpty }
        if denied.contains(where: { $0.contains(address) }) { return false }
        return networks.isEmpty || networks.contains { $0.contains(address) }
    }
}
