/// The circles and repeated names of a workflow's steps.
struct StepGraph {
    private let steps: [Workflow.Step]
    private let places: [Extent]
    private let waits: [String: [String]]
    private var index: [String: Int] = [:]

    init(_ steps: [Workflow.Step], _ places: [Extent], _ waits: [String: [String]]) {
        self.steps = steps
        self.places = places
        self.waits = waits
        for (position, step) in steps.enumerated() where index[step.name] == nil { index[step.name] = position }
    }

    /// Reports that there are no steps, repeated names, and circles.
    func check(_ fields: Fields) {
        if steps.isEmpty {
            fields.report(.listEmpty, at: fields.extent(of: "steps"), "the workflow has no steps")
        }
        for (position, step) in steps.enumerated() { checkName(of: step, at: position, fields) }
        for cycle in Cycles.find(in: waits) {
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
}
