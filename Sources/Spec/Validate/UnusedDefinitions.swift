/// What is declared to be used by others, and is used by nobody.
///
/// Never what clients name, such as routes and models, nor what works by itself, such as budgets.
struct UnusedDefinitions {
    private(set) var diagnostics: [Diagnostic] = []

    init(_ graph: Graph) {
        let used = Self.used(in: graph)
        let orgs = Set(graph.inOrder.compactMap(\.key.org))
        for (key, declared) in graph.inOrder {
            guard let remedy = key.kind.remedyWhenUnused,
                key.kind == .routingPolicy ? graph.isShadowed(key, in: orgs) : !used.contains(key)
            else { continue }
            let reason =
                key.kind == .routingPolicy
                ? "every organization has a route `\(key.name)` of its own" : "nobody uses the \(key.kind.rawValue) `\(key.name)`"
            diagnostics.append(
                Diagnostic(
                    .definitionUnused, at: declared.place, length: declared.document.nameExtent.length, reason,
                    hint: remedy))
        }
    }

    private static func used(in graph: Graph) -> Set<ResourceKey> {
        var used: Set<ResourceKey> = []
        for file in graph.files {
            let org = Folder(of: file.path).organization
            for document in file.documents {
                for reference in document.references {
                    // A budget bounds the use of a project, and is none.
                    guard case .resource(let kind) = reference.target, document.key?.kind != .budget,
                        let key = graph.nearest(kind, reference.name, for: org), key != document.key
                    else { continue }
                    used.insert(key)
                }
            }
        }
        return used
    }
}

extension Graph {
    /// Whether every organization has its own resource of that name, so that nobody reaches the platform's.
    fileprivate func isShadowed(_ key: ResourceKey, in orgs: Set<String>) -> Bool {
        key.org == nil && !orgs.isEmpty
            && orgs.allSatisfy { declared[ResourceKey(org: $0, kind: key.kind, name: key.name)] != nil }
    }
}

extension Kind {
    /// What to do with one that nobody uses; nil for kinds that need nobody to name them.
    fileprivate var remedyWhenUnused: String? {
        switch self {
        case .scope: "give it to a key, or remove it"
        case .role: "give it to a Member, or remove it"
        case .plan: "put an Organization on it, or remove it"
        case .project: "put a key into it, or remove it"
        case .provider: "add a ModelCatalog with `provider: ` and its name, or remove it"
        case .routingPolicy: "remove it"
        case .guardrail: "name it in `guardrails`, or remove it"
        default: nil
        }
    }
}
