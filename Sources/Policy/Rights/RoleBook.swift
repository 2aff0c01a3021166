internal import Spec

/// What each role permits, with what it inherits; a value.
struct RoleBook {
    private var declared: [ResourceKey: Role] = [:]

    init(_ resources: some Sequence<Resource>) {
        for resource in resources {
            if case .role(let role) = resource.body { declared[resource.key] = role }
        }
    }

    /// What somebody has who holds some roles.
    struct Reach {
        var names: Set<String> = []
        var permissions: Set<Permission> = []
        /// Names of those that no organization declares: the platform's, and the built-in ones.
        var shared: Set<String> = []
    }

    /// Of roles that are held in an organization; of the platform's where it is nil.
    func reach(of names: some Sequence<String>, in org: String?) -> Reach {
        var reach = Reach()
        var seen: Set<ResourceKey> = []
        var waiting: [(name: String, org: String?)] = names.map { ($0, org) }
        while let (name, org) = waiting.popLast() {
            reach.names.insert(name)
            guard let (key, role) = role(name, in: org) else {
                reach.permissions.formUnion(Role.builtIn[name] ?? [])
                reach.shared.insert(name)
                continue
            }
            if key.org == nil { reach.shared.insert(name) }
            guard seen.insert(key).inserted else { continue }
            reach.permissions.formUnion(role.permissions)
            waiting += role.inherits.map { ($0, key.org) }
        }
        return reach
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
