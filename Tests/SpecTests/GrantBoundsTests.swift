import Testing

@testable import Spec

/// Who may give which rights, by the owners of the path where they are given.
@Suite struct GrantBoundsTests {
    /// Errors of a repository whose rules name owners and whose organizations have these people.
    private static func codes(_ owners: String, _ files: [String: String]) -> [DiagnosticCode] {
        var sources = [SourceFile("charter.yaml", "apiVersion: charter/v1\nkind: Repository\nspec:\n  owners: [\(owners)]\n")]
        for org in ["acme", "globex"] where files["orgs/\(org)/org.yaml"] == nil {
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

    @Test func `who has a right in one project gives it there, and nowhere else`() {
        let rule = Self.platform + #", { paths: [orgs/acme/bots.yaml], by: [acme/sam] }"#
        let codes = { (roles: String, bot: String) in
            let projects = ["checkout", "search"].map { "---\napiVersion: charter/v1\nkind: Project\nmetadata: { name: \($0) }\nspec: {}\n" }
            return Self.codes(rule, [
                "orgs/acme/people.yaml": Self.person("ada", "admin, system-admin") + Self.person("sam", "", ", projects: { checkout: [\(roles)] }")
                    + projects.joined(),
                "orgs/acme/bots.yaml": bot, "scopes.yaml": Self.scope,
            ])
        }
        #expect(codes("finance", Self.person("bot", "", ", projects: { checkout: [finance] }")) == [])
        #expect(codes("finance", Self.person("bot", "", ", projects: { search: [finance] }")) == [.grantAboveOwners])
        #expect(codes("finance", Self.person("bot", "finance")) == [.grantAboveOwners])
        #expect(codes("admin", Self.key("sam")) == [])
        // A system-admin of a project is none of the platform.
        #expect(codes("system-admin", Self.person("bot", "system-admin")) == [.grantAboveOwners])
        #expect(codes("system-admin", Self.person("bot", "", ", projects: { checkout: [system-admin] }")) == [])
    }

    @Test func `a right in one project is everywhere the owners' who could give it to themselves`() {
        let project = "---\napiVersion: charter/v1\nkind: Project\nmetadata: { name: checkout }\nspec: {}\n"
        let sam = Self.person("sam", "", ", projects: { checkout: [finance] }") + project
        let bot = Self.person("bot", "finance")
        // In a document of theirs.
        let own = ["orgs/acme/people.yaml": Self.person("ada", "admin"), "orgs/acme/sams.yaml": sam + bot]
        #expect(Self.codes(Self.platform + #", { paths: [orgs/acme/sams.yaml], by: [acme/sam] }"#, own) == [])
        // By the rules, which they write.
        let files = ["orgs/acme/people.yaml": sam, "orgs/globex/bots.yaml": bot]
        let rules = { (others: String) in #"{ paths: ["**"], by: [acme/sam] }, { paths: [\#(others)] }"# }
        #expect(Self.codes(rules(#""orgs/acme/**""#), files) == [])
        #expect(Self.codes(rules(#""orgs/acme/**", charter.yaml"#), files) == [.grantAboveOwners])
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

    // MARK: proofs by which somebody is taken for another

    private static let scope = "apiVersion: charter/v1\nkind: Scope\nmetadata: { name: ops }\nspec: { endpoints: [], permissions: [config.write, models.read] }\n"

    private static func key(_ owner: String, _ scope: String = "ops") -> String {
        let digest = String(repeating: "ab", count: 32)
        return "---\napiVersion: charter/v1\nkind: APIKey\nmetadata: { name: key }\nspec: { owner: \(owner), scopes: [\(scope)], secrets: [{ sha256: \(digest) }] }\n"
    }

    /// Whom Ada, an admin, lets Sam, a developer, be: errors of what stands on the path that is Sam's.
    private static func codes(atSams document: String, _ more: [String: String] = [:]) -> [DiagnosticCode] {
        let files = [
            "orgs/acme/people.yaml": person("ada", "admin") + person("sam", "developer"), "scopes.yaml": scope, "orgs/acme/sams.yaml": document,
        ]
        return codes(platform + #", { paths: [orgs/acme/sams.yaml], by: [acme/sam] }"#, files.merging(more) { $1 })
    }

    @Test func `a key with permissions is bounded by its owner's rights among them`() {
        #expect(Self.codes(atSams: Self.key("ada")) == [.grantAboveOwners])
        #expect(Self.codes(atSams: Self.key("sam")) == [])
        // What the scope does not name is not to be had by it, and a key for inference alone speaks for nobody.
        let narrow = ["scopes.yaml": Self.scope.replacing("config.write, ", with: "")]
        #expect(Self.codes(atSams: Self.key("ada"), narrow) == [])
        let plain = ["scopes.yaml": Self.scope.replacing("endpoints: [], permissions: [config.write, models.read]", with: "endpoints: [chat.completions]")]
        #expect(Self.codes(atSams: Self.key("ada"), plain) == [])
    }

    @Test func `a key of an owner whose rights come by a group is bounded too`() {
        let people = Self.person("ada", "admin") + Self.person("sam", "developer") + Self.person("eve", "") + Self.group("leads", "eve", "admin")
        #expect(Self.codes(atSams: Self.key("eve"), ["orgs/acme/people.yaml": people]) == [.grantAboveOwners])
    }

    @Test func `a key of an administrator of the platform stands where the platform's owners write`() {
        let people = Self.person("ada", "admin, system-admin") + Self.person("sam", "developer")
        let rules = Self.platform + #", { paths: ["orgs/globex/**"], by: [globex/hana] }"#
        let hana = Self.person("hana", "admin") + Self.person("ops", "viewer") + Self.key("ops")
        let files = ["orgs/acme/people.yaml": people, "scopes.yaml": Self.scope, "orgs/globex/people.yaml": hana]
        #expect(Self.codes(rules, files) == [])
        let foreign = rules + #", { paths: [orgs/globex/ops.yaml], by: [acme/ada] }"#
        let split = files.merging([
            "orgs/globex/ops.yaml": Self.person("ops", "system-admin"), "orgs/globex/people.yaml": Self.person("hana", "admin") + Self.key("ops"),
        ]) { $1 }
        #expect(Self.codes(foreign, split) == [.grantAboveOwners])
    }

    @Test func `a scope is bounded by what it permits`() {
        let own = "apiVersion: charter/v1\nkind: Scope\nmetadata: { name: mine }\nspec: { endpoints: [], permissions: [config.write] }\n"
        #expect(Self.codes(atSams: own) == [.grantAboveOwners])
        #expect(Self.codes(atSams: own.replacing("config.write", with: "models.read")) == [])
    }

    @Test func `who says by which token a member is known has what the groups around it give`() {
        let groups = ["orgs/acme/groups.yaml": Self.group("leads", "eve", "admin")]
        #expect(Self.codes(atSams: Self.person("eve", ""), groups) == [])
        #expect(Self.codes(atSams: Self.person("eve", "", ", externalId: u7"), groups) == [.grantAboveOwners])
    }

    @Test func `who says who is in a group has what the groups around it give`() {
        let around = ["orgs/acme/groups.yaml": Self.group("leads", "team", "admin")]
        #expect(Self.codes(atSams: Self.group("team", "sam", "developer")) == [])
        #expect(Self.codes(atSams: Self.group("team", "ada", "developer"), around) == [.grantAboveOwners])
        // That Sam came into it by himself makes nothing of it his.
        #expect(Self.codes(atSams: Self.group("team", "sam", "developer"), around) == [.grantAboveOwners])
    }

    @Test func `whom owners put into their own group brings them nothing`() {
        let rules = Self.platform + #", { paths: [orgs/acme/sams.yaml], by: [acme/team] }"#
        let people = ["orgs/acme/people.yaml": Self.person("ada", "admin") + Self.person("sam", "developer")]
        let codes = { (members: String) in
            Self.codes(rules, people.merging(["orgs/acme/sams.yaml": Self.group("team", members, "") + Self.person("bot", "developer")]) { $1 })
        }
        // A group that is written by those who are in it can hold anybody.
        #expect(codes("sam") == [.grantAboveOwners] && codes("sam, ada") == [.grantAboveOwners])
        let apart = people.merging(["orgs/acme/team.yaml": Self.group("team", "sam", ""), "orgs/acme/sams.yaml": Self.person("bot", "developer")]) { $1 }
        #expect(Self.codes(rules, apart) == [])
    }

    @Test func `who names the issuer of an organization's tokens has everybody's rights whom they lead to`() {
        let organization = "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: acme }\nspec: { signIn: { issuer: \"https://login.acme.example\" } }\n"
        let rules = Self.platform + #", { paths: [orgs/acme/org.yaml], by: [acme/sam] }"#
        let people = { (more: String) in Self.person("ada", "admin", more) + Self.person("sam", "developer") }
        #expect(Self.codes(rules, ["orgs/acme/org.yaml": organization, "orgs/acme/people.yaml": people("")]) == [])
        let known = ["orgs/acme/org.yaml": organization, "orgs/acme/people.yaml": people(", externalId: u1")]
        #expect(Self.codes(rules, known) == [.grantAboveOwners])
        #expect(Self.codes(Self.platform, known) == [])
        let group = ["orgs/acme/group.yaml": Self.group("leads", "sam", "admin").replacing("members: [sam]", with: "externalGroup: leads")]
        let byGroup = ["orgs/acme/org.yaml": organization, "orgs/acme/people.yaml": people("")].merging(group) { $1 }
        #expect(Self.codes(rules, byGroup) == [.grantAboveOwners])
    }

    @Test func `without owners nothing is bounded`() {
        let files = ["orgs/acme/people.yaml": Self.person("ada", "admin, system-admin")]
        #expect(Self.codes("", files) == [])
        #expect(Self.codes(#"{ paths: ["**"] }"#, files) == [])
    }
}
