package import Spec
internal import Policy
internal import Store

/// Of which things of an organization a right holds; a value.
package enum ProjectReach: Hashable, Sendable {
    case everything
    /// What is of one of these projects, and nothing else.
    case projects(Set<String>)

    /// Whether it holds for what is of a project, or of none.
    package func includes(_ project: String?) -> Bool {
        switch self {
        case .everything: true
        case .projects(let names): project.map(names.contains) ?? false
        }
    }

    var isEmpty: Bool { self == .projects([]) }
}

extension Caller {
    /// Where in an organization the caller has a right.
    package func reach(_ permission: Permission, in org: String) -> ProjectReach {
        if may(permission, in: org) { return .everything }
        guard org == rights.org else { return .projects([]) }
        return .projects(Set(rights.inProjects.filter { $0.value.contains(permission) }.keys))
    }
}

extension AdminCall {
    /// Refuses what is of another project than those in which the caller has the right: as what is missing.
    func checkReach(_ permission: Permission, in org: String, project: String?) throws(Problem) {
        guard caller.reach(permission, in: org).includes(project) else { throw .notFound }
    }

    /// The same of what is declared, whose text is read only where that decides.
    func checkReach(_ permission: Permission, in org: String, of row: StoredResource) throws {
        let reach = caller.reach(permission, in: org)
        guard try reach == .everything || reach.includes(row.project) else { throw Problem.notFound }
    }
}

extension StoredResource {
    /// The project whose thing it is.
    var project: String? {
        get throws { try Resource.decode(key: key, canonical: canonical).project }
    }
}

extension Resource {
    /// The project whose thing it is; nil for what is the whole organization's.
    var project: String? {
        switch body {
        case .project: key.name
        case .apiKey(let spec): spec.project
        case .keyPool(let spec): spec.project
        case .budget(let spec): if case .project(let name) = spec.subject { name } else { nil }
        default: nil
        }
    }
}
