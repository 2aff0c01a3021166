internal import Crypto
internal import Policy
internal import Spec
internal import Store

/// Who is known at one revision, and by what; a value.
///
/// Only rows that stand as they were applied count: what a hand wrote into the database gives nobody a right.
struct IdentityBook {
    let revision: Int64
    private let keys: [SHA256Digest: AdminKey]
    /// What each unit says of its own organizations' people.
    private let people: UnitPeople
    private let organizations: [String: Suspension?]
    /// Those who take tokens, by the issuer.
    private let providers: [String: [SignInProvider]]
    /// By organization and the subject of tokens; nil where two members claim one.
    private let subjects: [String: [String: ResourceKey?]]
    /// Lineages of those that an override may deny.
    private let uids: [ResourceKey: String]

    /// The kinds that it is made of.
    static let kinds: [Kind] = [.organization, .project, .member, .role, .scope, .apiKey]

    /// Reads what is applied, in the caller's transaction.
    init(_ transaction: Transaction, revision: Int64, now: Instant) throws(DatabaseError) {
        self.init(try Resources.list(transaction, kinds: Self.kinds), revision: revision, now: now)
    }

    init(_ rows: [StoredResource], revision: Int64, now: Instant) {
        self.revision = revision
        let shelf = IdentityShelf(rows)
        keys = shelf.adminKeys
        people = UnitPeople(shelf, now: now)
        organizations = shelf.organizations.mapValues(\.suspension)
        providers = Dictionary(grouping: shelf.organizations.values.compactMap { SignInProvider($0) }, by: \.issuer)
        subjects = shelf.subjects
        let keys = Set(keys.values.map(\.key))
        let deniable = rows.filter { [.organization, .project, .member].contains($0.key.kind) || keys.contains($0.key) }
        uids = Dictionary(deniable.map { ($0.key, $0.uid) }, uniquingKeysWith: { first, _ in first })
    }

    /// The first of these, or of their organizations, that overrides deny, which are given by lineages.
    func denied(_ lineages: Set<String>, among keys: [ResourceKey]) -> ResourceKey? {
        if lineages.isEmpty { return nil }
        let organizations = Set(keys.compactMap(\.org)).map { ResourceKey(org: $0, kind: .organization, name: $0) }
        return (keys + organizations).first { uids[$0].map(lineages.contains) ?? false }
    }

    /// The organizations whose people an issuer speaks for.
    func providers(of issuer: String) -> [SignInProvider] { providers[issuer] ?? [] }

    /// Who has this subject in the tokens of the organization's identity provider.
    func member(subject: String, in org: String) -> ResourceKey? { subjects[org]?[subject] ?? nil }

    /// The key that a secret opens.
    func key(_ digest: SHA256Digest) -> AdminKey? { keys[digest] }

    /// What a person or service may do now; nil where there is none of that name who counts, in an organization that does.
    ///
    /// `provided` are the groups that the organization's identity provider says the member is in.
    func rights(of member: ResourceKey, provided: Set<String> = [], at now: Instant) -> Rights? {
        guard let org = member.org, let suspension = organizations[org], !(suspension?.holds(at: now) ?? false) else { return nil }
        return people.rights(of: member, provided: provided, at: now)
    }
}

/// An organization's word on whose tokens its people show.
struct SignInProvider: Hashable {
    let org: String
    let issuer: String
    let audience: String
    let groupsClaim: String

    /// Nil where the organization takes no tokens.
    init?(_ organization: Resource) {
        guard case .organization(let spec) = organization.body, let signIn = spec.signIn, let issuer = signIn.issuer else { return nil }
        org = organization.key.name
        self.issuer = issuer
        audience = signIn.audience
        groupsClaim = signIn.groupsClaim
    }
}

/// What rows say, decoded once; those that a hand changed, or that cannot be read, say nothing.
struct IdentityShelf {
    private(set) var resources: [(resource: Resource, unit: String)] = []
    private(set) var organizations: [String: Resource] = [:]
    private var projects: [ResourceKey: Resource] = [:]
    private var scopes: [ResourceKey: Scope] = [:]
    private var keyRows: [StoredResource] = []

