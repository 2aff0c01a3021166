/// The steps of a workflow as far as they can be told, so that a mistake in one hides nothing of the others.
///
/// Gathered while the workflow is read.
final class StepDrafts {
    private var whole: [Position: Workflow.Step] = [:]
    /// Those with a name, in order, each where it stands.
    private(set) var steps: [Workflow.Step] = []
    private(set) var nodes: [Node] = []
    /// Whether every step has a name.
    private(set) var areNamed = true
    /// Whether it is known of every step what it waits for.
    private(set) var areOrdered = true

    /// Where a step names others.
    static let mentions = [["after"], ["then"], ["else"], ["parallel", "branches"]]

    /// A step; those without a mistake are kept.
    var shape: Shape<Workflow.Step> {
        let fields = Shape<Workflow.Step>.fields
        return Shape(fields.describe()) { node, reading in
            let errorsBefore = reading.errorCount
            let decoded = fields.read(node, reading)
            if reading.errorCount == errorsBefore { self.whole[node.extent.position] = decoded?.value }
            return decoded
        }
    }

    /// Asked after the steps were read.
    func gather(from fields: Fields) {
        if fields.isMistaken("steps") || !fields.isGiven("steps") {
            guard case .sequence? = fields.node(of: "steps")?.content else {
                (areNamed, areOrdered) = (false, false)
                return
            }
        }
        for node in fields.items(of: "steps") {
            if let step = whole[node.extent.position] ?? draft(of: node) {
                steps.append(step)
                nodes.append(node)
            } else {
                (areNamed, areOrdered) = (false, false)
            }
        }
    }

    /// A step that is mistaken in something; nil without a name.
    private func draft(of node: Node) -> Workflow.Step? {
        guard let name = node.child("name")?.text, Names.isIdentifier(name) else { return nil }
        let names = Self.mentions.map { path in self.names(path.reduce(Optional(node)) { $0?.child($1) }) }
        // A field that is unknown may be one of them, misspelt.
        if names.contains(nil) || !node.members.allSatisfy({ Workflow.Step.isField($0.key) }) { areOrdered = false }
        let (after, then, otherwise, branches) = (names[0] ?? [], names[1] ?? [], names[2] ?? [], names[3] ?? [])
        let work: Workflow.Work
        if let condition = node.child("condition") {
            work = .condition(condition.text ?? "", then: then, otherwise: otherwise)
        } else if let parallel = node.child("parallel") {
            work = .parallel(branches: branches, join: join(in: parallel))
        } else {
            // What an agent gives may be anything.
            work = .agent(Workflow.AgentCall(name: "", input: []))
        }
        return Workflow.Step(
            name: name, work: work, after: after, join: join(in: node), output: [],
            onError: node.child("onError")?.text.flatMap(Workflow.ErrorAction.init) ?? .fail)
    }

    private func join(in node: Node) -> Workflow.Join { node.child("join")?.text.flatMap(Workflow.Join.init) ?? .all }

    /// Nil where they cannot be told.
    private func names(_ node: Node?) -> [String]? {
        guard let node else { return [] }
        guard case .sequence(let items) = node.content else { return nil }
        let names = items.compactMap(\.text)
        return names.count == items.count ? names : nil
    }
}
