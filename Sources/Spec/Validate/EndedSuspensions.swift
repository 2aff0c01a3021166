/// What was suspended until a day that is past, and counts again.
struct EndedSuspensions {
    private(set) var diagnostics: [Diagnostic] = []

    init(_ graph: Graph, now: Instant) {
        for (_, declared) in graph.inOrder {
            guard let resource = declared.document.resource, let suspension = resource.suspension,
                let until = suspension.until, !suspension.holds(at: now)
            else { continue }
            diagnostics.append(
                Diagnostic(
                    .suspensionOver, ofValueAt: resource.spans.nearest("/spec/suspend/until") ?? resource.place,
                    "the suspension ended on \(until.text), so this counts again", hint: "remove `suspend`, or move `until`"))
        }
    }
}
