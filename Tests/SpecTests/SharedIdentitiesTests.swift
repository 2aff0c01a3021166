import Testing

@testable import Spec

/// Whom nobody can tell apart from another of the organization.
@Suite struct SharedIdentitiesTests {
    private static func member(_ name: String, _ fields: String) -> String {
        "---\napiVersion: charter/v1\nkind: Member\nmetadata: { name: \(name) }\nspec: { \(fields) }\n"
    }

    /// Paths of what is told, of members in the files of one organization, or of several.
    private static func places(_ members: [String: String]) -> [String] {
        let organizations = Set(members.keys.map { $0.split(separator: "/")[0] }).map { org in
            SourceFile("orgs/\(org)/org.yaml", "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: \(org) }\nspec: {}\n")
        }
        let files = organizations + members.map { SourceFile("orgs/\($0.key).yaml", $0.value) }
        let errors = Specification.load(files).diagnostics.filter { $0.severity == .error }
        return errors.allSatisfy { $0.code == .identityShared } ? errors.compactMap { $0.place?.path }.sorted() : ["another mistake"]
    }

    @Test(arguments: [
        "externalId: u1", "handle: \"@sam\"",
    ]) func `two members who are known by one value are both told, whoever came first`(field: String) {
        let one = Self.member("ada", "email: ada@acme.example, \(field)")
        let other = Self.member("eve", "email: eve@acme.example, \(field)")
        #expect(Self.places(["acme/ada": one, "acme/eve": other]) == ["orgs/acme/ada.yaml", "orgs/acme/eve.yaml"])
        // Somebody may be in two organizations.
        #expect(Self.places(["acme/ada": one, "globex/eve": other]) == [])
    }

    @Test func `an address is one person's, however it is written`() {
        let sam = Self.member("sam", "email: sam@acme.example")
        for other in [Self.member("eve", "email: Sam@Acme.example"), Self.member("eve", "type: service, email: sam@acme.example")] {
            #expect(Self.places(["acme/a": other, "acme/b": sam]) == ["orgs/acme/a.yaml", "orgs/acme/b.yaml"])
        }
    }

    @Test func `services share the address of a team, and groups its name, with no person`() {
        let services = Self.member("one", "type: service, email: team@acme.example") + Self.member("two", "type: service, email: team@acme.example")
        let groups = ["leads", "all"].map { Self.member($0, "type: group, members: [sam], handle: \"@acme/team\"") }.joined()
        let sam = Self.member("sam", "email: sam@acme.example, handle: \"@sam\"")
        #expect(Self.places(["acme/services": services, "acme/groups": groups, "acme/sam": sam]) == [])
        let thief = Self.member("eve", "email: team@acme.example, handle: \"@acme/Team\"")
        let told = Self.places(["acme/services": services, "acme/groups": groups, "acme/sam": sam, "acme/eve": thief])
        #expect(told == ["eve", "eve", "groups", "groups", "services", "services"].map { "orgs/acme/\($0).yaml" })
        // Two services that tokens cannot tell apart are none.
        let tokens = ["one", "two"].map { Self.member($0, "type: service, externalId: u1") }.joined()
        #expect(Self.places(["acme/tokens": tokens]).count == 2)
    }
}
