internal import Policy
internal import Spec
internal import Store

/// What callers may change, and by which way, by the rules applied last; a value.
struct ChangeRights {
    /// Where a change goes that a caller may make.
    enum Way: Hashable {
        /// The branch that is enforced.
        case branch
        /// A branch of its own, for the reason given, a clause.
        case proposal(String)
    }

    let rights: ApproverBook
    private let policy: Repository.WriteBack?
    private let ownership: Ownership
    /// The rules of the repository as applied last.
    let rules: Repository
    private let others: OtherUnits
    private let now: Instant
    /// Organizations that do not count now.
    private let suspended: Set<String>

    /// `own` are the organizations, members and roles that the unit declares.
    init(_ own: [Resource], _ rules: Repository, beside others: OtherUnits, now: Instant) throws {
        rights = try ApproverBook(own, beside: others, now: now)
        let organizations = try own + others.rows.values.filter { $0.key.kind == .organization }.map { try $0.readable }
        suspended = Set(organizations.filter { $0.key.kind == .organization && $0.suspension?.holds(at: now) ?? false }.map(\.key.name))
        self.rules = rules
        self.others = others
        self.now = now
        policy = rules.writeBack
        ownership = Ownership(rules.owners)
    }

    /// How the branches of proposals begin.
    var branchPrefix: String { policy?.branchPrefix ?? "charter/" }

    /// Throws `refused` where the caller may ask for no change of these organizations; before anything of theirs is looked at, so that
    /// refusals tell nobody of it. Nil stands for the platform.
    func admit(_ caller: ResourceKey, toChange orgs: Set<String?>) throws(ChangeRefusal) {
        guard let policy, policy.to != .off else {
            throw .forbidden("charter.yaml does not let changes be asked for; it would say `writeBack: { to: main }`, or `proposals`")
        }
        guard rights.member(caller) != nil else { throw .forbidden("no member \(caller.name) of \(caller.org ?? "the platform") is applied") }
        if let org = caller.org, suspended.contains(org) { throw .refused("\(org) is suspended") }
        let permissions = rights.permissions(of: caller)
        guard permissions.contains(.configWrite) || permissions.contains(.configPropose) else {
            throw .forbidden("none of the roles of \(caller.member) has config.write or config.propose")
        }
        for org in orgs where !isOwn(org, caller) {
            throw .forbidden("what is asked for is not of \(caller.org ?? "the platform"), and \(caller.member) is no system-admin")
        }
    }

    /// Throws `refused` where the caller, who was admitted, may not change these files at all.
    func way(of caller: ResourceKey, changing paths: [String]) throws(ChangeRefusal) -> Way {
        guard let policy else { return .proposal("charter.yaml does not let changes be asked for") }
        for path in paths { try check(path, policy, caller) }
        let permissions = rights.permissions(of: caller)
        guard policy.to == .main else { return .proposal("charter.yaml has all changes proposed") }
        guard permissions.contains(.configWrite) else { return .proposal("\(caller.member) has config.propose and not config.write") }
        for path in paths where !isOwner(caller, of: path) {
            return .proposal("\(caller.member) does not own \(path)")
        }
        return .branch
    }

    private func check(_ path: String, _ policy: Repository.WriteBack, _ caller: ResourceKey) throws(ChangeRefusal) {
        guard policy.paths.isEmpty || policy.paths.contains(where: { $0.matches(path) }) else {
            throw .forbidden("charter.yaml does not let \(path) be changed this way; `writeBack.paths` names what may be")
        }
        guard isOwn(Folder(of: path).organization, caller) else {
            throw .forbidden("\(path) is not of \(caller.org ?? "the platform"), and \(caller.member) is no system-admin")
        }
    }

    private func isOwn(_ org: String?, _ caller: ResourceKey) -> Bool {
        org == caller.org || (org == nil && rights.isOfOneOrganization) || rights.isSystemAdmin(caller)
    }

    private func isOwner(_ caller: ResourceKey, of path: String) -> Bool {
        guard let rule = ownership.rule(for: path), !ownership.rules[rule].by.isEmpty else { return true }
        return ownership.rules[rule].by.contains { name in
            ownership.member(name, in: rule).map { rights.belongs(caller, to: $0) } ?? false
        }
    }

    /// Somebody who would gain, by what is declared `after`, a right that the caller does not have, now or when a suspension is over, or
    /// the proofs to be taken for somebody else; nil where nobody would. A system-admin founds organizations with people who have any
    /// rights there.
    func excess(
        of caller: ResourceKey, from before: [ResourceKey: Resource], to after: [ResourceKey: Resource]
    ) throws -> String? {
        if let finding = ImpersonationCheck(caller: caller, before: before, after: after).finding { return finding }
        let (old, new) = (people(before), people(after))
        guard old.map(\.canonical).sorted() != new.map(\.canonical).sorted() || Set(old.map(\.key)) != Set(new.map(\.key)) else { return nil }
        let (was, becomes) = (try ApproverBook(old, beside: others, now: now), try ApproverBook(new, beside: others, now: now))
        let (own, nothing) = (rights.rights(of: caller) ?? Rights(org: caller.org), Rights(org: nil))
        let founded = rights.isSystemAdmin(caller) ? Self.founded(from: before, to: after) : []
        for key in new.map(\.key).sorted() where key.kind == .member {
            let isFounded = key.org.map(founded.contains) ?? false
            let gained = isFounded ? [] : becomes.rights(of: key)?.exceeding(was.rights(of: key) ?? nothing, own)
            if let permission = gained?.map(\.rawValue).min() { return "\(key.member) would gain \(permission)" }
            if becomes.isSystemAdmin(key), !was.isSystemAdmin(key), !rights.isSystemAdmin(caller) {
                return "\(key.member) would become a system-admin"
            }
        }
        return nil
    }

    /// Organizations that a change begins: nothing in them is anybody's yet. One that is renamed is none.
    private static func founded(from before: [ResourceKey: Resource], to after: [ResourceKey: Resource]) -> Set<String> {
        let begun = after.filter { key, resource in
            key.kind == .organization && before[key] == nil && resource.metadata.previousNames.isEmpty
        }
        return Set(begun.keys.map(\.name)).subtracting(before.keys.compactMap(\.org))
    }

    /// As they are when no suspension holds.
    private func people(_ resources: [ResourceKey: Resource]) -> [Resource] {
        resources.values.filter { RightsBook.kinds.contains($0.key.kind) }.map { person in
            Resource(
                key: person.key, metadata: person.metadata, body: person.body, canonical: person.canonical, place: person.place,
                spans: person.spans)
        }
    }
}

extension ReconcileSession {
    /// By the members, roles and rules that are applied, beside those of other units.
    func changeRights(_ transaction: Transaction) throws -> ChangeRights {
        let kinds: [Kind] = [.organization, .member, .role, .repository]
        let units = try UnitOwnership.declared(transaction, kinds)
        let rows = try History.state(transaction, at: Int64.max, of: Array(units.keys))
        var others = OtherUnits()
        others.units = units.filter { $0.value != unit }
        others.rows = rows.filter { others.units[$0.key] != nil }
        let own = try rows.filter { units[$0.key] == unit }.values.map { try $0.readable }
        let rules = own.lazy.compactMap { resource in
            if case .repository(let repository) = resource.body { repository } else { nil }
        }.first
        return try ChangeRights(own, rules ?? .standard, beside: others, now: try transaction.clock())
    }
}
