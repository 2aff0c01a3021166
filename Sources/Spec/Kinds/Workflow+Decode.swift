extension Workflow: FieldSet {
    init?(from fields: inout Fields) {
        fields.reading.markUnenforced("Workflow", at: fields.reading.keyExtent)
        description = fields.optional("description", .text, "what the workflow is for", .informs)
        let trigger: Trigger? = fields.required("trigger", .fields, "what starts it: exactly one of its fields", .informs)
        let inputs: [Named<InputFields>] = fields.value(
            "inputs",
            .map(key: "the name of an input", pattern: Names.identifierPattern, Names.isIdentifier, hint: "use letters, digits and `_`") { _ in .fields },
            default: [], "values given at the start, by name", .informs)
        let steps: [Step]? = fields.required("steps", .list(of: .fields), "the work, in steps", .informs)
        guard let trigger, let steps else { return nil }
        self.trigger = trigger
        self.inputs = inputs.map { Input(name: $0.name, type: $0.value.type, required: $0.value.required) }
        self.steps = steps
        StepGraph(steps, fields.itemExtents(of: "steps")).check(fields)
    }
}

extension Workflow.Trigger: FieldSet {
    init?(from fields: inout Fields) {
        let manual: NoFields? = fields.optional("manual", .fields, "`{}`: somebody starts it", .informs)
        let schedule = fields.optional(
            "schedule", .text("a cron expression of five fields", example: "0 6 * * 1-5", pattern: cronPattern, isCron), "when it starts", .informs)
        let webhook = fields.optional(
            "webhook", .text("a path", example: "/hooks/tickets", pattern: #"/[\s\S]*"#) { $0.hasPrefix("/") }, "the path whose call starts it", .informs)
        guard fields.exactlyOne(of: ["manual", "schedule", "webhook"]) != nil else { return nil }
        if let schedule {
            self = .schedule(schedule)
        } else if let webhook {
            self = .webhook(webhook)
        } else if manual != nil {
            self = .manual
        } else {
            return nil
        }
    }
}

private let cronPattern = " *[0-9A-Za-z*/,-]+(?: +[0-9A-Za-z*/,-]+){4} *"

private func isCron(_ text: String) -> Bool {
    let parts = text.split(separator: " ")
    return parts.count == 5
        && parts.allSatisfy { $0.utf8.allSatisfy { Names.isLowerOrDigit($0 | 0x20) || "*/,-".utf8.contains($0) } }
}

/// A mapping that may only be empty.
struct NoFields: FieldSet {
    init?(from fields: inout Fields) {}
}

/// An input of a workflow without its name.
struct InputFields: FieldSet, Equatable {
    var type: Workflow.Input.ValueType
    var required: Bool

    init?(from fields: inout Fields) {
        type = fields.value("type", .choice, default: .string, shown: "string", "what it holds", .informs)
        required = fields.value("required", .boolean, default: false, shown: "false", "whether it must be given", .informs)
    }
}

extension Workflow.Step: FieldSet {
    init?(from fields: inout Fields) {
        let name = fields.required(
            "name", .text("a name", example: "summarize", pattern: Names.identifierPattern, Names.isIdentifier),
            "its name, used by `after` and by prompts", .informs)
        let model = fields.optional("model", .modelOrRoute, "the model to call, with `prompt`", .informs)
        let prompt = fields.optional("prompt", .text, "a template over inputs and earlier steps", .informs)
        let condition = fields.optional("condition", .text, "an expression; later steps run only when it holds", .informs)
        let transform = fields.optional("transform", .text, "an expression that makes a new value", .informs)
        let delay: Duration? = fields.optional("delay", .amount, "how long to wait", .informs)
        after = fields.value("after", .set(of: .written), default: [], "steps that must end first", .informs)
        fields.require("prompt", beside: "model")
        fields.require("model", beside: "prompt", reports: false)
        guard let chosen = fields.exactlyOne(of: ["model", "condition", "transform", "delay"]) else { return nil }
        let work = Workflow.Step.work(
            chosen, model: model, prompt: prompt, condition: condition, transform: transform, delay: delay, fields)
        guard let name, let work else { return nil }
        self.name = name
        self.work = work
    }

    private static func work(
        _ chosen: String, model: String?, prompt: String?, condition: String?, transform: String?, delay: Duration?,
        _ fields: Fields
    ) -> Workflow.Work? {
        if chosen != "model", fields.isGiven("prompt") {
            fields.report(
                .alternativesMixed, at: fields.extent(of: "prompt"), "`prompt` belongs to a step with `model`")
        }
        switch chosen {
        case "model":
            guard let model, let prompt else { return nil }
            return .model(name: model, prompt: prompt)
        case "condition": return condition.map(Workflow.Work.condition)
        case "transform": return transform.map(Workflow.Work.transform)
        default: return delay.map(Workflow.Work.delay)
        }
    }
}
