/// The order of a workflow's steps, as their `after` gives it.
struct StepGraph {
    private let steps: [Workflow.Step]
    private let places: [Extent]
    private var index: [String: Int] = [:]

    init(_ steps: [Workflow.Step], _ places: [Extent]) {
        self.steps = steps
        self.places = places
        for (position, step) in steps.enumerated() where index[step.name] == nil { index[step.name] = position }
    }

    /// Reports repeated names, unknown names in `after`, and a cycle.
    func check(_ fields: Fields) {
        if steps.isEmpty {
            fields.report(.listEmpty, at: fields.extent(of: "steps"), "the workflow has no steps")
        }
        for (position, step) in steps.enumerated() {
            checkName(of: step, at: position, fields)
            for name in step.after where index[name] == nil {
                fields.report(
                    .stepUnknown, at: places[position], "`after` names `\(name)`, which is no step",
                    hint: Suggestion.hint(for: name, among: steps.map(\.name)))
            }
        }
        if let cycle = firstCycle() {
            let names = cycle + [cycle[0]]
            fields.report(
                .stepCycle, at: places[index[cycle[0]] ?? 0],
                "the steps wait for each other: " + names.joined(separator: " after "),
                hint: "remove one `after`")
        }
    }

    private func checkName(of step: Workflow.Step, at position: Int, _ fields: Fields) {
        guard let first = index[step.name], first != position else { return }
        fields.reading.report(
            .stepRepeated, places[position], "there is a step `\(step.name)` already", hint: "give it another name",
            related: [(places[first], "first given here")])
    }

    /// Follows what is left when steps that wait for nothing are taken away, again and again.
    private func firstCycle() -> [String]? {
        var waiting = Dictionary(steps.map { ($0.name, Set($0.after.filter { index[$0] != nil })) }) { first, _ in first
        }
        while true {
            let ready = waiting.filter { $0.value.isEmpty }.map(\.key)
            if ready.isEmpty { break }
            for name in ready { waiting[name] = nil }
            for name in waiting.keys { waiting[name]?.subtract(ready) }
        }
        guard var name = waiting.keys.min() else { return nil }
        var path: [String] = []
        while !path.contains(name) {
            path.append(name)
            name = waiting[name]?.min() ?? name
        }
        return Array(path[(path.firstIndex(of: name) ?? 0)...])
    }
}
