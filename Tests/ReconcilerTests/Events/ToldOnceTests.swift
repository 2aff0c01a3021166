import Foundation
import Reconciler
import Services
import Spec
import Store
import TestKit
import Testing

/// What becomes an event, and how often.
struct ToldOnceTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func events() throws -> [String] { try scene.sql("SELECT type FROM charter.event ORDER BY id") }

    @Test func `an event is written with what it tells, or not at all`() throws {
        try scene.apply()
        try scene.apply()
        #expect(try events() == ["revision.applied"])
        #expect(try scene.sql("SELECT revision FROM charter.event") == ["1"])
    }

    @Test func `a rejected commit is told once, and again after a good one`() throws {
        try scene.apply()
        let bad = try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        for _ in 1...3 { try scene.apply() }
        #expect(try events() == ["revision.applied", "revision.rejected"])
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try scene.apply()
        try scene.repository.git("reset", "-q", "--hard", "\(bad)")
        for _ in 1...2 { try scene.apply() }
        #expect(try events() == ["revision.applied", "revision.rejected", "revision.applied", "revision.rejected"])
        #expect(try scene.sql("SELECT subjects FROM charter.event ORDER BY id DESC LIMIT 1")[0].contains("orgs/acme/budgets/team.yaml:6:9"))
    }

    @Test func `a blocked plan and its approval are told once`() throws {
        try scene.apply()
        try scene.repository.git("rm", "-rq", "orgs", "charter.yaml")
        try scene.repository.commit([
            "roles.yaml": "apiVersion: charter/v1\nkind: Role\nmetadata: { name: r }\nspec: { permissions: [usage.read] }\n"
        ])
        for _ in 1...3 { #expect(throws: Trouble.self) { try scene.apply() } }
        #expect(try events() == ["revision.applied", "plan.blocked"])
        let digest = try scene.sql("SELECT digest FROM charter.waiting_plan")[0]
        var request = ApprovalRequest(digest: digest, org: "acme", member: "ada", reason: "meant")
        request.unit = "default"
        _ = try? request.run(Connection(scene.database), operator: "test")
        #expect(try events().dropFirst(2).allSatisfy { $0 == "plan.approved" })
        try scene.apply(allowingMassDeletion: true)
        #expect(try events().last == "revision.applied")
        #expect(try scene.sql("SELECT subjects FROM charter.event WHERE type = 'plan.blocked'")[0].contains("deleted"))
    }

    @Test func `each finding is told when it opens and when it closes, those of one scan together`() throws {
        let watch = try scene.start("watch", "--drift-interval", "50ms")
        try eventually(within: .seconds(10), "the first revision") { try events() == ["revision.applied"] }
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        try eventually(within: .seconds(10), "it opens") { try events() == ["revision.applied", "drift.opened"] }
        try scene.sql("DELETE FROM charter.resource WHERE name = 'search'")
        try eventually(within: .seconds(10), "the second report") { watch.errors.contains("count=2") }
        #expect(try events() == ["revision.applied", "drift.opened", "drift.opened"])
        let opened = try scene.sql("SELECT subjects FROM charter.event WHERE type = 'drift.opened' ORDER BY id")
        #expect(opened[0].contains("team") && !opened[0].contains("search") && opened[1].contains("search") && !opened[1].contains("team"))
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try eventually(within: .seconds(10), "it closes") {
            try events() == ["revision.applied", "drift.opened", "drift.opened", "revision.applied", "drift.closed"]
        }
        let closed = try scene.sql("SELECT subjects FROM charter.event WHERE type = 'drift.closed'")[0]
        #expect(closed.contains("team") && closed.contains("search"))
        watch.kill(15)
        #expect(watch.wait(within: .seconds(10)) == 0)
    }

    @Test func `what all gateways enforce is told once, and only then`() throws {
        try scene.apply()
        let connection = try Connection(scene.database)
        func report(_ id: String, _ revision: Int64) throws {
            try connection.transaction { transaction in
                try Replicas.report(
                    transaction,
                    Replica(
                        id: id, epoch: 1, revision: revision,
                        stateDigest: try Revisions.one(transaction, max(revision, 1))?.stateDigest ?? "", version: "1",
                        startedAt: Instant(milliseconds: 0)))
            }
        }
        let sender = try EventSender.start(database: scene.database) { _ in }
        defer { sender.stop() }
        try report("b", 0)
        try report("a", 1)
        try eventually(within: .seconds(10), "the first is routed") {
            try scene.sql("SELECT count(*) FROM charter.event WHERE routed_at IS NULL") == ["0"]
        }
        #expect(try events() == ["revision.applied"])
        try report("b", 1)
        try eventually(within: .seconds(10), "it is enforced") { try events() == ["revision.applied", "revision.enforced"] }
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try scene.apply()
        try report("a", 2)
        try report("b", 2)
        try eventually(within: .seconds(10), "the second is") { try events().count { $0 == "revision.enforced" } == 2 }
        // About what was applied since, and not about all.
        let subjects = try scene.sql("SELECT subjects FROM charter.event WHERE type = 'revision.enforced' ORDER BY id DESC LIMIT 1")[0]
        #expect(subjects.contains("team") && !subjects.contains("search"))
    }

    @Test func `each unit whose commit is enforced is told so, however many moved meanwhile`() throws {
        try scene.apply()
        let other = try TestRepository()
        try other.commit([
            "charter.yaml": "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: other }\nspec: { drift: report }\n",
            "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: {}\n",
            "orgs/globex/m.yaml": Declared.member("gil", roles: "[admin]"),
        ])
        let moved = try scene.charter("apply", "--unit", "other", "--repo", other.path)
        #expect(moved.code == 0, "\(moved.errors)")
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try scene.apply()
        let connection = try Connection(scene.database)
        try connection.transaction { transaction in
            try Replicas.report(
                transaction,
                Replica(
                    id: "a", epoch: 1, revision: 3, stateDigest: try Revisions.one(transaction, 3)?.stateDigest ?? "", version: "1",
                    startedAt: Instant(milliseconds: 0)))
        }
        for _ in 1...2 {
            let sender = try EventSender.start(database: scene.database) { _ in }
            try eventually(within: .seconds(10), "both are told") {
                try scene.sql("SELECT count(*) FROM charter.event WHERE routed_at IS NULL") == ["0"]
                    && scene.sql("SELECT count(*) FROM charter.event WHERE type = 'revision.enforced'") == ["2"]
            }
            sender.stop()
        }
        let told = "FROM charter.event WHERE type = 'revision.enforced' ORDER BY id"
        #expect(try scene.sql("SELECT unit || ' ' || revision \(told)") == ["other 2", "default 3"])
        let subjects = try scene.sql("SELECT subjects \(told)")
        #expect(subjects[0].contains("gil") && !subjects[0].contains("team"))
        #expect(subjects[1].contains("team") && !subjects[1].contains("gil"))
        #expect(try scene.sql("SELECT data \(told)")[0].contains(other.git("rev-parse", "HEAD")))
    }

    @Test func `a repository that cannot be read for long is told once`() throws {
        try scene.apply()
        try scene.sql("UPDATE charter.unit SET fetched_at = now() - interval '299 seconds', fetch_error = 'no route', fetch_error_at = now()")
        let sender = try EventSender.start(database: scene.database) { _ in }
        defer { sender.stop() }
        try eventually(within: .seconds(10), "it is told") { try events() == ["revision.applied", "source.stale"] }
        try scene.sql("UPDATE charter.unit SET fetch_error_at = now()")
        try Connection(scene.database).transaction { try Outbox.append($0, EventDraft(type: "plan.approved", data: "{}")) }
        try eventually(within: .seconds(10), "more is routed") {
            try scene.sql("SELECT count(*) FROM charter.event WHERE routed_at IS NULL") == ["0"]
        }
        #expect(try events().count { $0 == "source.stale" } == 1)
    }
}
