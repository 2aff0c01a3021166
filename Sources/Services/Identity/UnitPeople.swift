internal import Policy
internal import Spec

/// What members may do by what their own organization's unit declares, and the platform's; a value.
///
/// A unit's writers would else have a say in organizations that are another's, or make administrators of the platform.
struct UnitPeople {
    let units: UnitReach
    private let home: RightsBook
    /// By the organization.
    private let others: [String: RightsBook]

    init(_ resources: [(resource: Resource, unit: String)], _ units: UnitReach, now: Instant) {
        self.units = units
        let byUnit = Dictionary(grouping: resources, by: \.unit).mapValues { $0.map(\.resource) }
        let own = byUnit[units.home] ?? []
        let shared = own.filter { $0.key.org == nil && $0.key.kind == .role }
        var others: [String: RightsBook] = [:]
        for (unit, resources) in byUnit where unit != units.home {
            let book = RightsBook(shared + resources, now: now)
            for resource in resources where resource.key.kind == .organization { others[resource.key.name] = book }
        }
        home = RightsBook(own, now: now)
        self.others = others
    }

    /// Nil for a group, for one who is suspended, and where there is nobody of that name for whom the unit may vouch: whoever
    /// declares a key or an issuer could else be taken for anybody.
    func rights(of key: ResourceKey, vouchedBy unit: String, provided: Set<String>, at now: Instant) -> Rights? {
        if unit == units.home, let rights = home.at(now).rightsOfPerson(key, provided) { return rights }
        guard units.counts(unit, in: key.org), let book = key.org.flatMap({ others[$0] }),
            let rights = book.at(now).rightsOfPerson(key, provided)
        else { return nil }
        return Rights(org: rights.org, inOrganization: rights.inOrganization, inProjects: rights.inProjects)
    }
}

/// Which unit has a say where: the platform's everywhere, another in the organizations that it declares; a value.
struct UnitReach: Hashable {
    /// The platform's unit.
    let home: String
    private let units: [String: String]

    /// `organizations` are given with their units.
    init(home: String, organizations: [String: String]) {
        self.home = home
        units = organizations
    }

    /// The unit that declares an organization.
    func unit(of org: String?) -> String? { org.flatMap { units[$0] } }

    /// Whether what a unit declares counts in an organization, or on the platform where `org` is nil.
    func counts(_ unit: String, in org: String?) -> Bool { unit == home || self.unit(of: org) == unit }
}

extension RightsBook {
    fileprivate func rightsOfPerson(_ key: ResourceKey, _ provided: Set<String>) -> Rights? {
        guard let member = member(key), member.sort != .group, isActive(key) else { return nil }
        return rights(of: key, provided: provided)
    }
}
