import Testing

@testable import Spec

/// Who may give which rights, by the owners of the path where they are given.
@Suite struct GrantBoundsTests {
    /// Errors of a repository whose rules name owners and whose organizations have these people.
    private static func codes(_ owners: String, _ files: [String: String]) -> [DiagnosticCode] {
        var sources = [SourceFile("charter.yaml", "apiVersion: charter/v1\nkind: Repository\nspec:\n  owners: [\(owners)]\n")]
        for org in ["acme", "globex"] {
            sources.append(SourceFile("orgs/\(org)/org.yaml", "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: \(org) }\nspec: {}\n"))
        }
        sources += files.map { SourceFile($0.key, $0.value) }
        return Specification.load(sources).diagnostics.filter { $0.severity == .error }.map(\.code)
    }

    private static func person(_ name: String, _ roles: String, _ more: String = "") -> String {
        "---\napiVersion: charter/v1\nkind: Member\nmetadata: { name: \(name) }\nspec: { email: \(name)@acme.example, roles: [\(roles)]\(more) }\n"
    }

    private static func group(_ name: String, _ members: String, _ roles: String) -> String {
        "---\napiVersion: charter/v1\nkind: Member\nmetadata: { name: \(name) }\nspec: { type: group, members: [\(members)], roles: [\(roles)] }\n"
    }

    private static let platform = #"{ paths: ["**"], by: [acme/ada] }"#

    @Test func `owners give what they have`() {
        let files = ["orgs/acme/people.yaml": Self.person("ada", "admin") + Self.person("sam", "developer, finance")]
        #expect(Self.codes(Self.platform, files) == [])
    }

    @Test func `owners give nothing that none of them has`() {
        let files = [
            "orgs/acme/people.yaml": Self.person("ada", "admin") + Self.person("sam", "developer"),
            "orgs/acme/bots.yaml": Self.person("bot", "finance"),
        ]
        let rule = #", { paths: [orgs/acme/bots.yaml], by: [acme/sam] }"#
        #expect(Self.codes(Self.platform + rule, files) == [.grantAboveOwners])
        #expect(Self.codes(Self.platform + #", { paths: [orgs/acme/bots.yaml] }"#, files) == [])
        #expect(Self.codes(Self.platform + #", { paths: [orgs/acme/bots.yaml], by: [acme/sam, acme/ada] }"#, files) == [])
    }

    @Test func `a group of owners has what its people and the groups around it have`() {
        let files = [
            "orgs/acme/people.yaml": Self.person("ada", "admin") + Self.person("sam", "developer") + Self.group("team", "sam", "")
                + Self.group("all", "team", "finance"),
            "orgs/acme/bots.yaml": Self.person("bot", "finance, developer"),
        ]
        #expect(Self.codes(Self.platform + #", { paths: [orgs/acme/bots.yaml], by: [acme/team] }"#, files) == [])
    }

    @Test func `rights in one project are bounded too`() {
        let project = "---\napiVersion: charter/v1\nkind: Project\nmetadata: { name: checkout }\nspec: {}\n"
        let files = [
            "orgs/acme/people.yaml": Self.person("ada", "admin") + Self.person("sam", "developer") + project,
            "orgs/acme/bots.yaml": Self.person("bot", "", ", projects: { checkout: [finance] }"),
        ]
        #expect(Self.codes(Self.platform + #", { paths: [orgs/acme/bots.yaml], by: [acme/sam] }"#, files) == [.grantAboveOwners])
    }

    @Test func `a role is bounded by what it permits and inherits`() {
        let role = "---\napiVersion: charter/v1\nkind: Role\nmetadata: { name: clerk }\nspec: { permissions: [], inherits: [finance] }\n"
        let files = ["orgs/acme/people.yaml": Self.person("ada", "admin") + Self.person("sam", "developer"), "orgs/acme/bots.yaml": role]
        #expect(Self.codes(Self.platform + #", { paths: [orgs/acme/bots.yaml], by: [acme/sam] }"#, files) == [.grantAboveOwners])
    }

    @Test func `who may write an organization's folder makes nobody an administrator of the platform`() {
        let rules = Self.platform + #", { paths: ["orgs/globex/**"], by: [globex/hana] }"#
        let ada = ["orgs/acme/people.yaml": Self.person("ada", "admin, system-admin")]
        let hana = { (roles: String) in ada.merging(["orgs/globex/people.yaml": Self.person("hana", roles)]) { first, _ in first } }
        #expect(Self.codes(rules, hana("admin")) == [])
        #expect(Self.codes(rules, hana("admin, system-admin")) == [.grantAboveOwners])
        // The organization's own role of that name is over nobody else.
        let own = "---\napiVersion: charter/v1\nkind: Role\nmetadata: { name: system-admin }\nspec: { permissions: [config.write] }\n"
        #expect(Self.codes(rules, hana("admin, system-admin").merging(["orgs/globex/role.yaml": own]) { first, _ in first }) == [])
    }

    @Test func `without owners nothing is bounded`() {
        let files = ["orgs/acme/people.yaml": Self.person("ada", "admin, system-admin")]
        #expect(Self.codes("", files) == [])
        #expect(Self.codes(#"{ paths: ["**"] }"#, files) == [])
    }
}
