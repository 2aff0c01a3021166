extension Suspension: FieldSet {
    init?(from fields: inout Fields) {
        until = fields.optional("until", .amount, "from when on it counts again; without it, until removed", .informs)
        let reason = fields.required("reason", .text, "why, for whoever meets it", .informs)
        guard let reason else { return nil }
        self.reason = reason
    }
}
