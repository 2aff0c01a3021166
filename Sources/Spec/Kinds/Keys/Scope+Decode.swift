extension Scope: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what the scope is for", .informs)
        let endpoints: [Endpoint]? = fields.required(
            "endpoints", .set(of: .choice), "the operations of the gateway that it opens; `[]` where it is for the admin API only", .enforced(by: "Snapshot.authorize"))
        models = fields.value("models", .fields, default: ModelRules(), "for which models it opens them", .parts)
        permissions = fields.value(
            "permissions", .set(of: .choice), default: [],
            "what a key that carries it may do at the admin API, of what its owner may", .enforced(by: "Identity.caller"))
        fields.markUnenforced(itemsOf: "permissions", as: { $0 }) { Permission(rawValue: $0)?.isEnforced == false }
        guard let endpoints else { return nil }
        self.endpoints = endpoints
    }
}
