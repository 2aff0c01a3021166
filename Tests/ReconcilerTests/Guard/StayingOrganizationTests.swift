import Reconciler
import TestKit
import Testing

/// Organizations that a commit does not declare and that stay all the same.
struct StayingOrganizationTests {
    private static let org = "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: {}\n"

    @Test func `one that is not pruned keeps its last admin`() throws {
        let it = try GuardScene(
            "pruneFor: { Organization: false }",
            ["orgs/globex/org.yaml": Self.org, "orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]")])
        try it.scene.repository.commit(["orgs/globex/org.yaml": nil, "orgs/globex/gil.yaml": nil])
        let plan = try #require(try it.blocked())
        #expect(plan.text.contains("organization globex would have no admin left"), "\(plan.text)")
    }

    @Test func `one of another unit keeps its last admin`() throws {
        let it = try GuardScene("", ["orgs/globex/org.yaml": Self.org, "orgs/globex/bea.yaml": Declared.member("bea", roles: "[developer]")])
        let other = try TestRepository()
        try other.commit([
            "orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]"), "orgs/globex/p.yaml": Declared.project("p", "P"),
        ])
        let first = try it.scene.charter("apply", "--unit", "other", "--repo", other.path)
        #expect(first.code == 0, "\(first.output)\(first.errors)")
        try other.commit(["orgs/globex/gil.yaml": nil])
        let second = try it.scene.charter("apply", "--unit", "other", "--repo", other.path)
        #expect(second.code == 1)
        #expect(second.errors.contains("organization globex would have no admin left"), "\(second.output)\(second.errors)")
    }
}
