extension Agent: FieldSet {
    init?(from fields: inout Fields) {
        fields.reading.markUnenforced(.agent)
        description = fields.optional("description", .text, "what it is for", .informs)
        sort = fields.value("type", .choice, default: .general, shown: "general", "for people to tell agents apart", .informs)
        let model = fields.required("model", .modelOrRoute, "the model that thinks", .informs)
        let instructions = fields.required("instructions", .text, "a template over `inputs`: what it is to do", .informs)
        parameters = fields.optional("parameters", .fields, "how the model is asked", .informs)
        inputs = fields.value("inputs", .inputs, default: [], "values given at the start, by name", .informs)
        output = fields.value("output", .fieldTypes, default: [], "what its answer holds, by name; else it is text", .informs)
        tools = fields.value("tools", .list(of: .fields), default: [], "what it can do beside thinking", .informs)
        memory = fields.optional("memory", .fields, "what it keeps from one run to the next", .informs)
        limits = fields.value("limits", .fields, default: .standard, "what one run may take", .informs)
        guardrails = fields.value(
            "guardrails", .set(of: .name(of: .guardrail)), default: [], "Guardrails that its requests pass", .informs)
        handoffs = fields.value(
            "handoffs", .set(of: .name(of: .agent)), default: [], "Agents that it may give its task to", .informs)
        self.model = model ?? ""
        self.instructions = instructions ?? ""
        checkTexts(fields)
        guard model != nil, instructions != nil else { return nil }
    }

    private func checkTexts(_ fields: Fields) {
        var scope = ExpressionScope(hasSteps: false)
        scope.inputs = fields.types(of: inputs)
        TextCheck(fields.reading, scope).template(fields.node(of: "instructions"))
        var first: [String: Extent] = [:]
        for (index, node) in fields.items(of: "tools").enumerated() {
            if let name = node.child("name")?.text, let earlier = first[name] {
                fields.reading.report(
                    .toolRepeated, node.extent, "there is a tool `\(name)` already", hint: "give it another name",
                    related: [(earlier, "first given here")])
            } else if let name = node.child("name")?.text {
                first[name] = node.extent
            }
            let parameters = node.child("parameters")
            scope.arguments =
                fields.isMistaken("tools")
                ? Dictionary((parameters?.members ?? []).map { ($0.key, .any) }) { first, _ in first }
                : tools[index].parameters.types
            if parameters?.hasOwnNames ?? true { TextCheck(fields.reading, scope).http(node.child("http")) }
        }
    }
}

extension Agent.RunLimits: FieldSet {
    static let standard = Agent.RunLimits(steps: 10, time: .seconds(120), budget: nil, tokens: nil)

    init?(from fields: inout Fields) {
        steps = fields.value(
            "steps", .count(1...1000), default: Self.standard.steps, shown: "10", "how often it may call the model", .informs)
        time = fields.value("time", .amount, default: Self.standard.time, shown: "2min", "how long it may take", .informs)
        budget = fields.optional("budget", .amount, "what it may cost", .informs)
        let size: Size? = fields.optional("tokens", .amount, "how many tokens it may use", .informs)
        tokens = size?.value
    }
}

extension Agent.Memory: FieldSet {
    init?(from fields: inout Fields) {
        sort = fields.value(
            "type", .choice, default: .conversation, shown: "conversation",
            "whether older messages are forgotten or summed up", .informs)
        messages = fields.value(
            "messages", .count(1...10_000), default: 20, shown: "20", "the newest messages kept word for word", .informs)
        keep = fields.value("keep", .amount, default: .seconds(86_400), shown: "1d", "how long after the last run", .informs)
    }
}

extension Agent.Tool: FieldSet {
    init?(from fields: inout Fields) {
        let name = fields.required(
            "name", .text("a name", example: "find_order", pattern: Names.identifierPattern, Names.isIdentifier), "by which the model calls it", .informs)
        let description = fields.required("description", .text, "what it does, for the model", .informs)
        parameters = fields.value("parameters", .fieldTypes, default: [], "what the model gives, by name", .informs)
        required = fields.value("required", .set(of: .written), default: [], "those of them that it must give", .informs)
        let http: Workflow.HTTPCall? = fields.optional(
            "http", .fields, "the call of an address; its templates may use `arguments`", .informs)
        let workflow = fields.optional("workflow", .name(of: .workflow), "the run of a Workflow", .informs)
        let retrieval: RetrievalTool? = fields.optional("retrieval", .fields, "the search of indexed documents", .informs)
        let function: NoFields? = fields.optional("function", .fields, "`{}`: whoever runs the agent carries it out", .informs)
        needsApproval = fields.value(
            "needsApproval", .boolean, default: false, shown: "false", "whether a person must agree each time", .informs)
        for given in required where !fields.isMistaken("parameters") && !parameters.contains(where: { $0.name == given }) {
            fields.report(
                .inputUnknown, at: fields.extent(of: "required"), "`required` names `\(given)`, which is no parameter",
                hint: Suggestion.hint(for: given, among: parameters.map(\.name)))
        }
        guard fields.exactlyOne(of: ["http", "workflow", "retrieval", "function"]) != nil else { return nil }
        let action =
            http.map(Action.http) ?? workflow.map(Action.workflow)
            ?? retrieval.map { .retrieval(index: $0.index, topK: $0.topK) } ?? function.map { _ in .function }
        guard let name, let description, let action else { return nil }
        self.name = name
        self.description = description
        self.action = action
    }
}

/// `retrieval` of a tool.
private struct RetrievalTool: FieldSet {
    var index: String
    var topK: Int

    init?(from fields: inout Fields) {
        let index = fields.required(
            "index", .text("the name of an index", example: "handbook", pattern: Names.resourcePattern, Names.isResourceName), "the index of documents", .informs)
        topK = fields.value("topK", .count(1...1000), default: 5, shown: "5", "how many passages at most", .informs)
        guard let index else { return nil }
        self.index = index
    }
}
