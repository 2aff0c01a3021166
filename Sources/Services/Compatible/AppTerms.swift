internal import Spec
internal import Store

/// What an organization and its plan say of its apps: tier, features and limits; a value.
struct AppTerms {
    let organization: Organization
    let organizationUID: String
    private let suspension: Suspension?
    /// The plan's name; nil where the organization is on none.
    private let plan: String?
    private let offer: Plan?

    init(_ org: String, _ transaction: Transaction) throws {
        guard let row = try Resources.one(transaction, ResourceKey(org: org, kind: .organization, name: org)) else { throw Problem.notFound }
        let resource = try Resource.decode(key: row.key, canonical: row.canonical)
        guard case .organization(let organization) = resource.body else { throw Problem.notFound }
        self.organization = organization
        organizationUID = row.uid
        suspension = resource.suspension
        plan = organization.plan
        let key = organization.plan.map { ResourceKey(org: nil, kind: .plan, name: $0) }
        let declared = try key.flatMap { try Resources.one(transaction, $0) }
        let body = try declared.map { try Resource.decode(key: $0.key, canonical: $0.canonical).body }
        offer = if case .plan(let offer)? = body { offer } else { nil }
    }

    func isSuspended(at now: Instant) -> Bool { suspension?.holds(at: now) ?? false }

    /// Of a plan `team-plus`, `TEAM_PLUS`.
    var tier: String? { plan.map { $0.uppercased().replacing("-", with: "_") } }

    /// Throws for a tier that apps of the organization are not on.
    func check(tier wanted: String?) throws(Problem) {
        guard let wanted, wanted.uppercased() != tier else { return }
        let own = tier.map { "which is \($0)" } ?? "and it has none"
        throw Problem(.invalidBody, "the tier of an app is the plan of its organization, \(own)")
    }

    /// What the Scope of apps opens that is declared with the first of them: models, and advice on them where the plan has it or says nothing.
    var endpoints: [Endpoint] {
        let features = Set(offer?.features ?? [])
        let isOpen = features.isEmpty
        return [.chatCompletions, .completions, .embeddings, .models]
            + (isOpen || features.contains("ml-routing") ? [.mlRoute] : []) + (isOpen || features.contains("batch-routing") ? [.mlRouteBatch] : [])
    }

    static let members: [(String, AdminShape)] = [
        ("id", .string), ("name", .string), ("appId", .optional(.string)), ("tier", .optional(.string)), ("status", .choice(["ACTIVE", "SUSPENDED"])),
        ("features", .declaration), ("limits", .object(["requestsPerMonth": .optional(.integer), "requestsPerMinute": .optional(.integer)])),
    ]

    func members(name: String, uid: String?, title: String, isActive: Bool, of project: Project, _ key: APIKey?) -> [(String, JSONTree)] {
        let features = (offer?.features ?? []).map { (Self.camelCased($0), JSONTree.bool(true)) }
        return [
            ("id", .string(ApplicationCredential.mark + name)), ("name", .string(title)), ("appId", .optional(uid.map { ApplicationCredential.mark + $0 })),
            ("tier", .optional(tier)), ("status", .string(isActive ? "ACTIVE" : "SUSPENDED")), ("features", .object(features)),
            ("limits", .object([
                ("requestsPerMonth", .integer(requests(.month, project, key))), ("requestsPerMinute", .integer(requests(.minute, project, key))),
            ])),
        ]
    }

    /// The tightest of all that bound the app's requests together, from its key to its plan.
    private func requests(_ window: Window, _ project: Project, _ key: APIKey?) -> Int64? {
        let own = key?.limits ?? []
        let nearest = own.isEmpty ? organization.keyDefaults?.limits ?? [] : own
        return [nearest, offer?.perKey.limits ?? [], project.limits, organization.limits, offer?.limits ?? []].compactMap { $0.requests(window) }.min()
    }

    /// Of `ml-routing`, `mlRouting`.
    private static func camelCased(_ feature: String) -> String {
        let words = feature.split { $0 == "-" || $0 == "." }
        return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
