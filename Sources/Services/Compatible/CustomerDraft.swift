internal import Spec
internal import Store

/// A customer that is to be declared: an organization, its one member, and what the member may do; a value.
struct CustomerDraft {
    let org: String
    let name: String
    let email: String
    let company: String
    let organization: ResourceDraft
    private let role: ResourceDraft
    private let member: ResourceDraft

    /// The Role of its member, and the Scope of its keys.
    private static let role = "customer"
    static let scope = "generate"

    /// Throws what is wrong with the first field that is.
    init(_ body: AdminBody) throws(Problem) {
        let person = try ResourceTitle(body.text("name"), field: "name")
        let firm = try ResourceTitle(body.text("company") ?? person.text, field: "company")
        let email = body.text("email") ?? ""
        (org, name, self.email, company) = (firm.name, person.text, email, firm.text)
        organization = try ResourceDraft(
            ResourceKey(org: firm.name, kind: .organization, name: firm.name),
            [("displayName", .string(firm.text)), ("contacts", .object([("technical", .string(email))]))])
        role = try ResourceDraft(
            ResourceKey(org: firm.name, kind: .role, name: Self.role),
            [("permissions", .strings([Permission.inferenceInvoke, .usageRead].map(\.rawValue)))])
        member = try ResourceDraft(
            ResourceKey(org: firm.name, kind: .member, name: person.name),
            [("email", .string(email)), ("displayName", .string(person.text)), ("roles", .strings([Self.role]))])
    }

    var all: [ResourceDraft] { [organization, role, member] }
}
