import Reconciler
import TestKit
import Testing

/// What was applied and cannot be read any more, as after an older version was brought back.
struct UnreadableStateTests {
    private func spoil(_ scene: Scene, _ condition: String) throws {
        try scene.sql("UPDATE charter.history SET value = '{\"bogus\":1}' WHERE field = '' AND \(condition)")
    }

    private func message(_ body: () throws -> some Any) -> String {
        do {
            _ = try body()
            return "nothing"
        } catch {
            return "\(error)"
        }
    }

    @Test func `rules that cannot be read let nothing pass, by plan or apply`() throws {
        let it = try GuardScene("protect: [{ kinds: [Project] }]")
        try spoil(it.scene, "kind = 'Repository'")
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        #expect(message { try it.scene.apply() }.contains("cannot read -/Repository/test as it was applied"))
        #expect(message { try it.scene.plan() }.contains("cannot read -/Repository/test as it was applied"))
        #expect(try it.revision() == "1")
    }

    @Test func `a member that cannot be read does not count as gone`() throws {
        let it = try GuardScene()
        try spoil(it.scene, "name = 'ada'")
        try it.scene.repository.commit(["orgs/acme/members.yaml": Declared.member("ada", roles: "[developer]")])
        #expect(message { try it.scene.apply() }.contains("cannot read acme/Member/ada as it was applied"))
    }

    @Test func `a protected resource that cannot be read is not deleted unseen`() throws {
        let it = try GuardScene("protect: [{ kinds: [Project] }]")
        try spoil(it.scene, "name = 'search'")
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        #expect(message { try it.scene.apply() }.contains("cannot read acme/Project/search as it was applied"))
        #expect(try it.scene.sql("SELECT name FROM charter.resource WHERE name = 'search'") == ["search"])
    }

    @Test func `what another unit has and cannot be read keeps its name`() throws {
        let it = try GuardScene("", ["plans/team.yaml": Self.plan])
        try spoil(it.scene, "kind = 'Plan'")
        let other = try TestRepository()
        try other.commit(["plans/team.yaml": Self.plan])
        let outcome = try it.scene.charter("apply", "--unit", "other", "--repo", other.path)
        #expect(outcome.code == 1)
        #expect((outcome.output + outcome.errors).contains("the unit default declares -/Plan/team already"), "\(outcome.output)")
    }

    private static let plan = "apiVersion: charter/v1\nkind: Plan\nmetadata: { name: team }\nspec: { limits: [100 requests/min] }\n"
}