    init(_ rows: [StoredResource]) {
        for row in rows {
            if row.key.kind == .apiKey { keyRows.append(row) } else { add(row) }
        }
    }

    private mutating func add(_ row: StoredResource) {
        guard let resource = row.believed else {
            // Without the row a built-in role of that name would take its place.
            if row.key.kind == .role, let role = Resource.roleOfNothing(row.key) { resources.append((role, row.unit)) }
            return
        }
        resources.append((resource, row.unit))
        switch resource.body {
        case .organization: organizations[resource.key.name] = resource
        case .project: projects[resource.key] = resource
        case .scope(let scope): scopes[resource.key] = scope
        default: break
        }
    }

    /// Members by organization and the subject of their tokens; nil where two claim one.
    var subjects: [String: [String: ResourceKey?]] {
        var found: [String: [String: ResourceKey?]] = [:]
        for (resource, _) in resources {
            guard case .member(let member) = resource.body, member.sort != .group, let org = resource.key.org,
                let subject = member.externalID
            else { continue }
            let isTaken = found[org]?[subject] != nil
            found[org, default: [:]].updateValue(isTaken ? nil : resource.key, forKey: subject)
        }
        return found
    }

    /// By the digests of their secrets. Of two keys with one secret neither is known.
    var adminKeys: [SHA256Digest: AdminKey] {
        var found: [SHA256Digest: AdminKey] = [:]
        var repeated: Set<SHA256Digest> = []
        let permitting = Set(scopes.filter { !$0.value.permissions.isEmpty }.keys.map { "\"\($0.name)\"" })
        // Most keys are for inference alone, and need not be decoded to know that.
        let candidates = keyRows.filter { row in permitting.contains { row.canonical.contains($0) } }
        for (digest, key) in candidates.flatMap(adminKeys) where found.updateValue(key, forKey: digest) != nil { repeated.insert(digest) }
        return found.filter { !repeated.contains($0.key) }
    }

    private func adminKeys(_ row: StoredResource) -> [(SHA256Digest, AdminKey)] {
        guard let resource = row.believed, case .apiKey(let spec) = resource.body, let org = row.key.org.flatMap({ organizations[$0] }),
            case .organization(let owner) = org.body
        else { return [] }
        let permissions = Set(spec.scopes.flatMap { scope($0, in: row.key.org)?.permissions ?? [] })
        let project = spec.project.flatMap { projects[ResourceKey(org: row.key.org, kind: .project, name: $0)] }
        // Whether a project counts that is not there cannot be told.
        guard !permissions.isEmpty, spec.project == nil || project?.key != nil else { return [] }
        let suspensions = [resource.suspension, org.suspension, project?.suspension].compactMap(\.self)
        let networks = spec.networks.isEmpty ? owner.keyDefaults?.networks ?? [] : spec.networks
        return spec.secrets.compactMap { secret in
            SHA256Digest(bytes: secret.sha256).map { digest in
                (digest, AdminKey(row.key, spec, secret: secret, permissions: permissions, suspensions: suspensions, networks: networks))
            }
        }
    }

    /// The organization's scope of that name, else the platform's.
    private func scope(_ name: String, in org: String?) -> Scope? {
        scopes[ResourceKey(org: org, kind: .scope, name: name)] ?? scopes[ResourceKey(org: nil, kind: .scope, name: name)]
    }
}

extension StoredResource {
    /// Nil where it is not what was applied, or cannot be read.
    fileprivate var believed: Resource? {
        isAsApplied ? try? Resource.decode(key: key, canonical: canonical) : nil
    }
}

extension Resource {
    fileprivate static func roleOfNothing(_ key: ResourceKey) -> Resource? {
        try? Resource.decode(key: key, canonical: #"{"spec":{"permissions":[]}}"#)
    }
}
