/// The circles and repeated names of a workflow's steps.
struct StepGraph {
    private let steps: [Workflow.Step]
    private let nodes: [Node]
    private let waits: [String: [String]]
    private var index: [String: Int] = [:]

    init(_ steps: [Workflow.Step], _ nodes: [Node], _ waits: [String: [String]]) {
        self.steps = steps
        self.nodes = nodes
        self.waits = waits
        for (position, step) in steps.enumerated() where index[step.name] == nil { index[step.name] = position }
    }

    /// Reports repeated names and circles.
    func check(_ fields: Fields) {
        for (position, step) in steps.enumerated() { checkName(of: step, at: position, fields) }
        for cycle in Cycles.find(in: waits) { report(cycle, fields) }
    }

    private func report(_ cycle: [String], _ fields: Fields) {
        let waits = zip(cycle, cycle.dropFirst() + cycle.prefix(1)).map { wait(of: $0, for: $1) }
        guard let first = waits.first else { return }
        let reasons = zip(cycle, waits).map { "`\($0)` \($1.reason)" }.joined(separator: ", ")
        fields.reading.report(
            .stepCycle, first.extent, "the steps wait for each other: \(reasons)", hint: "take one of these names out",
            related: zip(cycle, waits).dropFirst().map { ($1.extent, "here `\($0)` \($1.reason)") })
    }

    /// Why a step waits for another, and where that is said.
    private func wait(of name: String, for other: String) -> (reason: String, extent: Extent) {
        if let extent = extent(of: other, in: name, ["after"]) { return ("runs after `\(other)`", extent) }
        if let extent = extent(of: other, in: name, ["parallel", "branches"]) { return ("ends after its branch `\(other)`", extent) }
        for field in ["then", "else"] {
            if let extent = extent(of: name, in: other, [field]) { return ("is the `\(field)` of `\(other)`", extent) }
        }
        // A branch begins when the step may that holds it, so it waits for what that runs after.
        for holder in steps {
            guard let extent = extent(of: name, in: holder.name, ["parallel", "branches"]) else { continue }
            guard waits[holder.name]?.contains(other) ?? false else { continue }
            return ("is a branch of `\(holder.name)`, which runs after `\(other)`", extent)
        }
        return ("waits for `\(other)`", index[name].map { nodes[$0].extent } ?? .start)
    }

    /// Where a step names another.
    private func extent(of other: String, in name: String, _ path: [String]) -> Extent? {
        guard let position = index[name] else { return nil }
        let list = path.reduce(Optional(nodes[position])) { $0?.child($1) }
        return list?.items.first { $0.text == other }?.extent
    }

    private func checkName(of step: Workflow.Step, at position: Int, _ fields: Fields) {
        guard let first = index[step.name], first != position else { return }
        fields.reading.report(
            .stepRepeated, nodes[position].extent, "there is a step `\(step.name)` already", hint: "give it another name",
            related: [(nodes[first].extent, "first given here")])
    }
}
