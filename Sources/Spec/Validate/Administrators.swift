/// Organizations in which nobody may change what is declared, or approve it.
struct Administrators {
    private(set) var diagnostics: [Diagnostic] = []

    /// What somebody of an organization must hold; not necessarily one person.
    private static let rights: [Permission] = [.configWrite, .planApprove]

    /// A group counts once somebody is in it.
    init(_ graph: Graph, now: Instant?) {
        let roles = RoleBook(graph.readable.values)
        var held: [String: Set<String>] = [:]
        for (key, declared) in graph.inOrder where key.kind == .member {
            guard let org = key.org else { continue }
            held[org] = held[org] ?? []
            guard let resource = declared.document.resource, case .member(let member) = resource.body,
                !resource.isSuspended(at: now),
                member.sort != .group || !member.members.isEmpty || member.externalGroup != nil
            else { continue }
            held[org]?.formUnion(member.roles)
        }
        for org in held.keys.sorted() {
            let permissions = roles.reach(of: held[org] ?? [], in: org).permissions
            report(org, missing: Self.rights.filter { !permissions.contains($0) }, graph)
        }
    }

    private mutating func report(_ org: String, missing: [Permission], _ graph: Graph) {
        guard let organization = graph.declared[ResourceKey(org: org, kind: .organization, name: org)], !missing.isEmpty
        else { return }
        let names = missing.map { "`\($0.rawValue)`" }.joined(separator: " or ")
        diagnostics.append(
            Diagnostic(
                .adminMissing, at: organization.place, length: organization.document.nameExtent.length,
                "no Member of \(org) holds \(names)",
                hint: "give a Member the role `admin`, or one with that permission"))
    }
}

extension Resource {
    /// Without `now`, an end of the suspension is not believed.
    fileprivate func isSuspended(at now: Instant?) -> Bool {
        suspension.map { suspension in now.map(suspension.holds) ?? true } ?? false
    }
}
