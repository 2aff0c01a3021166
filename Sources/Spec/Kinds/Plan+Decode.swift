extension Plan: FieldSet {
    init?(from fields: inout Fields) {
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        price = fields.optional("price", .amount, "what the plan costs", .notYet)
        limits = fields.value(
            "limits", .set(of: .amount), default: [],
            "how fast each organization on the plan may use the gateway, as a whole", .enforced(by: "CellTable.reserve"))
        features = fields.value(
            "features", .set(of: .text), default: [], "names of what the plan includes", .notYet)
    }
}
