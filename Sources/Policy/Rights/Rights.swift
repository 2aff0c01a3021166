package import Spec

/// What somebody may do, and where; a value.
package struct Rights: Hashable, Sendable {
    /// The organization that `inOrganization` and `inProjects` are of; nil for somebody of none.
    package let org: String?
    package let inOrganization: Set<Permission>
    /// By the project's name, beside those that hold in the whole organization.
    package let inProjects: [String: Set<Permission>]
    /// Those that hold for the platform itself and in every organization.
    package let onPlatform: Set<Permission>

    package init(
        org: String?, inOrganization: Set<Permission> = [], inProjects: [String: Set<Permission>] = [:],
        onPlatform: Set<Permission> = []
    ) {
        self.org = org
        self.inOrganization = inOrganization
        self.inProjects = inProjects
        self.onPlatform = onPlatform
    }

    /// Of whoever runs the machine, who could do all of it without asking.
    package static let ofHost = Rights(org: nil, onPlatform: Set(Permission.allCases))

    /// Whether they hold in an organization, or where `org` is nil on the platform itself; `project` is one of that organization.
    package func permits(_ permission: Permission, in org: String?, project: String? = nil) -> Bool {
        if onPlatform.contains(permission) { return true }
        guard let org, org == self.org else { return false }
        if inOrganization.contains(permission) { return true }
        return project.flatMap { inProjects[$0] }?.contains(permission) ?? false
    }

    /// Whether they are nothing.
    package var isEmpty: Bool { inOrganization.isEmpty && onPlatform.isEmpty && inProjects.values.allSatisfy(\.isEmpty) }

    /// Those of them, without the platform's, that others do not include where they hold: what another has in one project alone is not
    /// had in the whole organization.
    package func exceeding(_ others: Rights...) -> Set<Permission> {
        let whole = others.reduce(into: Set<Permission>()) { $0.formUnion($1.inOrganization) }
        return inProjects.reduce(inOrganization.subtracting(whole)) { found, held in
            let there = others.filter { $0.org == org }.reduce(whole) { $0.union($1.inProjects[held.key] ?? []) }
            return found.union(held.value.subtracting(there))
        }
    }

    /// Those of them that are among `permissions`.
    package func narrowed(to permissions: Set<Permission>) -> Rights {
        Rights(
            org: org, inOrganization: inOrganization.intersection(permissions),
            inProjects: inProjects.mapValues { $0.intersection(permissions) }.filter { !$0.value.isEmpty },
            onPlatform: onPlatform.intersection(permissions))
    }
}
