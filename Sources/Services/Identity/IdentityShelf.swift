internal import Crypto
internal import Policy
internal import Spec
internal import Store

/// What is applied of people and their proofs, decoded once; what a hand changed, or cannot be read, gives nothing.
struct IdentityShelf {
    private(set) var resources: [(resource: Resource, unit: String)] = []
    private(set) var organizations: [String: Resource] = [:]
    let units: UnitReach
    private var projects: [ResourceKey: Resource] = [:]
    private var scopes: [ResourceKey: (scope: Scope, unit: String)] = [:]

    /// The kinds that it is made of, but for keys.
    static let kinds: [Kind] = [.organization, .project, .member, .role, .scope]

    /// `home` is the platform's unit.
    init(_ applied: [AppliedResource], home: String) {
        let organizations = applied.filter { $0.key.kind == .organization }
        units = UnitReach(
            home: home,
            organizations: Dictionary(organizations.map { ($0.key.name, $0.unit) }, uniquingKeysWith: { first, _ in first }))
        for row in applied { add(row) }
    }

    private mutating func add(_ row: AppliedResource) {
        // Without it, what is built in or the platform's under that name would take its place.
        guard let resource = row.believed ?? Resource.nothing(row.key) else { return }
        resources.append((resource, row.unit))
        switch resource.body {
        case .organization: organizations[resource.key.name] = resource
        case .project: projects[resource.key] = resource
        case .scope(let scope): scopes[resource.key] = (scope, row.unit)
        default: break
        }
    }

    /// Members by organization and the subject of their tokens; nil where two claim one.
    var subjects: [String: [String: ResourceKey?]] {
        var found: [String: [String: ResourceKey?]] = [:]
        for (resource, unit) in resources {
            guard case .member(let member) = resource.body, member.sort != .group, let org = resource.key.org,
                units.counts(unit, in: org), let subject = member.externalID
            else { continue }
            let isTaken = found[org]?[subject] != nil
            found[org, default: [:]].updateValue(isTaken ? nil : resource.key, forKey: subject)
        }
        return found
    }

    /// Those who take tokens, by the issuer.
    var providers: [String: [SignInProvider]] {
        var found: [String: [SignInProvider]] = [:]
        for (resource, unit) in resources {
            if let provider = SignInProvider(resource, unit: unit) { found[provider.issuer, default: []].append(provider) }
        }
        return found
    }

    /// What stands in every key that may carry permissions: the names of such scopes. Most keys are for inference alone, and need not be read
    /// to know that.
    var permittingTexts: [String] {
        Set(scopes.filter { !$0.value.scope.permissions.isEmpty }.keys.map { "\"\($0.name)\"" }).sorted()
    }

    /// By the digests of their secrets. Of two keys with one secret neither is known.
    func adminKeys(_ applied: [AppliedResource]) -> [SHA256Digest: AdminKey] {
        var found: [SHA256Digest: AdminKey] = [:]
        var repeated: Set<SHA256Digest> = []
        for (digest, key) in applied.flatMap(secrets) where found.updateValue(key, forKey: digest) != nil { repeated.insert(digest) }
        return found.filter { !repeated.contains($0.key) }
    }

    private func secrets(_ row: AppliedResource) -> [(SHA256Digest, AdminKey)] {
        guard units.counts(row.unit, in: row.key.org), let resource = row.believed, case .apiKey(let spec) = resource.body,
            let org = row.key.org.flatMap({ organizations[$0] })
        else { return [] }
        let permissions = Set(spec.scopes.flatMap { scope($0, in: row.key.org)?.permissions ?? [] })
        let project = spec.project.flatMap { projects[ResourceKey(org: row.key.org, kind: .project, name: $0)] }
        // Whether a project counts that is not there cannot be told.
        guard !permissions.isEmpty, spec.project == nil || project?.key != nil else { return [] }
        return spec.secrets.compactMap { secret in
            guard let digest = SHA256Digest(bytes: secret.sha256),
                let key = AdminKey(resource, unit: row.unit, secret: secret, permissions: permissions, project: project, organization: org)
            else { return nil }
            return (digest, key)
        }
    }

    /// The organization's scope of that name, else the platform's.
    private func scope(_ name: String, in org: String?) -> Scope? {
        let shelves = [ResourceKey(org: org, kind: .scope, name: name), ResourceKey(org: nil, kind: .scope, name: name)]
        return shelves.lazy.compactMap { scopes[$0] }.first { units.counts($0.unit, in: org) }?.scope
    }
}

/// An organization's word on whose tokens its people show.
struct SignInProvider: Hashable {
    let org: String
    /// The unit that declares it.
    let unit: String
    let issuer: String
    let audience: String
    let groupsClaim: String

    /// Nil where the organization takes no tokens, and for anything else.
    init?(_ organization: Resource, unit: String) {
        guard case .organization(let spec) = organization.body, let signIn = spec.signIn, let issuer = signIn.issuer else { return nil }
        org = organization.key.name
        self.unit = unit
        self.issuer = issuer
        audience = signIn.audience
        groupsClaim = signIn.groupsClaim
    }
}

extension AppliedResource {
    /// Nil where its row is not what was applied, or cannot be read.
    var believed: Resource? {
        isIntact ? try? Resource.decode(key: key, canonical: canonical) : nil
    }
}

extension Resource {
    /// A role or scope that permits nothing; nil for other kinds.
    fileprivate static func nothing(_ key: ResourceKey) -> Resource? {
        switch key.kind {
        case .role: try? decode(key: key, canonical: #"{"spec":{"permissions":[]}}"#)
        case .scope: try? decode(key: key, canonical: #"{"spec":{"endpoints":[]}}"#)
        default: nil
        }
    }
}
