extension Member: FieldSet {
    init?(from fields: inout Fields) {
        let email = fields.required("email", .email, "the address of the person", .informs)
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        roles = fields.value(
            "roles", .set(of: .name(of: .role)), default: [],
            "Roles of the organization, of the platform, or built in: `admin`, `developer`, `billing`, `viewer`", .enforced(by: "Snapshot.objectionOfRole"))
        guard let email else { return nil }
        self.email = email
    }
}

extension Shape where Value == String {
    fileprivate static var email: Shape<String> {
        text("an email address", example: "sam@acme.example") { address in
            let parts = address.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
                && address.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        }
    }
}
