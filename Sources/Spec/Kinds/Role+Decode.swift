extension Role: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what the role is for", .informs)
        let permissions: [Permission]? = fields.required(
            "permissions", .set(of: .choice), "what a member with this role may do", .enforced(by: "Snapshot.objectionOfRole"))
        guard let permissions else { return nil }
        self.permissions = permissions
        fields.markUnenforced(permissions.filter { !$0.isEnforced }.map(\.rawValue), in: "permissions")
    }
}

extension Permission {
    /// Whether this version asks for it anywhere.
    var isEnforced: Bool { self == .inferenceInvoke }
}
