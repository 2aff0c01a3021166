extension Role: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what the role is for", .informs)
        let permissions: [Permission]? = fields.required(
            "permissions", .set(of: .choice), "what a member with this role may do; `[]` when it only inherits",
            .enforced(by: "Snapshot.objectionOfRole"))
        inherits = fields.value(
            "inherits", .set(of: .name(of: .role)), default: [],
            "Roles whose permissions it has too, found as those of a Member are", .enforced(by: "Compiler.addMembers"))
        guard let permissions else { return nil }
        self.permissions = permissions
        fields.markUnenforced(itemsOf: "permissions", as: { $0 }) { Permission(rawValue: $0)?.isEnforced == false }
    }
}
