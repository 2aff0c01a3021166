extension Guardrail: FieldSet {
    init?(from fields: inout Fields) {
        fields.reading.markUnenforced("Guardrail", at: fields.reading.keyExtent)
        description = fields.optional("description", .text, "what it is for", .informs)
    }
}
