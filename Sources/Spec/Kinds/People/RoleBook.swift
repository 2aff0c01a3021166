/// What each role permits, with what it inherits; a value.
package struct RoleBook: Sendable {
    private var declared: [ResourceKey: Role] = [:]

    package init(_ resources: some Sequence<Resource>) {
        for resource in resources {
            if case .role(let role) = resource.body { declared[resource.key] = role }
        }
    }

    /// What somebody has who holds some roles.
    package struct Reach: Sendable {
        package var names: Set<String> = []
        package var permissions: Set<Permission> = []
        /// Names of those that no organization declares: the platform's, and the built-in ones.
        package var shared: Set<String> = []

        /// Whether it makes one an administrator of the platform, which an organization's own role of that name does not.
        package var isOfPlatform: Bool { shared.contains(Role.systemAdmin) }

        mutating func formUnion(_ other: Reach) {
            names.formUnion(other.names)
            permissions.formUnion(other.permissions)
            shared.formUnion(other.shared)
        }
    }

    /// Of roles that are held in an organization; of the platform's where it is nil.
    package func reach(of names: some Sequence<String>, in org: String?) -> Reach {
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
