extension Project: FieldSet {
    init?(from fields: inout Fields) {
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        models = fields.value("models", .fields, default: ModelRules(), "which models the project's keys may use", .parts)
        limits = fields.value(
            "limits", .set(of: .amount), default: [], "how fast the project's keys may be used, together", .enforced(by: "CellTable.reserve"))
    }
}
