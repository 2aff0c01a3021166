internal import Spec
internal import Store

/// An app as it is applied: a Project with the APIKey of its name, within its organization and that one's plan; a value.
struct DeclaredApp {
    let row: StoredResource
    let resource: Resource
    let project: Project
    /// Nil where somebody took it away.
    let key: DeclaredKey?
    let terms: AppTerms
    let now: Instant

    /// By `app_` with the project's uid, or with its name in an organization.
    static func find(_ transaction: Transaction, _ tenancy: Tenancy, org: String, id: String) throws -> DeclaredApp {
        guard id.hasPrefix(ApplicationCredential.mark) else { throw Problem.notFound }
        let rest = String(id.dropFirst(ApplicationCredential.mark.utf8.count)).lowercased()
        if LineageText.isUID(rest), let row = try Resources.list(transaction, tenancy, .project, uids: rest...rest).first {
            return try DeclaredApp(row, transaction)
        }
        guard Names.isResourceName(rest), let row = try Resources.one(transaction, ResourceKey(org: org, kind: .project, name: rest))
        else { throw Problem.notFound }
        return try DeclaredApp(row, transaction)
    }

    private init(_ row: StoredResource, _ transaction: Transaction) throws {
        self.row = row
        resource = try Resource.decode(key: row.key, canonical: row.canonical)
        guard case .project(let project) = resource.body else { throw Problem.notFound }
        self.project = project
        let key = try Resources.one(transaction, ResourceKey(org: row.key.org, kind: .apiKey, name: row.key.name)).map(DeclaredKey.init)
        self.key = key?.spec.project == row.key.name ? key : nil
        terms = try AppTerms(row.key.org ?? "", transaction)
        now = try transaction.clock()
    }

    var isActive: Bool {
        guard let key, !terms.isSuspended(at: now), !(resource.suspension?.holds(at: now) ?? false), !key.isSuspended(at: now) else { return false }
        return PlatformKey(key, at: now).status == .active
    }

    /// As registering shows it too, with what else is told.
    func json(_ more: [(String, JSONTree)]) -> JSONTree {
        .object(
            terms.members(
                name: row.key.name, uid: row.uid, title: project.displayName ?? row.key.name, isActive: isActive, of: project, key?.spec) + more)
    }
}
