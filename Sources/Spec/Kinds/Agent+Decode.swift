extension Agent: FieldSet {
    init?(from fields: inout Fields) {
        fields.reading.markUnenforced("Agent", at: fields.reading.keyExtent)
        description = fields.optional("description", .text, "what it is for", .informs)
    }
}
