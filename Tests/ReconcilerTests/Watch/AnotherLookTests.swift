import Foundation
import Reconciler
import TestKit
import Testing

/// What `charter watch` looks at again although its branch has not moved, and what it says of the branch meanwhile.
struct AnotherLookTests {
    let scene: Scene
    let globex: TestRepository

    init() throws {
        scene = try Scene()
        globex = try TestRepository()
    }

    private func plan(_ name: String) -> String {
        "apiVersion: charter/v1\nkind: Plan\nmetadata: { name: \(name) }\nspec: { limits: [100 requests/min] }\n"
    }

    private func resources(_ unit: String) throws -> String {
        try scene.sql("SELECT count(*) FROM charter.resource WHERE unit = '\(unit)'")[0]
    }

    @Test func `a commit that another unit kept from being applied is applied once that unit has moved`() throws {
        try scene.apply()
        try globex.commit([
            "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { plan: gold }\n",
            "orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]"),
        ])
        let watch = try scene.start("watch", "--unit", "globex", "--repo", globex.path)
        try eventually(within: .seconds(20), "the rejection: \(watch.errors)") { watch.errors.contains(" rejected ") }
        let at = try scene.sql("SELECT rejected_at FROM charter.unit WHERE name = 'globex'")
        #expect(try scene.charter("apply", "--unit", "globex", "--repo", globex.path).code == 1)
        #expect(try scene.sql("SELECT rejected_at FROM charter.unit WHERE name = 'globex'") == at, "rejected since the first time")
        for amount in 1...2 {
            try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(amount) USD/month")])
            try scene.apply()
        }
        try scene.repository.commit(["plans/gold.yaml": plan("gold")])
        try scene.apply()
        try eventually(within: .seconds(20), "the second unit's commit: \(watch.errors)") { try resources("globex") == "2" }
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" rejected ") } == 1, "\(watch.errors)")
        #expect(try !scene.charter("status").output.contains("rejected   "))
    }

    @Test func `a fetch that went well clears the trouble of the one before, also while the unit is suspended`() throws {
        let watch = try scene.start("watch", "--repo", "file://\(scene.repository.path)", "--poll", "100ms", "--lease", "1s")
        try eventually(within: .seconds(20), "the first revision: \(watch.errors)") { try resources("default") == "6" }
        #expect(try scene.charter("suspend", "--reason", "moving house").code == 0)
        try FileManager.default.moveItem(atPath: scene.repository.path, toPath: scene.repository.path + ".away")
        try eventually(within: .seconds(30), "the trouble in status") {
            try scene.charter("status").output.contains("SourceStale: nothing was read since ")
        }
        try FileManager.default.moveItem(atPath: scene.repository.path + ".away", toPath: scene.repository.path)
        try eventually(within: .seconds(40), "status is clean again: \(watch.errors)") {
            let status = try scene.charter("status").output
            return !status.contains("SourceStale: nothing") && !status.contains("last error") && status.contains("SUSPENDED")
        }
    }

    @Test func `a suspension is obeyed and shown while the remote is away`() throws {
        try scene.repository.commit(["charter.yaml": Declared.platform["charter.yaml"]!.replacing("report", with: "correct")])
        try scene.apply()
        #expect(try scene.charter("suspend", "--reason", "moving house").code == 0)
        let watch = try scene.start("watch", "--repo", "file:///nowhere/repo.git", "--lease", "1s", "--drift-interval", "100ms")
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        try eventually(within: .seconds(20), "the report: \(watch.errors)") { watch.errors.contains(" drifted ") }
        #expect(watch.errors.contains(" suspended unit=\"default\""), "\(watch.errors)")
        #expect(!watch.errors.contains("reason=\"unit default is suspended"), "\(watch.errors)")
        #expect(try scene.sql("SELECT count(*) FROM charter.resource WHERE name = 'team'") == ["0"])
    }

    @Test func `rules that cannot be read stop the commit and are no trouble of the branch`() throws {
        try scene.apply()
        let rules = try scene.sql("SELECT value FROM charter.history WHERE kind = 'Repository'")[0]
        try scene.sql("UPDATE charter.history SET value = '{\"bogus\":1}' WHERE kind = 'Repository'")
        try scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        let watch = try scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(20), "the trouble: \(watch.errors)") { watch.errors.contains(" stuck ") }
        let status = try scene.charter("status").output
        #expect(status.contains("rejected   ") && status.contains("this version cannot read -/Repository/test as it was applied"), "\(status)")
        #expect(!status.contains("last error"), "\(status)")
        #expect(try scene.sql("SELECT name FROM charter.resource WHERE name = 'search'") == ["search"])
        try scene.sql("UPDATE charter.history SET value = '\(rules)' WHERE kind = 'Repository'")
        try eventually(within: .seconds(40), "the commit: \(watch.errors)") { try resources("default") == "5" }
        #expect(try !scene.charter("status").output.contains("rejected   "))
    }
}
