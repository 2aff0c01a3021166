import Reconciler
import Spec
import Store
import TestKit
import Testing

struct PlanGuardTests {
    @Test func `a commit without any file deletes nothing, not even when mass deletion is allowed`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.git("rm", "-rq", ".")
        try scene.repository.commitAll()
        #expect(throws: Trouble.self) { try scene.apply(allowingMassDeletion: true) }
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["6"])
    }

    @Test func `deleting more than three tenths of many needs a word, and then passes`() throws {
        var files = Declared.platform
        for number in 0..<10 { files["orgs/acme/projects/p\(number).yaml"] = Declared.project("p\(number)", "P") }
        let scene = try Scene(files)
        try scene.apply()
        for number in 0..<10 { try scene.repository.git("rm", "-q", "orgs/acme/projects/p\(number).yaml") }
        try scene.repository.commitAll()
        let error = #expect(throws: Trouble.self) { try scene.apply() }
        #expect(error?.description.contains("would delete 10 of 16 resources, 62.5 % (limit 30 %)") == true)
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["16"])
        try scene.apply(allowingMassDeletion: true)
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["6"])
    }

    @Test func `half of few is deleted without a word`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": nil, "orgs/acme/projects/search.yaml": nil])
        try scene.apply()
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["4"])
    }

    @Test(arguments: ["[developer]", nil])
    func `an organization never loses its last admin`(roles: String?) throws {
        let scene = try Scene()
        try scene.apply()
        let bo = Declared.member("bo", roles: "[developer]")
        try scene.repository.commit([
            "orgs/acme/members.yaml": roles.map { Declared.member("ada", roles: $0) + "---\n" + bo } ?? bo
        ])
        let error = #expect(throws: Trouble.self) { try scene.apply(allowingMassDeletion: true) }
        #expect(error?.description.contains("organization acme would have no admin left (until now: ada)") == true)
        try scene.repository.commit(["orgs/acme/members.yaml": Declared.member("bo", roles: "[admin]")])
        try scene.apply()
        #expect(try scene.sql("SELECT name FROM charter.resource WHERE kind = 'Member'") == ["bo"])
    }

    @Test func `an organization may go with all its members`() throws {
        let scene = try Scene(
            Declared.platform.merging([
                "orgs/gone/org.yaml":
                    "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: gone }\nspec: {}\n",
                "orgs/gone/ada.yaml": Declared.member("ada", roles: "[admin]"),
            ]) { $1 })
        try scene.apply()
        try scene.repository.commit(["orgs/gone/org.yaml": nil, "orgs/gone/ada.yaml": nil])
        try scene.apply()
        #expect(try scene.sql("SELECT count(*) FROM charter.resource WHERE org = 'gone'") == ["0"])
    }

    @Test func `prune false keeps what left the repository`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit([
            "charter.yaml": Declared.platform["charter.yaml"]!.replacing("drift: report", with: "prune: false"),
            "orgs/acme/projects/search.yaml": nil,
        ])
        guard case .applied(let plan, let revision) = try scene.apply() else { throw Unexpected() }
        #expect(plan.retained.map(\.name) == ["search"])
        #expect(try scene.sql("SELECT name FROM charter.resource WHERE name = 'search'") == ["search"])
        #expect(try scene.sql("SELECT charter.state_digest()") == [revision.stateDigest])
        #expect(try scene.drift().drift.isEmpty)
        guard case .unchanged = try scene.apply() else { throw Unexpected() }
    }
}
