/// What somebody may do in the whole organization, and in single projects alone; a value.
struct GrantedRights {
    var everywhere = RoleBook.Reach()
    var inProjects: [ResourceKey: Set<Permission>] = [:]

    mutating func formUnion(_ other: GrantedRights) {
        everywhere.formUnion(other.everywhere)
        inProjects.merge(other.inProjects) { $0.union($1) }
    }

    /// With what holds in single projects for the whole organization.
    var widened: GrantedRights {
        var all = self
        for permissions in inProjects.values { all.everywhere.permissions.formUnion(permissions) }
        return all
    }

    /// As grants of one field, or of another one where they hold in projects alone; only those among `permissions` where these are given.
    func grants(
        _ field: String, inProjects projectField: String? = nil, among permissions: Set<Permission>? = nil, _ effect: Grant.Effect = .gives
    ) -> [Grant] {
        func narrowed(_ all: Set<Permission>) -> Set<Permission> { permissions.map(all.intersection) ?? all }
        let whole = Grant(
            field: field, permissions: narrowed(everywhere.permissions), isOfPlatform: everywhere.isOfPlatform, effect: effect)
        return [whole] + inProjects.sorted { $0.key < $1.key }.map { project, own in
            Grant(field: projectField ?? field, permissions: narrowed(own), project: project, effect: effect)
        }
    }
}
