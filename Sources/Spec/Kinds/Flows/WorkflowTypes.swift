/// What each step of a workflow gives, as far as it can be known without running it.
struct WorkflowTypes {
    let workflow: Workflow
    let graph: WorkflowGraph
    /// Nil where they could not be read.
    let inputs: [String: ExpressionType]?
    /// By the names of the steps.
    private(set) var outputs: [String: ExpressionType] = [:]

    /// What retrieval finds.
    private static let passage = ExpressionType.object(["text": .text, "source": .text, "score": .number])

    init(_ workflow: Workflow) { self.init(workflow, inputs: workflow.inputs.types) }

    init(_ workflow: Workflow, inputs: [String: ExpressionType]?) {
        self.workflow = workflow
        self.inputs = inputs
        graph = WorkflowGraph(workflow.steps)
        let steps = Dictionary(workflow.steps.map { ($0.name, $0) }) { first, _ in first }
        outputs = steps.mapValues { _ in .any }
        for name in graph.order { if let step = steps[name] { outputs[name] = type(of: step) } }
    }

    private func type(of step: Workflow.Step) -> ExpressionType {
        let declared = step.output.isEmpty ? nil : ExpressionType.object(step.output)
        switch step.work {
        case .model: return declared ?? .text
        case .http: return .object(["status": .number, "headers": .object(nil), "body": declared ?? .any])
        case .agent: return declared ?? .any
        case .retrieve: return .object(["text": .text, "documents": .list(Self.passage)])
        case .notify, .delay: return .null
        case .condition: return .boolean
        case .transform(let text):
            guard let expression = try? ExpressionParser.parse(Array(text.unicodeScalars)[...]) else { return .any }
            var checker = ExpressionChecker(scope(for: step.name))
            return checker.type(of: expression)
        case .parallel(let branches, let join):
            let types = branches.map { ($0, join == .all ? outputs[$0] ?? .any : .any) }
            return .object(Dictionary(types) { first, _ in first })
        }
    }

    /// What the texts of a step may speak of; at the end of a run for nil.
    func scope(for name: String?) -> ExpressionScope {
        let sure = name.map { graph.before[$0] ?? [] } ?? graph.always
        return ExpressionScope(inputs: inputs, outputs: outputs, sure: sure)
    }

    /// What a template of a step gives.
    func type(ofTemplate text: String, in step: String) -> ExpressionType {
        let template = Template(text)
        guard template.isSingle, let expression = template.expressions.first else { return .text }
        var checker = ExpressionChecker(scope(for: step))
        return checker.type(of: expression)
    }
}

extension [Workflow.Field] {
    var types: [String: ExpressionType] { Dictionary(map { ($0.name, ExpressionType($0.type)) }) { first, _ in first } }
}

extension ExpressionType {
    static func object(_ fields: [Workflow.Field]) -> ExpressionType { .object(fields.types) }
}

extension [Workflow.Input] {
    var types: [String: ExpressionType] { Dictionary(map { ($0.name, $0.valueType) }) { first, _ in first } }
}

extension Fields {
    /// The types of the field `inputs`, as far as they can be told: any where one is mistaken, and nil where even names are.
    func types(of inputs: [Workflow.Input]) -> [String: ExpressionType]? {
        guard isMistaken("inputs") else { return inputs.types }
        guard case .mapping(let entries)? = node(of: "inputs")?.content, !entries.contains(where: \.isMergeKey) else { return nil }
        return Dictionary(entries.map { ($0.key, .any) }) { first, _ in first }
    }
}

extension Workflow.Input {
    var valueType: ExpressionType {
        switch type {
        case .string: .text
        case .number: .number
        case .boolean: .boolean
        case .array: .list(items.map(ExpressionType.init) ?? .any)
        case .object: fields.isEmpty ? .object(nil as [String: ExpressionType]?) : .object(fields)
        }
    }
}
