internal import Spec

/// Members with the roles that are theirs and their groups'.
extension Compiler {
    mutating func addMembers(_ sorted: Sorted) {
        let roles = RoleBook(sorted)
        let groups = GroupBook(sorted)
        for governed in sorted[.member] {
            guard case .member(let spec) = governed.resource.body else { continue }
            let key = governed.resource.key
            let owner = org(key.org)
            memberIndexes[InOrg(org: owner, name: key.name)] = Int32(graph.members.count)
            boundsOfMember.append([])
            // A group owns no key; should one come through validation, it may do nothing.
            let held = spec.sort == .group ? [] : spec.roles + groups.roles(of: key)
            graph.members.append(
                CompiledMember(
                    resource: register(governed),
                    mayInvoke: held.contains { roles.permissions(of: $0, in: key.org).contains(.inferenceInvoke) }))
        }
    }
}

/// What each role permits, with what it inherits.
private struct RoleBook {
    private var declared: [ResourceKey: Role] = [:]

    init(_ sorted: Sorted) {
        for governed in sorted[.role] {
            if case .role(let role) = governed.resource.body { declared[governed.resource.key] = role }
        }
    }

    func permissions(of name: String, in org: String?) -> Set<Permission> {
        var permissions: Set<Permission> = []
        var seen: Set<ResourceKey> = []
        var waiting: [(name: String, org: String?)] = [(name, org)]
        while let (name, org) = waiting.popLast() {
            guard let (key, role) = role(name, in: org) else {
                permissions.formUnion(Role.builtIn[name] ?? [])
                continue
            }
            guard seen.insert(key).inserted else { continue }
            permissions.formUnion(role.permissions)
            waiting += role.inherits.map { ($0, key.org) }
        }
        return permissions
    }

    /// The organization's role of that name, else the platform's.
    private func role(_ name: String, in org: String?) -> (ResourceKey, Role)? {
        for shelf in org == nil ? [nil] : [org, nil] {
            let key = ResourceKey(org: shelf, kind: .role, name: name)
            if let role = declared[key] { return (key, role) }
        }
        return nil
    }
}

/// Which groups hold whom, directly or through other groups.
private struct GroupBook {
    private var roles: [ResourceKey: [String]] = [:]
    private var holders: [ResourceKey: [ResourceKey]] = [:]

    init(_ sorted: Sorted) {
        for governed in sorted[.member] {
            guard case .member(let group) = governed.resource.body, group.sort == .group else { continue }
            let key = governed.resource.key
            // What is compiled knows no time, so a suspended group gives nothing, even after the end of its suspension.
            roles[key] = governed.resource.suspension == nil ? group.roles : []
            for name in group.members {
                holders[ResourceKey(org: key.org, kind: .member, name: name), default: []].append(key)
            }
        }
    }

    func roles(of member: ResourceKey) -> [String] {
        var seen: Set<ResourceKey> = []
        var waiting = holders[member] ?? []
        while let group = waiting.popLast() {
            if seen.insert(group).inserted { waiting += holders[group] ?? [] }
        }
        return seen.flatMap { roles[$0] ?? [] }
    }
}
