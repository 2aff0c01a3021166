internal import Policy
internal import Spec

/// What members may do by what their own organization's unit declares, and the platform's; a value.
///
/// A unit's writers would else have a say in organizations that are another's, or make administrators of the platform.
struct UnitPeople {
    private let home: RightsBook
    /// By the organization.
    private let others: [String: RightsBook]

    /// Which of several units is the platform's. A single one is, whatever its name.
    private static let homeUnit = "default"

    init(_ shelf: IdentityShelf, now: Instant) {
        let byUnit = Dictionary(grouping: shelf.resources, by: \.unit).mapValues { $0.map(\.resource) }
        let homeUnit = byUnit.count == 1 ? byUnit.keys.first ?? Self.homeUnit : Self.homeUnit
        let own = byUnit[homeUnit] ?? []
        let shared = own.filter { $0.key.org == nil && $0.key.kind == .role }
        var others: [String: RightsBook] = [:]
        for (unit, resources) in byUnit where unit != homeUnit {
            let book = RightsBook(shared + resources, now: now)
            for resource in resources where resource.key.kind == .organization { others[resource.key.name] = book }
        }
        home = RightsBook(own, now: now)
        self.others = others
    }

    /// Nil for a group, for one who is suspended, and where there is nobody of that name.
    func rights(of key: ResourceKey, provided: Set<String>, at now: Instant) -> Rights? {
        if let rights = home.at(now).rightsOfPerson(key, provided) { return rights }
        guard let book = key.org.flatMap({ others[$0] }), let rights = book.at(now).rightsOfPerson(key, provided) else { return nil }
        return Rights(org: rights.org, inOrganization: rights.inOrganization, inProjects: rights.inProjects)
    }
}

extension RightsBook {
    fileprivate func rightsOfPerson(_ key: ResourceKey, _ provided: Set<String>) -> Rights? {
        guard let member = member(key), member.sort != .group, isActive(key) else { return nil }
        return rights(of: key, provided: provided)
    }
}
