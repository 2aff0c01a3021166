/// What each role permits, with what it inherits.
struct RoleRights {
    private let graph: Graph
    private var known: [Question: Reach] = [:]

    struct Reach {
        var permissions: Set<Permission> = []
        /// Whether it makes one an administrator of the platform, which an organization's own role of that name does not.
        var isOfPlatform = false
    }

    private struct Question: Hashable {
        var name: String
        var org: String?
    }

    init(_ graph: Graph) { self.graph = graph }

    /// Of the organization's own role of that name, else the platform's, else the built-in one.
    mutating func permissions(of name: String, in org: String?) -> Set<Permission> { reach(of: name, in: org).permissions }

    mutating func reach(of name: String, in org: String?) -> Reach {
        let question = Question(name: name, org: org)
        if let known = known[question] { return known }
        var reach = Reach()
        var seen: Set<ResourceKey> = []
        var waiting = [question]
        while let next = waiting.popLast() {
            let key = graph.nearest(.role, next.name, for: next.org)
            if next.name == Role.systemAdmin, key?.org == nil { reach.isOfPlatform = true }
            guard let key, case .role(let role)? = graph.resources[key]?.body else {
                reach.permissions.formUnion(Role.builtIn[next.name] ?? [])
                continue
            }
            guard seen.insert(key).inserted else { continue }
            reach.permissions.formUnion(role.permissions)
            waiting += role.inherits.map { Question(name: $0, org: key.org) }
        }
        known[question] = reach
        return reach
    }
}
