extension Scope: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what the scope is for")
        let endpoints: [Endpoint]? = fields.required(
            "endpoints", .set(of: .choice), "the operations of the gateway that it opens")
        models = fields.value("models", .fields, default: ModelRules(), "for which models it opens them")
        guard let endpoints else { return nil }
        self.endpoints = endpoints
    }
}
