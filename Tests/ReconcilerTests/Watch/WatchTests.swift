import Foundation
import Reconciler
import Store
import TestKit
import Testing

/// The real `charter watch`.
struct WatchTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func revision() throws -> Int {
        try Int(scene.sql("SELECT coalesce(max(id), 0) FROM charter.revision")[0]) ?? -1
    }

    @Test func `applies a commit within a second, and ends cleanly on SIGTERM`() throws {
        let watch = try scene.start("watch")
        try eventually(within: .seconds(10), "the first revision") { try revision() == 1 }
        // One session for all looks, as beginning one may take longer than what is measured.
        let looking = try Connection(scene.database)
        let times = try (2...4).map { number in
            try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(number) USD/month")])
            return try ContinuousClock().measure {
                try eventually(within: .seconds(20), "revision \(number)") {
                    try looking.transaction { transaction in
                        for row in try transaction.query("SELECT max(id) FROM charter.revision") { return row.textOrNil(0) == "\(number)" }
                        return false
                    }
                }
            }
        }
        // The best of them: what else the machine does meanwhile is not the watcher's.
        #expect(try #require(times.min()) < .seconds(1), "\(times)")
        watch.kill(15)
        #expect(watch.wait(within: .seconds(5)) == 0)
        #expect(watch.errors.contains(" stopped"))
        #expect(try scene.sql("SELECT expires_at <= clock_timestamp() FROM charter.leader") == ["t"])
    }

    @Test func `a bad commit stops nothing, and the next good one goes through`() throws {
        let watch = try scene.start("watch", "--json")
        try eventually(within: .seconds(10), "the first revision") { try revision() == 1 }
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 dollars")])
        try eventually(within: .seconds(10), "the rejection") { watch.errors.contains(#""event":"rejected""#) }
        #expect(try scene.charter("status").output.contains("orgs/acme/budgets/team.yaml:6:9"))
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try eventually(within: .seconds(10), "the second revision") { try revision() == 2 }
        #expect(try !scene.charter("status").output.contains("rejected"))
    }

    @Test func `goes on after its sessions with PostgreSQL are cut`() throws {
        let watch = try scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(10), "the first revision") { try revision() == 1 }
        for number in 1...3 {
            try scene.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            try scene.repository.commit([
                "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(number) USD/month")
            ])
            try eventually(within: .seconds(10), "revision \(number + 1)") { try revision() == number + 1 }
        }
        #expect(watch.isRunning)
    }

    @Test func `keeps the lead while a remote hangs, says so in status, and still ends on SIGTERM`() throws {
        let silent = try SilentListener()
        let watch = try scene.start(
            "watch", "--repo", "git://127.0.0.1:\(silent.port)/repo.git", "--fetch-timeout", "12s", "--lease", "5s")
        try eventually(within: .seconds(90), "the trouble in status") {
            try scene.charter("status").output.contains("no answer within 12.0 seconds")
        }
        #expect(!watch.errors.contains(" lost_lead"))
        watch.kill(15)
        // Sooner than a fetch gives up.
        #expect(watch.wait(within: .seconds(8)) == 0)
    }

    @Test func `waits for a repository that comes later, and says why once`() throws {
        let away = scene.repository.root.appending(path: "away").path
        try scene.repository.shell("mv '\(scene.repository.path)' '\(away)'")
        let watch = try scene.start("watch")
        try eventually(within: .seconds(10), "the trouble") { watch.errors.contains(" stuck ") }
        try eventually(within: .seconds(10), "the trouble in status") {
            try scene.charter("status").output.contains("is not a Git repository")
        }
        try scene.repository.shell("mv '\(away)' '\(scene.repository.path)'")
        try eventually(within: .seconds(20), "the first revision") { try revision() == 1 }
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" stuck ") } == 1)
        try eventually(within: .seconds(10), "status is clean") {
            try !scene.charter("status").output.contains("is not a Git repository")
        }
    }

    @Test func `corrects drift where the repository says so, without a commit`() throws {
        try scene.repository.commit([
            "charter.yaml": Declared.platform["charter.yaml"]!.replacing("drift: report", with: "drift: correct")
        ])
        let watch = try scene.start("watch", "--drift-interval", "100ms")
        try eventually(within: .seconds(10), "the first revision") { try revision() == 1 }
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        try eventually(within: .seconds(10), "the correction") { watch.errors.contains(" corrected ") }
        #expect(try scene.drift().drift.isEmpty)
        #expect(try revision() == 2)
    }

    @Test func `reports drift once and leaves it where the repository says so`() throws {
        let watch = try scene.start("watch", "--drift-interval", "50ms")
        try eventually(within: .seconds(10), "the first revision") { try revision() == 1 }
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        try eventually(within: .seconds(10), "the report") { watch.errors.contains(" drifted ") }
        try scene.sql("DELETE FROM charter.resource WHERE name = 'search'")
        try eventually(within: .seconds(10), "the second report") { watch.errors.contains("count=2") }
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" drifted ") } == 2)
        #expect(try scene.drift().drift.count == 2)
    }

    @Test func `a blocked plan waits for a person, whose apply it then follows`() throws {
        let watch = try scene.start("watch", "--lease", "1s")
        try eventually(within: .seconds(10), "the first revision") { try revision() == 1 }
        try scene.repository.git("rm", "-rq", "orgs", "charter.yaml")
        try scene.repository.commit([
            "roles.yaml":
                "apiVersion: charter/v1\nkind: Role\nmetadata: { name: r }\nspec: { permissions: [usage.read] }\n"
        ])
        try eventually(within: .seconds(10), "the block") { watch.errors.contains(" blocked ") }
        try eventually(within: .seconds(10), "the block in status") {
            try scene.charter("status").output.contains("--allow-mass-delete")
        }
        #expect(try revision() == 1)
        let apply = try scene.charter("apply", "--allow-mass-delete")
        #expect(apply.code == 0, "\(apply.errors)")
        #expect(try revision() == 2)
        try scene.repository.commit([
            "roles.yaml":
                "apiVersion: charter/v1\nkind: Role\nmetadata: { name: s }\nspec: { permissions: [usage.read] }\n",
            "x.yaml":
                "apiVersion: charter/v1\nkind: Role\nmetadata: { name: r }\nspec: { permissions: [usage.read] }\n",
        ])
        try eventually(within: .seconds(10), "the watcher leads again") { try revision() == 3 }
    }
}
