internal import Crypto
internal import Policy
internal import Spec
internal import Store

/// Who is known at one revision, and by what; a value.
///
/// Only rows that stand as they were applied count: what a hand wrote into the database gives nobody a right.
struct IdentityBook {
    /// Until when it is good, where rows that a hand changed were left out: these may be put right without a revision.
    private let end: ContinuousClock.Instant?
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

    /// Reads what is applied, in the caller's transaction.
    init(_ transaction: Transaction, now: Instant) throws(DatabaseError) {
        let begun = ContinuousClock.now
        let applied = try AppliedResource.all(transaction, kinds: IdentityShelf.kinds)
        let shelf = IdentityShelf(applied, home: try UnitOwnership.platform(transaction))
        let candidates = try Resources.list(transaction, .apiKey, containing: shelf.permittingTexts)
        let appliedKeys = try AppliedResource.among(transaction, candidates)
        keys = shelf.adminKeys(appliedKeys)
        // A key that is gone is none of those that were read, and known to be missing once a scan has found it.
        let lacksKeys = try DriftFindings.hasKeys(transaction)
        let isDoubted = lacksKeys || !(applied + appliedKeys).allSatisfy(\.isIntact)
        people = UnitPeople(shelf.resources, shelf.units, now: now)
        organizations = shelf.organizations.mapValues(\.suspension)
        providers = shelf.providers
        subjects = shelf.subjects
        let deniable = applied.filter { [.organization, .project, .member].contains($0.key.kind) } + appliedKeys
        uids = Dictionary(deniable.map { ($0.key, $0.uid) }, uniquingKeysWith: { first, _ in first })
        // Drift is to be seldom, and calls are many: reading takes a tenth of the time at most.
        let read = ContinuousClock.now
        end = isDoubted ? read + max(.seconds(1), (read - begun) * 10) : nil
    }

    /// Whether it still says what is applied, as long as there is no other revision.
    var isCurrent: Bool { end.map { ContinuousClock.now < $0 } ?? true }

    /// Which unit has a say where.
    var units: UnitReach { people.units }

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

    /// What a person or service may do now by a proof that a unit declares; nil where there is none of that name who counts, in an
    /// organization that does.
    ///
    /// `provided` are the groups that the organization's identity provider says the member is in.
    func rights(of member: ResourceKey, vouchedBy unit: String, provided: Set<String> = [], at now: Instant) -> Rights? {
        guard let org = member.org, let suspension = organizations[org], !(suspension?.holds(at: now) ?? false) else { return nil }
        return people.rights(of: member, vouchedBy: unit, provided: provided, at: now)
    }

    /// The same for one in whose name an account of the machine asks.
    func rights(ofLocal member: ResourceKey, at now: Instant) -> Rights? {
        let units = [people.units.home, people.units.unit(of: member.org)].compactMap { $0 }
        return units.lazy.compactMap { rights(of: member, vouchedBy: $0, at: now) }.first
    }
}
