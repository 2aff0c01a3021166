extension Scope: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what the scope is for", .informs)
        let endpoints: [Endpoint]? = fields.required(
            "endpoints", .set(of: .choice), "the operations of the gateway that it opens", .enforced(by: "Snapshot.authorize"))
        models = fields.value("models", .fields, default: ModelRules(), "for which models it opens them", .parts)
        guard let endpoints else { return nil }
        self.endpoints = endpoints
    }
}
