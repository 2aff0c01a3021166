internal import Spec

/// Which roles and permissions members hold, through groups and inherited roles as well; a value.
struct RightsBook {
    private var roles: [ResourceKey: Role] = [:]
    private var members: [ResourceKey: Resource] = [:]
    private var groups: [ResourceKey: [ResourceKey]] = [:]
    /// The people and services of each organization, in the order of names.
    private var people: [String: [ResourceKey]] = [:]
    /// Those that have any member.
    private(set) var organizations: Set<String> = []
    private let now: Instant

    /// The kinds that it is made of.
    static let kinds: Set<Kind> = [.member, .role]

    init(_ resources: [Resource], now: Instant) {
        self.now = now
        for resource in resources {
            switch resource.body {
            case .role(let role): roles[resource.key] = role
            case .member(let member):
                members[resource.key] = resource
                if let org = resource.key.org {
                    organizations.insert(org)
                    if member.sort != .group { people[org, default: []].append(resource.key) }
                }
                guard member.sort == .group else { continue }
                for name in member.members {
                    groups[ResourceKey(org: resource.key.org, kind: .member, name: name), default: []].append(resource.key)
                }
            default: break
            }
        }
        people = people.mapValues { $0.sorted() }
    }

    func member(_ key: ResourceKey) -> Member? {
        if case .member(let member)? = members[key]?.body { member } else { nil }
    }

    /// The people and services of an organization, in the order of names.
    func people(of org: String) -> [ResourceKey] { people[org] ?? [] }

    /// Who holds the role by any way, in the order of names.
    func holders(of role: String, in org: String) -> [String] {
        people(of: org).filter { self.roles(of: $0).contains(role) }.map(\.name)
    }

    /// Names of all roles that a member holds, with those that they inherit; none while the member is suspended.
    func roles(of key: ResourceKey) -> Set<String> { reach(of: key).names }

    func permissions(of key: ResourceKey) -> Set<Permission> { reach(of: key).permissions }

    private struct Reach {
        var names: Set<String> = []
        var permissions: Set<Permission> = []
    }

    private func reach(of key: ResourceKey) -> Reach {
        var reach = Reach()
        var seen: Set<ResourceKey> = []
        var waiting: [(name: String, org: String?)] = directRoles(of: key).map { ($0, key.org) }
        while let (name, org) = waiting.popLast() {
            reach.names.insert(name)
            guard let (key, role) = role(name, in: org) else {
                reach.permissions.formUnion(Role.builtIn[name] ?? [])
                continue
            }
            guard seen.insert(key).inserted else { continue }
            reach.permissions.formUnion(role.permissions)
            waiting += role.inherits.map { ($0, key.org) }
        }
        return reach
    }

    /// The member's own and those of the groups around it.
    private func directRoles(of key: ResourceKey) -> Set<String> {
        guard isActive(key), let own = member(key) else { return [] }
        return groups(around: key).reduce(into: Set(own.roles)) { $0.formUnion(member($1)?.roles ?? []) }
    }

    /// The groups that hold a member, directly or through others, without those that are suspended.
    func groups(around key: ResourceKey) -> Set<ResourceKey> {
        var found: Set<ResourceKey> = []
        var waiting = groups[key] ?? []
        while let group = waiting.popLast() {
            guard isActive(group), found.insert(group).inserted else { continue }
            waiting += groups[group] ?? []
        }
        return found
    }

    func isActive(_ key: ResourceKey) -> Bool {
        guard let member = members[key] else { return false }
        return !(member.suspension?.holds(at: now) ?? false)
    }

    /// The organization's role of that name, else the platform's.
    private func role(_ name: String, in org: String?) -> (ResourceKey, Role)? {
        for shelf in org == nil ? [nil] : [org, nil] {
            let key = ResourceKey(org: shelf, kind: .role, name: name)
            if let role = roles[key] { return (key, role) }
        }
        return nil
    }
}

extension Role {
    /// The built-in role without which nobody could govern an organization.
    static let admin = "admin"
    /// The built-in role of those who run the platform itself.
    static let systemAdmin = "system-admin"
}
