/// Keys that are refused because their owner or project does not count for a time.
struct SuspendedOwners {
    private(set) var diagnostics: [Diagnostic] = []

    /// Without `now`, a suspension with an end is taken to have ended.
    init(_ graph: Graph, now: Instant?) {
        for (key, declared) in graph.inOrder where key.kind == .apiKey {
            guard let resource = declared.document.resource, resource.suspension == nil,
                case .apiKey(let spec) = resource.body
            else { continue }
            check(resource, "/spec/owner", "owner", ResourceKey(org: key.org, kind: .member, name: spec.owner), graph, now)
            guard let project = spec.project else { continue }
            check(resource, "/spec/project", "project", ResourceKey(org: key.org, kind: .project, name: project), graph, now)
        }
    }

    private mutating func check(
        _ resource: Resource, _ pointer: String, _ noun: String, _ other: ResourceKey, _ graph: Graph, _ now: Instant?
    ) {
        guard let suspended = graph.resources[other], let suspension = suspended.suspension,
            now.map(suspension.holds) ?? (suspension.until == nil)
        else { return }
        let place = suspended.spans["/spec/suspend"] ?? suspended.place
        diagnostics.append(
            Diagnostic(
                .ownerSuspended, ofValueAt: resource.spans[pointer] ?? resource.place,
                "the key is refused, since its \(noun) `\(other.name)` is suspended",
                hint: "give the key another \(noun), or suspend it too, with the reason",
                related: place.map { [(place: $0, message: "suspended here: \(suspension.reason)".printable)] } ?? []))
    }
}
