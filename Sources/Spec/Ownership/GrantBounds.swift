/// Members and Roles that give more than the owners of their path have: whoever may write there would give rights that are not theirs.
///
/// A rule of `charter.yaml` without owners bounds nothing. What the owners may write themselves counts as theirs, but for the rights
/// of a system administrator, which are over other organizations too: those must come from elsewhere, or from the rule that governs
/// `charter.yaml` itself.
struct GrantBounds {
    private(set) var diagnostics: [Diagnostic] = []
    private let graph: Graph
    private var rights: RoleRights
    /// The groups that hold a Member, directly or through others.
    private let groups: [ResourceKey: [ResourceKey]]
    private var held: [Int: Held] = [:]

    /// What the owners of a rule have together.
    private struct Held {
        var permissions: Set<Permission> = []
        var isOfPlatform = false
        /// Whether an owner could not be found, which is said elsewhere.
        var isUnknown = false
    }

    init(_ graph: Graph) {
        self.graph = graph
        rights = RoleRights(graph)
        var groups: [ResourceKey: [ResourceKey]] = [:]
        for (key, resource) in graph.resources {
            guard case .member(let member) = resource.body, member.sort == .group else { continue }
            for name in member.members { groups[ResourceKey(org: key.org, kind: .member, name: name), default: []].append(key) }
        }
        self.groups = groups
        guard let ownership = Ownership(graph.readable), ownership.rules.contains(where: { !$0.by.isEmpty }) else { return }
        for (key, declared) in graph.inOrder where key.kind == .member || key.kind == .role {
            guard let resource = declared.document.resource, let rule = ownership.rule(for: declared.path), !ownership.rules[rule].by.isEmpty
            else { continue }
            check(resource, declared, rule, ownership)
        }
    }

    private mutating func check(_ resource: Resource, _ declared: Graph.Declared, _ rule: Int, _ ownership: Ownership) {
        let given = given(by: resource)
        guard !given.permissions.isEmpty else { return }
        let held = held(by: rule, ownership)
        guard !held.isUnknown else { return }
        let excess = given.permissions.subtracting(held.permissions)
        let related = ownership.place(rule, "by").map { [($0, "the owners of this path")] } ?? []
        let field = resource.key.kind == .role ? "permissions" : "roles"
        let place = resource.spans["/spec/\(field)"] ?? declared.place
        if !excess.isEmpty {
            let names = Permission.allCases.filter(excess.contains).map { "`\($0.rawValue)`" }.joined(separator: ", ")
            diagnostics.append(
                Diagnostic(
                    .grantAboveOwners, at: place, length: field.count, "none of the owners of this path has \(names)",
                    hint: "give fewer rights, or let somebody who has these own the path", related: related))
        } else if given.isOfPlatform, !held.isOfPlatform {
            diagnostics.append(
                Diagnostic(
                    .grantAboveOwners, at: place, length: field.count, "the owners of this path cannot make administrators of the platform",
                    hint: "give `\(Role.systemAdmin)` where the owners of charter.yaml, or one who has it from them, may write", related: related))
        }
    }

    /// With what is held in single projects.
    private mutating func given(by resource: Resource) -> RoleRights.Reach {
        switch resource.body {
        case .role: rights.reach(of: resource.key.name, in: resource.key.org)
        case .member(let member): reach(of: member.roles + member.projects.flatMap(\.roles), in: resource.key.org)
        default: RoleRights.Reach()
        }
    }

    private mutating func reach(of roles: [String], in org: String?) -> RoleRights.Reach {
        var all = RoleRights.Reach()
        for role in roles {
            let one = rights.reach(of: role, in: org)
            all.permissions.formUnion(one.permissions)
            all.isOfPlatform = all.isOfPlatform || one.isOfPlatform
        }
        return all
    }

    private mutating func held(by rule: Int, _ ownership: Ownership) -> Held {
        if let known = held[rule] { return known }
        var found = Held(isOfPlatform: ownership.rule(for: Self.rulesPath) == rule)
        for name in ownership.rules[rule].by {
            guard let key = ownership.member(name, in: rule), graph.resources[key] != nil else {
                found.isUnknown = true
                continue
            }
            for holder in everybody(in: key) {
                guard let resource = graph.resources[holder], let path = graph.declared[holder]?.path else { continue }
                let given = given(by: resource)
                found.permissions.formUnion(given.permissions)
                if given.isOfPlatform, ownership.rule(for: path) != rule { found.isOfPlatform = true }
            }
        }
        held[rule] = found
        return found
    }

    private static let rulesPath = "charter.yaml"

    /// The owner, those in it where it is a group, and the groups around all of them, whose roles are theirs.
    private func everybody(in owner: ResourceKey) -> Set<ResourceKey> {
        var found: Set<ResourceKey> = []
        var waiting = [owner]
        while let next = waiting.popLast() {
            guard found.insert(next).inserted, case .member(let member)? = graph.resources[next]?.body else { continue }
            if member.sort == .group { waiting += member.members.map { ResourceKey(org: next.org, kind: .member, name: $0) } }
        }
        waiting = Array(found)
        while let next = waiting.popLast() {
            for group in groups[next] ?? [] where found.insert(group).inserted { waiting.append(group) }
        }
        return found
    }
}
