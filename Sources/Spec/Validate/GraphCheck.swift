/// One thing that only the whole graph shows.
struct GraphCheck: Sendable {
    /// Whether it speaks of what is missing, which what is wrong elsewhere may hide.
    let isOfSoundWhole: Bool
    let find: @Sendable (Graph, Instant?) -> [Diagnostic]

    init(ofSoundWhole: Bool = false, _ find: @escaping @Sendable (Graph, Instant?) -> [Diagnostic]) {
        self.isOfSoundWhole = ofSoundWhole
        self.find = find
    }

    /// All of them.
    static let all: [GraphCheck] = [
        GraphCheck { graph, _ in RepeatedResources(graph).diagnostics },
        GraphCheck { graph, _ in graph.organizations() },
        GraphCheck { graph, _ in SharedClaims(graph).diagnostics },
        GraphCheck { graph, _ in SharedIdentities(graph).diagnostics },
        GraphCheck { graph, _ in Renames(graph).diagnostics },
        GraphCheck { graph, _ in
            var references = References(graph)
            return references.dangling()
        },
        GraphCheck { graph, _ in UnusedDefaults(graph).diagnostics },
        GraphCheck { graph, _ in graph.people() },
        GraphCheck { graph, _ in graph.ownership() },
        GraphCheck { graph, _ in graph.adopters() },
        GraphCheck { graph, _ in GrantBounds(graph)?.diagnostics ?? [] },
        GraphCheck { graph, _ in graph.agents() },
        GraphCheck { graph, now in now.map { KeyExpiry(graph, now: $0).diagnostics } ?? [] },
        GraphCheck { graph, now in now.map { EndedSuspensions(graph, now: $0).diagnostics } ?? [] },
        GraphCheck { graph, now in SuspendedOwners(graph, now: now).diagnostics },
        GraphCheck { graph, _ in DowngradeCycles(graph).diagnostics },
        GraphCheck { graph, _ in FallbackCycles(graph).diagnostics },
        GraphCheck { graph, _ in BudgetParents(graph).diagnostics },
        GraphCheck { graph, _ in AlikeNames(graph).diagnostics },
        GraphCheck(ofSoundWhole: true) { graph, now in Administrators(graph, now: now).diagnostics },
        GraphCheck(ofSoundWhole: true) { graph, _ in UnusedDefinitions(graph).diagnostics },
    ]
}
