package import Spec

/// Which roles and permissions members hold, through groups and inherited roles as well; a value.
package struct RightsBook: Sendable {
    private let roles: RoleBook
    private var members: [ResourceKey: Resource] = [:]
    private var groups: [ResourceKey: [ResourceKey]] = [:]
    /// Groups that take their people from an identity provider too, by its name for them.
    private var externalGroups: [ExternalGroup: [ResourceKey]] = [:]
    /// The people and services of each organization, in the order of names.
    private var people: [String: [ResourceKey]] = [:]
    /// Those that have any member.
    package private(set) var organizations: Set<String> = []
    private var now: Instant

    /// The kinds that it is made of.
    package static let kinds: Set<Kind> = [.member, .role]

    private struct ExternalGroup: Hashable {
        var org: String?
        var name: String
    }

    package init(_ resources: [Resource], now: Instant) {
        self.now = now
        roles = RoleBook(resources)
        for resource in resources {
            if case .member(let member) = resource.body { add(resource, member) }
        }
        people = people.mapValues { $0.sorted() }
    }

    private mutating func add(_ resource: Resource, _ member: Member) {
        let key = resource.key
        members[key] = resource
        if let org = key.org {
            organizations.insert(org)
            if member.sort != .group { people[org, default: []].append(key) }
        }
        guard member.sort == .group else { return }
        for name in member.members {
            groups[ResourceKey(org: key.org, kind: .member, name: name), default: []].append(key)
        }
        if let name = member.externalGroup { externalGroups[ExternalGroup(org: key.org, name: name), default: []].append(key) }
    }

    /// The same people at another time, when other suspensions may hold.
    package func at(_ now: Instant) -> RightsBook {
        var book = self
        book.now = now
        return book
    }

    package func member(_ key: ResourceKey) -> Member? {
        if case .member(let member)? = members[key]?.body { member } else { nil }
    }

    /// The people and services of an organization, in the order of names.
    package func people(of org: String) -> [ResourceKey] { people[org] ?? [] }

    /// Who holds the role by any way, in the order of names.
    package func holders(of role: String, in org: String) -> [String] {
        people(of: org).filter { self.roles(of: $0).contains(role) }.map(\.name)
    }

    /// Names of all roles that a member holds, with those that they inherit; none while the member is suspended.
    package func roles(of key: ResourceKey) -> Set<String> { reach(of: key).names }

    package func permissions(of key: ResourceKey) -> Set<Permission> { reach(of: key).permissions }

    /// Whether the member administers the platform, which an organization's own role of that name has nobody do.
    package func isSystemAdmin(_ key: ResourceKey) -> Bool { reach(of: key).isOfPlatform }

    /// All that a member may do; nothing while the member is suspended, or where there is none.
    ///
    /// `provided` are the groups that the organization's identity provider says the member is in.
    package func rights(of key: ResourceKey, provided: Set<String> = []) -> Rights {
        let reach = reach(of: key, provided)
        var projects: [String: Set<Permission>] = [:]
        for holder in holders(around: key, provided) {
            for held in member(holder)?.projects ?? [] {
                projects[held.project, default: []].formUnion(roles.reach(of: held.roles, in: key.org).permissions)
            }
        }
        return Rights(
            org: key.org, inOrganization: reach.permissions, inProjects: projects,
            onPlatform: reach.isOfPlatform ? roles.reach(of: [Role.systemAdmin], in: nil).permissions : [])
    }

    private func reach(of key: ResourceKey, _ provided: Set<String> = []) -> RoleBook.Reach {
        roles.reach(of: Set(holders(around: key, provided).flatMap { member($0)?.roles ?? [] }), in: key.org)
    }

    /// Who holds the roles that are the member's: the member and the groups around it.
    private func holders(around key: ResourceKey, _ provided: Set<String>) -> Set<ResourceKey> {
        guard isActive(key) else { return [] }
        return groups(around: key, provided).union([key])
    }

    /// The groups that hold a member, directly or through others, without those that are suspended.
    package func groups(around key: ResourceKey) -> Set<ResourceKey> { groups(around: key, []) }

    private func groups(around key: ResourceKey, _ provided: Set<String>) -> Set<ResourceKey> {
        var found: Set<ResourceKey> = []
        var waiting = groups[key] ?? []
        for name in provided { waiting += externalGroups[ExternalGroup(org: key.org, name: name)] ?? [] }
        while let group = waiting.popLast() {
            guard isActive(group), found.insert(group).inserted else { continue }
            waiting += groups[group] ?? []
        }
        return found
    }

    package func isActive(_ key: ResourceKey) -> Bool {
        guard let member = members[key] else { return false }
        return !(member.suspension?.holds(at: now) ?? false)
    }
}
