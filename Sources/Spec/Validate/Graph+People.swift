/// Roles that inherit, groups that hold members, and keys that somebody must own.
extension Graph {
    func people() -> [Diagnostic] { roleCycles() + groupCycles() + groupsThatOwn() }

    private func roleCycles() -> [Diagnostic] {
        var edges: [ResourceKey: [ResourceKey]] = [:]
        for (key, resource) in readable {
            guard case .role(let role) = resource.body, !role.inherits.isEmpty else { continue }
            edges[key] = role.inherits.compactMap { nearest(.role, $0, for: key.org) }
        }
        return Cycles.find(in: edges).map { cycle in
            diagnostic(
                of: cycle, .roleCycle, "the roles inherit from each other", "inherits", hint: "remove one name from `inherits`"
            ) { body, next in
                if case .role(let role) = body { role.inherits.pointer(to: next, in: "/spec/inherits") } else { nil }
            }
        }
    }

    private func groupCycles() -> [Diagnostic] {
        var edges: [ResourceKey: [ResourceKey]] = [:]
        for (key, resource) in readable {
            guard case .member(let member) = resource.body, member.sort == .group else { continue }
            edges[key] = member.members.map { ResourceKey(org: key.org, kind: .member, name: $0) }
        }
        return Cycles.find(in: edges).map { cycle in
            diagnostic(
                of: cycle, .groupCycle, "the groups hold each other", "holds", hint: "remove one name from `members`"
            ) { body, next in
                if case .member(let group) = body { group.members.pointer(to: next, in: "/spec/members") } else { nil }
            }
        }
    }

    /// A key acts with the rights of one owner, and a budget bounds the keys of one.
    private func groupsThatOwn() -> [Diagnostic] {
        readable.flatMap { key, resource -> [Diagnostic] in
            switch resource.body {
            case .apiKey(let spec): ownedByGroup(spec.owner, resource, "/spec/owner", "a group cannot own a key")
            case .budget(let spec):
                if case .member(let name) = spec.subject {
                    ownedByGroup(name, resource, "/spec/for/member", "a budget is for one owner, not for a group")
                } else {
                    []
                }
            default: []
            }
        }
    }

    private func ownedByGroup(
        _ name: String, _ resource: Resource, _ pointer: String, _ message: String
    ) -> [Diagnostic] {
        let owner = ResourceKey(org: resource.key.org, kind: .member, name: name)
        guard case .member(let member)? = resources[owner]?.body, member.sort == .group else { return [] }
        return [
            Diagnostic(
                .ownerIsGroup, at: resource.spans[pointer] ?? resource.place, length: name.unicodeScalars.count, message,
                hint: "name one of its members, or a Member of `type: service`",
                related: declared[owner].map { [(place: $0.place, message: "`\(name)` is a group")] } ?? [])
        ]
    }

    /// The resource that a name means in an organization: its own, else the platform's.
    func nearest(_ kind: Kind, _ name: String, for org: String?) -> ResourceKey? {
        let own = ResourceKey(org: org, kind: kind, name: name)
        if declared[own] != nil { return own }
        let platform = ResourceKey(org: nil, kind: kind, name: name)
        return kind.mayBelongToPlatform && declared[platform] != nil ? platform : nil
    }

    /// "`a` inherits `b`, `b` inherits `a`", at the names by which each leads to the next; `pointer` gives the field that a
    /// name stands in.
    func diagnostic(
        of cycle: [ResourceKey], _ code: DiagnosticCode, _ message: String, _ verb: String, hint: String,
        _ pointer: (Body, _ next: String) -> String?
    ) -> Diagnostic {
        let resources = readable
        let edges = zip(cycle, cycle.dropFirst() + cycle.prefix(1)).map { key, next in
            let resource = resources[key]
            let field = resource.flatMap { pointer($0.body, next.name) }
            return (
                text: "`\(key.name)` \(verb) `\(next.name)`",
                place: field.flatMap { resource?.spans.nearest($0) } ?? resource?.place)
        }
        return Diagnostic(
            code, ofValueAt: edges.first?.place, "\(message): " + edges.map(\.text).joined(separator: ", "), hint: hint,
            related: edges.dropFirst().compactMap { edge in edge.place.map { (place: $0, message: "here \(edge.text)") } })
    }
}

extension [String] {
    /// The pointer to a name among the items of the field at `pointer`.
    func pointer(to name: String, in pointer: String) -> String? {
        firstIndex(of: name).map { "\(pointer)/\($0)" }
    }
}
