/// Checks a workflow as a whole: names, order, expressions and types.
struct WorkflowCheck {
    private let workflow: Workflow
    private let fields: Fields
    private let nodes: [Node]
    private let types: WorkflowTypes
    private var graph: WorkflowGraph { types.graph }

    /// Where the names of steps are given.
    private static let mentions = [["after"], ["then"], ["else"], ["parallel", "branches"]]

    init(_ workflow: Workflow, _ fields: Fields) {
        self.workflow = workflow
        self.fields = fields
        nodes = fields.items(of: "steps")
        types = WorkflowTypes(workflow)
    }

    /// Reports everything.
    func run() {
        // Without the steps as they were written there is no place to speak of.
        guard nodes.count == workflow.steps.count else { return }
        StepGraph(workflow.steps, nodes.map(\.extent), graph.waits).check(fields)
        for (step, node) in zip(workflow.steps, nodes) {
            checkNames(in: step, node)
            checkTexts(of: step, node)
        }
        checkOutputs()
    }

    private func checkNames(in step: Workflow.Step, _ node: Node) {
        for path in Self.mentions {
            for item in path.reduce(Optional(node), { $0?.child($1) })?.items ?? [] {
                guard let name = item.text, types.outputs[name] == nil else { continue }
                fields.report(
                    .stepUnknown, at: item.extent, "`\(path.joined(separator: "."))` names `\(name)`, which is no step",
                    hint: Suggestion.hint(for: name, among: workflow.steps.map(\.name).filter { $0 != step.name }))
            }
        }
        if graph.isUnreachable(step.name) {
            fields.report(
                .stepUnreachable, at: node.child("name")?.extent ?? node.extent,
                "`\(step.name)` never runs: it waits for both branches of a condition",
                hint: "add `join: any` where the branches meet")
        }
    }

    private func checkTexts(of step: Workflow.Step, _ node: Node) {
        let scope = scope(for: step.name)
        let check = TextCheck(fields.reading, scope)
        switch step.work {
        case .model: for name in ["prompt", "system"] { check.template(node.child(name)) }
        case .http: check.http(node.child("http"))
        case .agent: for argument in node.child("agent")?.child("input")?.members ?? [] { check.template(argument.value) }
        case .retrieve: check.template(node.child("retrieve")?.child("query"))
        case .notify: check.template(node.child("notify")?.child("message"))
        case .condition: check.expression(node.child("condition"), wanted: .boolean)
        case .transform: check.expression(node.child("transform"), wanted: .any)
        case .parallel, .delay: break
        }
    }

    private func scope(for name: String?) -> ExpressionScope {
        var scope = types.scope(for: name)
        scope.doubt = { earlier in doubt(of: earlier, for: name) }
        return scope
    }

    /// Why a step has not surely ended where another begins, or at the end of a run for nil.
    private func doubt(of earlier: String, for later: String?) -> (message: String, hint: String) {
        let fallback = "write `default(steps.\(earlier).output, …)`"
        guard let later else { return ("`\(earlier)` does not run, or end well, in every run", fallback) }
        if earlier == later { return ("a step cannot use its own output", "") }
        if graph.waits(earlier, for: later) {
            return ("`\(earlier)` begins only after `\(later)` has ended", "exchange the steps")
        }
        guard graph.waits(later, for: earlier) else {
            return ("`\(earlier)` has not surely ended when `\(later)` begins", "add it to `after`")
        }
        return ("`\(earlier)` does not run, or end well, in every run that comes to `\(later)`", fallback)
    }

    private func checkOutputs() {
        let check = TextCheck(fields.reading, scope(for: nil))
        let written = fields.mappingEntries(of: "outputs")
        for output in workflow.outputs {
            guard let node = written.first(where: { $0.key == output.name })?.value.child("value") else { continue }
            let found = check.template(node)
            guard let wanted = output.type.map(ExpressionType.init), !found.fits(wanted) else { continue }
            fields.report(
                .typeMismatch, at: node.extent, "the output is declared as \(wanted.noun), and this is \(found.noun)",
                hint: found == .text && !Template(output.value).isSingle ? "with nothing beside one `{{ … }}` its value keeps its type" : nil)
        }
    }
}

/// Checks texts with expressions in them, each mistake at its place inside.
struct TextCheck {
    /// Mistakes told of one text: each is looked for from its beginning, and a flood has one cause.
    private static let problemsMax = 20

    private let reading: Reading
    private let scope: ExpressionScope

    init(_ reading: Reading, _ scope: ExpressionScope) {
        self.reading = reading
        self.scope = scope
    }

    /// The type of what the template gives.
    @discardableResult
    func template(_ node: Node?) -> ExpressionType {
        guard let node, let text = node.text else { return .any }
        let template = Template(text)
        var checker = ExpressionChecker(scope)
        let types = template.expressions.map { checker.type(of: $0) }
        report(template.problems + checker.problems, in: node)
        return template.isSingle ? types[0] : .text
    }

    func expression(_ node: Node?, wanted: ExpressionType) {
        guard let node, let text = node.text else { return }
        do throws(ExpressionProblem) {
            let expression = try ExpressionParser.parse(Array(text.unicodeScalars)[...])
            var checker = ExpressionChecker(scope)
            checker.expect(expression, wanted)
            report(checker.problems, in: node)
        } catch {
            report([error], in: node)
        }
    }

    /// The templates of a call.
    func http(_ call: Node?) {
        for name in ["url", "body"] { template(call?.child(name)) }
        for header in call?.child("headers")?.members ?? [] { template(header.value) }
    }

    private func report(_ problems: [ExpressionProblem], in node: Node) {
        for problem in problems.prefix(Self.problemsMax) {
            reading.report(
                problem.code, reading.extent(of: problem.range, in: node), problem.message, hint: problem.hint)
        }
    }
}

extension Node {
    func child(_ name: String) -> Node? { members.first { $0.key == name }?.value }

    var items: [Node] { if case .sequence(let items) = content { items } else { [] } }
    var text: String? { if case .scalar(let scalar) = content { scalar.text } else { nil } }
}
