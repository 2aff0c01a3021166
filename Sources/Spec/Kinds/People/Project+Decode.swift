extension Project: FieldSet {
    init?(from fields: inout Fields) {
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        description = fields.optional("description", .text, "what the project is", .informs)
        owner = fields.optional("owner", .name(of: .member), "the Member who answers for it", .informs)
        members = fields.value(
            "members", .set(of: .name(of: .member)), default: [],
            "the Members and groups who may own its keys; empty means everybody", .enforced(by: "Snapshot.objectionOfRole"))
        environment = fields.optional(
            "environment", .text("a word", example: "production", pattern: Names.identifierPattern, Names.isIdentifier),
            "where its keys are used, to count usage by", .informs)
        models = fields.value("models", .fields, default: ModelRules(), "which models the project's keys may use", .parts)
        limits = fields.value(
            "limits", .set(of: .amount), default: [], "how fast the project's keys may be used, together",
            .enforced(by: "CellTable.reserve"))
        budget = fields.optional("budget", .fields, "what the project's keys may spend, together", .parts)
        guardrails = fields.value(
            "guardrails", .set(of: .name(of: .guardrail)), default: [], "Guardrails that its keys' requests pass",
            .notYet)
    }
}
