import Foundation
import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// Who gave each field its value.
@Suite struct BlameTests {
    private static let team = "orgs/acme/budgets/team.yaml"

    private func blame(_ scene: Scene, _ words: [String], at moment: Moment = .latest(back: 0), git: Bool = false) throws -> Blame {
        let query = try ResourceQuery(words, org: nil)
        let (blame, problem) = try BlameRequest(query, at: moment, source: git ? scene.source : nil).run(Connection(scene.database))
        #expect(problem == nil)
        return blame
    }

    private func summaries(_ blame: Blame) -> [String: String] {
        Dictionary(uniqueKeysWithValues: blame.lines.map { ($0.path, "\($0.revision.id) \($0.commit.summary)") })
    }

    @Test func `each field has the commit that changed it last, also after a rename`() throws {
        let scene = try Scene()
        try scene.apply()
        let raise = try scene.repository.commit(
            [Self.team: Declared.budget("team", hard: "200 USD/month")], message: "Raise", author: "Bo Lee <bo@example.com>")
        try scene.apply()
        try scene.repository.commit([Self.team: Declared.budget("crew", hard: "200 USD/month", previously: "team")], message: "Rename")
        try scene.apply()
        for git in [false, true] {
            let found = try blame(scene, ["budget", "crew"], git: git)
            let hard = try #require(found.lines.first { $0.path == "spec.hard" })
            #expect(hard.commit.id.hex == raise && hard.commit.author == "Bo Lee <bo@example.com>")
            #expect(hard.place?.description == "\(Self.team):6:9")
            #expect(hard.revision.id == 2)
            #expect(summaries(found)["spec.for.organization"] == "1 First rules", "\(summaries(found))")
        }
        #expect(summaries(try blame(scene, ["budget", "team.hard"], at: .revision(1))) == ["spec.hard": "1 First rules"])
        #expect(throws: HistoryProblem.noField("sotf", of: ResourceKey(org: "acme", kind: .budget, name: "crew"))) {
            try blame(scene, ["budget", "crew.sotf"])
        }
        let text = try scene.charter("blame", "budget", "crew.spec.hard").output
        #expect(text.contains("spec.hard  200 USD/month  2"), "\(text)")
    }

    @Test func `a remote that takes its time holds no transaction open`() throws {
        let scene = try Scene()
        try scene.apply()
        let remote = try SilentListener()
        let asking = try scene.start(
            "blame", "budget", "team", "--repo", "git://127.0.0.1:\(remote.port)/x", "--fetch-timeout", "8s", "--state", scene.repository.root.path)
        let sessions = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'charter'"
        try eventually(within: .seconds(10), "it asks the remote: \(asking.errors)") { remote.hasCaller }
        // The test's own of before may take a moment to end. Behind a pooler the session may be the very one that asks here.
        var busy: [String] = []
        try eventually(within: .seconds(5), "the one session rests: \(busy)") {
            let states = try scene.sql(sessions)
            busy += states.filter { $0 != "idle" }
            return states == ["idle"] || TestPostgres.isPooled && states.allSatisfy { $0 == "idle" }
        }
        #expect(busy == [])
        #expect(asking.isRunning)
        #expect(asking.wait(within: .seconds(20)) == 0, "\(asking.errors)")
        #expect(asking.errors.contains("the repository was not asked: ") && asking.output.contains("spec.hard"), "\(asking.errors)\(asking.output)")
    }

    @Test func `what was deleted and comes again is answered for by who brought it again`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit([Self.team: nil], message: "Remove")
        try scene.apply()
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "100 USD/month")], message: "Bring again")
        try scene.apply()
        let found = try blame(scene, ["budget", "team"])
        #expect(Set(summaries(found).values) == ["3 Bring again"])
    }

    @Test func `what a rollback brought back is answered for by its old commit`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "200 USD/month")], message: "Raise")
        try scene.apply()
        #expect(try scene.charter("rollback", "1", "--reason", "too much").code == 0)
        for git in [false, true] {
            let found = try blame(scene, ["budget", "team"], git: git)
            #expect(summaries(found) == ["spec.hard": "3 First rules", "spec.for.organization": "1 First rules"])
        }
    }

    @Test func `of several commits in one revision Git tells which it was`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "200 USD/month")], message: "Raise")
        try scene.repository.commit(
            [Self.team: Declared.budget("team", hard: "200 USD/month") + "  zone: Europe/Berlin\n"], message: "Say where")
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], message: "Other")
        try scene.apply()
        let known = try blame(scene, ["budget", "team"])
        #expect(!known.isExact && known.text.contains("--repo tells which it was"))
        let exact = try blame(scene, ["budget", "team"], git: true)
        #expect(exact.isExact)
        #expect(
            summaries(exact) == [
                "spec.hard": "2 Raise", "spec.zone": "2 Say where", "spec.for.organization": "1 First rules",
            ])
    }

    @Test func `an inherited field is answered for by the commit that changed the defaults`() throws {
        let defaults = "orgs/acme/_defaults.yaml"
        func zone(_ name: String) -> String { "apiVersion: charter/v1\nkind: Budget\nspec:\n  zone: \(name)\n" }
        let scene = try Scene()
        try scene.repository.commit([defaults: zone("Europe/Berlin")], message: "Berlin for all")
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "300 USD/month")], message: "Raise")
        try scene.apply()
        let first = try blame(scene, ["budget", "team"], git: true)
        #expect(summaries(first)["spec.zone"] == "1 Berlin for all")
        #expect(summaries(first)["spec.hard"] == "1 Raise")
        try scene.repository.commit([defaults: zone("Europe/Paris")], message: "Paris for all")
        try scene.apply()
        for git in [false, true] {
            let found = try blame(scene, ["budget", "team"], git: git)
            #expect(summaries(found)["spec.zone"] == "2 Paris for all")
            let line = try #require(found.lines.first { $0.path == "spec.zone" })
            #expect(line.place?.description == "\(defaults):4:9" && line.isInherited)
        }
    }

    @Test func `an item of a list keeps its author when the list is reordered`() throws {
        func routes(_ targets: String) -> String {
            """
            apiVersion: charter/v1
            kind: RoutingPolicy
            metadata: { name: assistant }
            spec: { strategy: weighted, targets: [\(targets)] }

            """
        }
        let models = """
            apiVersion: charter/v1
            kind: Provider
            metadata: { name: sim }
            spec: { type: simulated, baseURL: "http://127.0.0.1:9101/v1", privateNetwork: true }
            ---
            apiVersion: charter/v1
            kind: ModelCatalog
            metadata: { name: sim }
            spec:
              provider: sim
              models:
                a: { context: 1000, maxOutput: 100, prices: { input: 1 USD/M, output: 1 USD/M } }
                b: { context: 1000, maxOutput: 100, prices: { input: 1 USD/M, output: 1 USD/M } }

            """
        let scene = try Scene()
        try scene.repository.commit(
            ["models.yaml": models, "routes.yaml": routes("{ model: sim/a, weight: 80 }, { model: sim/b, weight: 20 }")],
            message: "Routes")
        let applied = try scene.apply()
        #expect(!applied.isRejected, "\(applied.text)")
        try scene.repository.commit(
            ["routes.yaml": routes("{ model: sim/b, weight: 20 }, { model: sim/a, weight: 70 }")], message: "Reorder")
        try scene.apply()
        let found = summaries(try blame(scene, ["routingpolicy", "assistant.targets"]))
        #expect(found["spec.targets[sim/a].weight"] == "2 Reorder", "\(found)")
        #expect(found["spec.targets[sim/b].weight"] == "1 Routes", "\(found)")
    }
}
