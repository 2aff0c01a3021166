/// What one field of a resource lets somebody do; a value.
struct Grant {
    /// How it comes about.
    enum Effect: Hashable {
        /// The resource gives the rights.
        case gives
        /// Whoever writes it makes a proof by which they are taken for this Member.
        case speaks(String)
        /// Whoever writes it decides who gets what others give to these, a noun phrase.
        case opens(String)
    }

    var field: String
    var permissions: Set<Permission>
    /// Where they hold alone; nil for the whole organization.
    var project: ResourceKey?
    var isOfPlatform = false
    var effect = Effect.gives
}

/// What resources give to people, by roles, groups, and the proofs by which somebody is known.
struct GrantReach {
    private let graph: Graph
    private let roles: RoleBook
    private var reaches: [ResourceKey: RoleBook.Reach] = [:]
    /// The groups that hold a Member.
    private var groups: [ResourceKey: [ResourceKey]] = [:]
    /// Members whom an identity provider's tokens or groups lead to, by organization.
    private var external: [String: [ResourceKey]] = [:]
    /// Scopes that carry permissions.
    private var permitting: [ResourceKey: Set<Permission>] = [:]
    private let permittingNames: Set<String>

    init(_ graph: Graph) {
        self.graph = graph
        roles = RoleBook(graph.readable.values)
        for (key, resource) in graph.resources {
            switch resource.body {
            case .member(let member):
                for name in member.sort == .group ? member.members : [] {
                    groups[ResourceKey(org: key.org, kind: .member, name: name), default: []].append(key)
                }
                if let org = key.org, member.externalID != nil || member.externalGroup != nil { external[org, default: []].append(key) }
            case .scope(let scope): if !scope.permissions.isEmpty { permitting[key] = Set(scope.permissions) }
            default: break
            }
        }
        permittingNames = Set(permitting.keys.map(\.name))
    }

    /// By field, of which several may give the same; empty for what gives nobody a right.
    mutating func given(by resource: Resource) -> [Grant] {
        let grants: [Grant] =
            switch resource.body {
            case .role: GrantedRights(everywhere: reach(of: [resource.key.name], in: resource.key.org)).grants("permissions")
            case .member(let member): given(by: member, resource.key)
            case .scope(let scope): [Grant(field: "permissions", permissions: Set(scope.permissions))]
            case .apiKey(let key): given(by: key, resource.key)
            case .organization(let organization): organization.signIn?.issuer == nil ? [] : given(bySignInOf: resource.key.name)
            default: []
            }
        return grants.filter { !$0.permissions.isEmpty }
    }

    /// Its own roles; and where the resource says who else comes to what the groups around it give, those.
    private mutating func given(by member: Member, _ key: ResourceKey) -> [Grant] {
        let own = declaredRights(of: key).grants("roles", inProjects: "projects")
        let field = member.sort == .group ? (member.members.isEmpty ? "externalGroup" : "members") : "externalId"
        guard member.sort == .group || member.externalID != nil, groups[key] != nil else { return own }
        return own + rights(of: key).grants(field, .opens("groups around `\(key.name)`"))
    }

    /// The owner's rights that the key's scopes name: who writes its secrets has them.
    private mutating func given(by key: APIKey, _ name: ResourceKey) -> [Grant] {
        guard !permittingNames.isDisjoint(with: key.scopes) else { return [] }
        let scopes = Set(key.scopes.flatMap { graph.nearest(.scope, $0, for: name.org).flatMap { permitting[$0] } ?? [] })
        let owner = rights(of: ResourceKey(org: name.org, kind: .member, name: key.owner))
        return owner.grants("owner", among: scopes, .speaks("`\(key.owner)`"))
    }

    /// The rights of everybody whom the tokens lead to: who names the issuer can be any of them.
    private mutating func given(bySignInOf org: String) -> [Grant] {
        var all = GrantedRights()
        for key in external[org] ?? [] { all.formUnion(rights(of: key)) }
        return all.grants("signIn", .speaks("Members of \(org)"))
    }

    /// What a Member's own document gives.
    mutating func declaredRights(of key: ResourceKey) -> GrantedRights {
        guard case .member(let member)? = graph.resources[key]?.body else { return GrantedRights() }
        var rights = GrantedRights(everywhere: reach(of: member.roles, in: key.org))
        for held in member.projects {
            let project = ResourceKey(org: key.org, kind: .project, name: held.project)
            rights.inProjects[project, default: []].formUnion(reach(of: held.roles, in: key.org).permissions)
        }
        return rights
    }

    /// With those of the groups around the Member.
    private mutating func rights(of key: ResourceKey) -> GrantedRights {
        var all = GrantedRights()
        for holder in around([key]) { all.formUnion(declaredRights(of: holder)) }
        return all
    }

    private mutating func reach(of names: [String], in org: String?) -> RoleBook.Reach {
        var all = RoleBook.Reach()
        for name in names {
            let key = ResourceKey(org: org, kind: .role, name: name)
            let one = reaches[key] ?? roles.reach(of: [name], in: org)
            reaches[key] = one
            all.formUnion(one)
        }
        return all
    }

    /// The owner, those in it where it is a group, and the groups around all of them, whose roles are theirs.
    ///
    /// `own` tells what the owners write themselves: whom they put into a group of theirs, or which of theirs somebody is in, brings
    /// them nothing that is declared elsewhere.
    func everybody(in owner: ResourceKey, writing own: (ResourceKey) -> Bool) -> Set<ResourceKey> {
        let people = inside([owner]) { group, _ in !own(group) }
        let sure = around(people) { !own($0) }
        return around(sure.union(inside(people) { _, member in own(member) }), where: own)
    }

    private func inside(_ members: Set<ResourceKey>, where follows: (ResourceKey, ResourceKey) -> Bool) -> Set<ResourceKey> {
        var found = members
        var waiting = Array(members)
        while let next = waiting.popLast() {
            guard case .member(let group)? = graph.resources[next]?.body, group.sort == .group else { continue }
            for name in group.members {
                let key = ResourceKey(org: next.org, kind: .member, name: name)
                if follows(next, key), found.insert(key).inserted { waiting.append(key) }
            }
        }
        return found
    }

    /// With the groups that hold one of them, directly or through others.
    private func around(_ members: Set<ResourceKey>, where follows: (ResourceKey) -> Bool = { _ in true }) -> Set<ResourceKey> {
        var found = members
        var waiting = Array(members)
        while let next = waiting.popLast() {
            for group in groups[next] ?? [] where follows(group) && found.insert(group).inserted { waiting.append(group) }
        }
        return found
    }
}
