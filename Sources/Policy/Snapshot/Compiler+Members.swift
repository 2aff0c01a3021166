internal import Spec

/// Members with the roles that are theirs and their groups'.
extension Compiler {
    mutating func addMembers(_ sorted: Sorted) {
        let roles = RoleBook(sorted[.role].lazy.map(\.resource))
        groups = GroupBook(sorted)
        for governed in sorted[.member] {
            guard case .member(let spec) = governed.resource.body else { continue }
            let key = governed.resource.key
            let owner = org(key.org)
            memberIndexes[InOrg(org: owner, name: key.name)] = Int32(graph.members.count)
            let resource = register(governed)
            boundsOfMember.append(bounds(ofMember: spec, resource, in: owner))
            // A group owns no key; should one come through validation, it may do nothing.
            let held = spec.sort == .group ? [] : spec.roles + groups.roles(of: key)
            graph.members.append(
                CompiledMember(
                    resource: resource,
                    mayInvoke: roles.reach(of: held, in: key.org).permissions.contains(.inferenceInvoke)))
        }
    }

    /// Its own limits, and what its organization's plan leaves each.
    private mutating func bounds(ofMember spec: Member, _ resource: Int32, in org: Int32) -> [Int32] {
        let own = bounds(spec.limits, of: resource, counted: resource)
        guard let (plan, terms) = plans[org] else { return own }
        return bounds(
            terms.perMember.limits, of: plan, at: RuleField.perMemberLimit, counted: resource, beside: own)
    }
}

/// Which groups hold whom, directly or through other groups.
struct GroupBook {
    /// Of the groups that count.
    private var roles: [ResourceKey: [String]] = [:]
    private var holders: [ResourceKey: [ResourceKey]] = [:]

    init() {}

    init(_ sorted: Sorted) {
        for governed in sorted[.member] {
            guard case .member(let group) = governed.resource.body, group.sort == .group else { continue }
            let key = governed.resource.key
            // What is compiled knows no time, so a suspended group gives nothing, even after the end of its suspension.
            if governed.resource.suspension == nil { roles[key] = group.roles }
            for name in group.members {
                holders[ResourceKey(org: key.org, kind: .member, name: name), default: []].append(key)
            }
        }
    }

    func roles(of member: ResourceKey) -> [String] { groups(of: member).flatMap { roles[$0] ?? [] } }

    /// Whether a member, or a group that counts and holds it, has one of these names.
    func isAmong(_ names: [String], _ member: ResourceKey) -> Bool {
        names.contains(member.name) || groups(of: member).contains { roles[$0] != nil && names.contains($0.name) }
    }

    private func groups(of member: ResourceKey) -> Set<ResourceKey> {
        var seen: Set<ResourceKey> = []
        var waiting = holders[member] ?? []
        while let group = waiting.popLast() {
            if seen.insert(group).inserted { waiting += holders[group] ?? [] }
        }
        return seen
    }
}
