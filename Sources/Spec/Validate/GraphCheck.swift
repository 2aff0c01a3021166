/// One thing that only the whole graph shows.
struct GraphCheck: Sendable {
    /// Kinds of which every resource must be known: it speaks of what is absent, or of two that are alike.
    ///
    /// Empty where knowing what a resource names is enough.
    let needs: Set<Kind>
    /// The warnings it may give.
    let warnings: Set<DiagnosticCode>
    /// Whether it speaks of what is missing, which what is wrong elsewhere may hide.
    let isOfSoundWhole: Bool
    let find: @Sendable (Graph, Instant?) -> [Diagnostic]

    init(
        needs: Set<Kind> = [], warnings: Set<DiagnosticCode> = [], ofSoundWhole: Bool = false,
        _ find: @escaping @Sendable (Graph, Instant?) -> [Diagnostic]
    ) {
        self.needs = needs
        self.warnings = warnings
        self.isOfSoundWhole = ofSoundWhole
        self.find = find
    }

    /// All of them; those without needs can be asked of any part of a repository.
    static let all: [GraphCheck] = [
        GraphCheck { graph, _ in RepeatedResources(graph).diagnostics },
        GraphCheck { graph, _ in graph.organizations() },
        GraphCheck { graph, _ in SharedClaims(graph).diagnostics },
        GraphCheck(needs: [.member]) { graph, _ in SharedIdentities(graph).diagnostics },
        GraphCheck { graph, _ in Renames(graph).diagnostics },
        GraphCheck(warnings: [.patternMatchesNothing]) { graph, _ in
            var references = References(graph)
            return references.dangling()
        },
        GraphCheck(warnings: [.defaultsUnused]) { graph, _ in UnusedDefaults(graph).diagnostics },
        GraphCheck { graph, _ in graph.people() },
        GraphCheck(needs: [.repository]) { graph, _ in graph.ownership() },
        GraphCheck(needs: [.repository, .member], warnings: [.adopterUnknown]) { graph, _ in graph.adopters() },
        GraphCheck(needs: [.repository, .member, .role]) { graph, _ in GrantBounds(graph)?.diagnostics ?? [] },
        GraphCheck(warnings: [.handoffCircle]) { graph, _ in graph.agents() },
        GraphCheck(warnings: [.keyExpired, .keyExpiresSoon]) { graph, now in
            now.map { KeyExpiry(graph, now: $0).diagnostics } ?? []
        },
        GraphCheck(warnings: [.suspensionOver]) { graph, now in
            now.map { EndedSuspensions(graph, now: $0).diagnostics } ?? []
        },
        GraphCheck(warnings: [.ownerSuspended]) { graph, now in SuspendedOwners(graph, now: now).diagnostics },
        GraphCheck(needs: [.budget, .routingPolicy]) { graph, _ in DowngradeCycles(graph).diagnostics },
        GraphCheck(needs: [.routingPolicy]) { graph, _ in FallbackCycles(graph).diagnostics },
        GraphCheck(needs: [.budget], warnings: [.budgetAboveParent]) { graph, _ in BudgetParents(graph).diagnostics },
        GraphCheck(needs: Kind.every, warnings: [.namesAlike]) { graph, _ in AlikeNames(graph).diagnostics },
        GraphCheck(needs: [.organization, .member, .role], warnings: [.adminMissing], ofSoundWhole: true) { graph, now in
            Administrators(graph, now: now).diagnostics
        },
        GraphCheck(needs: Kind.every, warnings: [.definitionUnused], ofSoundWhole: true) { graph, _ in
            UnusedDefinitions(graph).diagnostics
        },
    ]

    /// Warnings that are not looked for unless more is known.
    static func warningsLeft(knowing complete: Set<Kind>) -> Set<DiagnosticCode> {
        all.filter { !$0.needs.isSubset(of: complete) }.reduce(into: []) { $0.formUnion($1.warnings) }
    }
}

extension Kind {
    package static let every = Set(Kind.allCases)
}
