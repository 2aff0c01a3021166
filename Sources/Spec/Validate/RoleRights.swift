/// What each role permits, with what it inherits.
struct RoleRights {
    private let graph: Graph
    private var known: [Question: Set<Permission>] = [:]

    private struct Question: Hashable {
        var name: String
        var org: String?
    }

    init(_ graph: Graph) { self.graph = graph }

    /// Of the organization's own role of that name, else the platform's, else the built-in one.
    mutating func permissions(of name: String, in org: String?) -> Set<Permission> {
        let question = Question(name: name, org: org)
        if let known = known[question] { return known }
        var permissions: Set<Permission> = []
        var seen: Set<ResourceKey> = []
        var waiting = [question]
        while let next = waiting.popLast() {
            guard let key = graph.nearest(.role, next.name, for: next.org), case .role(let role)? = graph.resources[key]?.body
            else {
                permissions.formUnion(Role.builtIn[next.name] ?? [])
                continue
            }
            guard seen.insert(key).inserted else { continue }
            permissions.formUnion(role.permissions)
            waiting += role.inherits.map { Question(name: $0, org: key.org) }
        }
        known[question] = permissions
        return permissions
    }
}
