/// Checks a workflow as a whole: names, order, expressions and types.
struct WorkflowCheck {
    private let workflow: Workflow
    private let fields: Fields
    private let drafts: StepDrafts
    private let types: WorkflowTypes
    private var graph: WorkflowGraph { types.graph }

    init(_ workflow: Workflow, _ drafts: StepDrafts, _ fields: Fields) {
        self.fields = fields
        self.drafts = drafts
        var known = workflow
        known.steps = drafts.steps
        self.workflow = known
        types = WorkflowTypes(known, inputs: fields.types(of: workflow.inputs))
    }

    /// Reports everything.
    func run() {
        if drafts.areNamed, drafts.steps.isEmpty {
            fields.report(.listEmpty, at: fields.extent(of: "steps"), "the workflow has no steps")
        }
        StepGraph(drafts.steps, drafts.nodes, graph.waits).check(fields)
        for (step, node) in zip(drafts.steps, drafts.nodes) {
            checkNames(in: step, node)
            checkTexts(of: step, node)
        }
        checkOutputs()
    }

    private func checkNames(in step: Workflow.Step, _ node: Node) {
        for path in StepDrafts.mentions {
            for item in path.reduce(Optional(node), { $0?.child($1) })?.items ?? [] {
                guard drafts.areNamed, let name = item.text, types.outputs[name] == nil else { continue }
                fields.report(
                    .stepUnknown, at: item.extent, "`\(path.joined(separator: "."))` names `\(name)`, which is no step",
                    hint: Suggestion.hint(for: name, among: workflow.steps.map(\.name).filter { $0 != step.name }))
            }
        }
        if drafts.areOrdered, graph.isUnreachable(step.name) {
            fields.report(
                .stepUnreachable, at: node.child("name")?.extent ?? node.extent,
                "`\(step.name)` never runs: it waits for both branches of a condition",
                hint: "add `join: any` where the branches meet")
        }
    }

    private func checkTexts(of step: Workflow.Step, _ node: Node) {
        let scope = scope(for: step.name)
        let check = TextCheck(fields.reading, scope)
        for name in ["prompt", "system"] { check.template(node.child(name)) }
        check.http(node.child("http"))
        for argument in node.child("agent")?.child("input")?.members ?? [] { check.template(argument.value) }
        check.template(node.child("retrieve")?.child("query"))
        check.template(node.child("notify")?.child("message"))
        check.expression(node.child("condition"), wanted: .boolean)
        check.expression(node.child("transform"), wanted: .any)
    }

    private func scope(for name: String?) -> ExpressionScope {
        var scope = types.scope(for: name)
        scope.knowsSteps = drafts.areNamed
        if !drafts.areOrdered { scope.sure = Set(types.outputs.keys) }
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
        for entry in written {
            guard let node = entry.value.child("value") else { continue }
            let found = check.template(node)
            guard let output = workflow.outputs.first(where: { $0.name == entry.key }), let wanted = output.type.map(ExpressionType.init), !found.fits(wanted) else { continue }
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
        guard let node, case .scalar(let scalar) = node.content, scalar.type == .string else { return .any }
        let text = scalar.text
        let template = Template(text)
        var checker = ExpressionChecker(scope)
        let types = template.expressions.map { checker.type(of: $0) }
        report(template.problems + checker.problems, in: node)
        return template.isSingle ? types[0] : .text
    }

    func expression(_ node: Node?, wanted: ExpressionType) {
        guard let node, case .scalar(let scalar) = node.content, scalar.type == .string else { return }
        let text = scalar.text
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
    /// Whether it is a mapping all of whose names are its own.
    var hasOwnNames: Bool {
        if case .mapping(let entries) = content { !entries.contains(where: \.isMergeKey) } else { false }
    }

    func child(_ name: String) -> Node? { members.first { $0.key == name }?.value }

    var items: [Node] { if case .sequence(let items) = content { items } else { [] } }
    var text: String? { if case .scalar(let scalar) = content { scalar.text } else { nil } }
}
