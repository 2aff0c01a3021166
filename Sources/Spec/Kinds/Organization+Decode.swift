extension Organization: FieldSet {
    init?(from fields: inout Fields) {
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        plan = fields.optional("plan", .name(of: .plan), "the Plan whose limits apply to the whole organization", .enforced(by: "Compiler.addOrganizations"))
    }
}
