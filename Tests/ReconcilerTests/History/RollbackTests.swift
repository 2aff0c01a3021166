import Foundation
import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// `charter rollback`, its hold on the unit, and the way back through Git.
@Suite struct RollbackTests {
    private static let team = "orgs/acme/budgets/team.yaml"

    private func revision(_ scene: Scene) throws -> Int {
        try Int(scene.sql("SELECT coalesce(max(id), 0) FROM charter.revision")[0]) ?? -1
    }

    /// Every row as it is, with its uid.
    private func rows(_ scene: Scene) throws -> [String] {
        try scene.sql("SELECT uid || ' ' || org || '/' || kind || '/' || name || ' ' || canonical FROM charter.resource ORDER BY 1")
    }

    @Test func `brings back names, usage and places exactly, and says so in the audit`() throws {
        let scene = try Scene()
        try scene.apply()
        let before = try rows(scene)
        try scene.repository.commit([
            Self.team: Declared.budget("crew", hard: "7 USD/month", previously: "team"),
            "orgs/acme/projects/search.yaml": nil,
            "orgs/acme/projects/find.yaml": Declared.project("find", "Find"),
        ])
        try scene.apply()
        let bad = try rows(scene)
        let dry = try scene.charter("rollback", "1", "--dry-run")
        #expect(dry.code == 0 && dry.output.contains("→ acme/Budget/crew → acme/Budget/team"), "\(dry)")
        #expect(try revision(scene) == 2)
        let done = try scene.charter("rollback", "1", "--reason", "budget is wrong", "--as", "ada")
        #expect(done.code == 0, "\(done)")
        #expect(done.output.contains("because revision 1 does not have it"))
        #expect(done.output.contains("Done as revision 3: 1 created, 0 updated, 1 renamed, 1 deleted."), "\(done.output)")
        #expect(try rows(scene) == before)
        #expect(try scene.drift().drift.isEmpty)
        #expect(
            try scene.sql("SELECT state_digest = (SELECT state_digest FROM charter.revision WHERE id = 1) FROM charter.revision WHERE id = 3")
                == ["t"])
        #expect(try scene.sql("SELECT act || restored || commit FROM charter.revision WHERE id = 3") == scene.sql("SELECT 'rollback1' || commit FROM charter.revision WHERE id = 1"))
        let audit = try scene.sql("SELECT actor || ' ' || subject || ' ' || detail FROM charter.audit WHERE action = 'revision.rolled_back'")
        #expect(audit.count == 1 && audit[0].hasPrefix("ada default ") && audit[0].contains("budget is wrong"))
        #expect(try scene.charter("history").output.contains("Rollback to revision 1: budget is wrong"))
        #expect(try scene.charter("show", "3").output.contains("brought back the state of revision 1"))
        #expect(try scene.charter("get", "budget", "team", "--applied").output.contains("hard: 100 USD/month"))
        // And forward again: the state before the rollback is one like any other.
        #expect(try scene.charter("rollback", "2", "--reason", "it was right").code == 0)
        #expect(try rows(scene) == bad)
        guard case .unchanged = try scene.apply() else {
            Issue.record("the branch declares what is applied")
            return
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.hold") == ["0"])
    }

    @Test func `the watcher holds the unit until the branch reverts what was rolled back`() throws {
        let scene = try Scene()
        let watch = try scene.start("watch", "--lease", "5s")
        try eventually(within: .seconds(10), "the first revision") { try revision(scene) == 1 }
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "7 USD/month")], message: "Bad")
        try eventually(within: .seconds(10), "the second revision") { try revision(scene) == 2 }
        let done = try scene.charter("rollback", "1", "--reason", "nobody can work")
        #expect(done.code == 0, "\(done)")
        try eventually(within: .seconds(20), "the hold: \(watch.errors)") {
            watch.errors.contains(" held ") && watch.errors.contains("G1014")
        }
        let status = try scene.charter("status").output
        #expect(status.contains("HELD       at the state of revision 1") && status.contains("nobody can work"), "\(status)")
        // A commit on top still declares the bad change.
        try scene.repository.commit(["orgs/acme/projects/find.yaml": Declared.project("find", "Find")])
        try eventually(within: .seconds(20), "the new tip is judged: \(watch.errors)") {
            // One that lost the lead and has it again says so once more.
            let blocked = watch.errors.split(separator: "\n").filter { $0.contains(" blocked ") }
            return Set(blocked.compactMap { $0.split(separator: " ").first { $0.hasPrefix("commit=") } }).count == 2
        }
        // Another watcher holds it as well.
        watch.kill(15)
        #expect(watch.wait(within: .seconds(20)) == 0)
        let second = try scene.start("watch", "--lease", "5s")
        try eventually(within: .seconds(20), "the second watcher holds: \(second.errors)") { second.errors.contains(" blocked ") }
        #expect(try revision(scene) == 3)
        let apply = try scene.charter("apply")
        #expect(apply.code == 1 && apply.errors.contains("acme/Budget/team spec.hard"), "\(apply)")
        #expect(try scene.charter("plan").output.contains("Blocked [G1014]"))
        // What the answer says makes the branch agree.
        for command in commands(done.output) where !command.hasSuffix("push") { try run(command, scene) }
        try eventually(within: .seconds(20), "the revert is applied: \(second.errors)") { try revision(scene) == 4 }
        try eventually(within: .seconds(20), "released: \(second.errors)") { second.errors.contains(" released ") }
        #expect(try scene.sql("SELECT count(*) FROM charter.resource WHERE name = 'find'") == ["1"])
        #expect(try scene.charter("get", "budget", "team", "--applied").output.contains("hard: 100 USD/month"))
        #expect(try !scene.charter("status").output.contains("HELD"))
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'unit.resumed'") == ["1"])
    }

    @Test func `resume lets the branch through at once`() throws {
        let scene = try Scene()
        let watch = try scene.start("watch")
        try eventually(within: .seconds(10), "the first revision") { try revision(scene) == 1 }
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "7 USD/month")], message: "Bad")
        try eventually(within: .seconds(10), "the second revision") { try revision(scene) == 2 }
        #expect(try scene.charter("rollback", "1", "--reason", "to be sure").code == 0)
        try eventually(within: .seconds(10), "the hold: \(watch.errors)") { watch.errors.contains("G1014") }
        #expect(try scene.charter("resume", "default", "--reason", "it was right").code == 0)
        try eventually(within: .seconds(10), "the branch comes again: \(watch.errors)") { try revision(scene) == 4 }
        #expect(try scene.charter("get", "budget", "team", "--applied").output.contains("hard: 7 USD/month"))
    }

    @Test func `a fix forward passes, and a rollback of two revisions holds both`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "7 USD/month")])
        try scene.apply()
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")])
        try scene.apply()
        #expect(try scene.charter("rollback", "2", "--reason", "first").code == 0)
        #expect(try scene.charter("rollback", "1", "--reason", "second").code == 0)
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "50 USD/month")])
        let held = try scene.charter("apply")
        #expect(held.code == 1 && held.errors.contains("acme/Project/search spec.displayName") && !held.errors.contains("spec.hard"), "\(held)")
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Seek")])
        #expect(try scene.charter("apply").code == 0)
        #expect(try scene.charter("get", "budget", "team", "--applied").output.contains("hard: 50 USD/month"))
    }

    @Test func `guards stop a rollback as they stop a commit`() throws {
        let scene = try Scene()
        try scene.apply()
        var files: [String: String?] = [:]
        for number in 1...12 { files["orgs/acme/projects/p\(number).yaml"] = Declared.project("p\(number)", "P") }
        try scene.repository.commit(files)
        try scene.apply()
        let before = try scene.fingerprint()
        let blocked = try scene.charter("rollback", "1", "--reason", "too many")
        #expect(blocked.code == 1 && blocked.errors.contains("blocked [G1002]") && blocked.errors.contains("--approve"), "\(blocked)")
        let json = try scene.charter("rollback", "1", "--reason", "too many", "--json")
        #expect(json.code == 1 && json.output.contains(#""outcome":"blocked""#))
        #expect(try scene.fingerprint() == before)
        let digest = try #require(blocked.errors.firstMatch(of: #/--approve ([0-9a-f]+)/#)?.1)
        #expect(try scene.charter("rollback", "1", "--reason", "too many", "--approve", String(digest)).code == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'plan.passed'") == ["1"])
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["6"])
        #expect(try scene.charter("rollback", "1").code == 2)
        #expect(try scene.charter("rollback", "9", "--reason", "x").errors.contains("there is no revision 9"))
        let again = try scene.charter("rollback", "1", "--reason", "x")
        #expect(again.code == 0 && again.output.contains("Nothing to change"), "\(again)")
    }

    @Test func `one unit is rolled back beside another, unless that one needs what would go`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit([
            "plans/team.yaml": "apiVersion: charter/v1\nkind: Plan\nmetadata: { name: team }\nspec: { limits: [100 requests/min] }\n"
        ])
        try scene.apply()
        let globex = try TestRepository()
        try globex.commit([
            "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { plan: team }\n",
            "orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]"),
        ])
        var source = scene.source
        source.location = .path(globex.path)
        let session = try ReconcileSession(source: source, database: scene.database, unit: "globex")
        #expect(try !session.applyOnce(guardedBy: PlanGuard()).isRejected)
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "7 USD/month")])
        try scene.apply()
        let broken = try scene.charter("rollback", "1", "--reason", "too far")
        #expect(broken.code == 1 && broken.errors.contains("does not hold together with what other units have applied since"), "\(broken)")
        #expect(broken.errors.contains("team"), "\(broken)")
        #expect(try revision(scene) == 4)
        let done = try scene.charter("rollback", "2", "--reason", "just right")
        #expect(done.code == 0 && done.output.contains("Done as revision 5: 0 created, 1 updated"), "\(done)")
        #expect(try scene.sql("SELECT unit || count(*) FROM charter.resource GROUP BY unit ORDER BY 1") == ["default7", "globex2"])
        #expect(
            try scene.sql("SELECT charter.state_digest()")
                == scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision WHERE id = 5"))
        // The other unit is free.
        try globex.commit(["orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin, developer]")])
        guard case .applied = try session.applyOnce(guardedBy: PlanGuard()) else {
            Issue.record("the hold is not the other unit's")
            return
        }
    }

    @Test func `the commands that are told make the branch agree, merges included`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.git("checkout", "-q", "-b", "side")
        try scene.repository.commit(["orgs/acme/projects/find.yaml": Declared.project("find", "Find")])
        try scene.repository.commit(["orgs/acme/projects/seek.yaml": Declared.project("seek", "Seek")])
        try scene.repository.git("checkout", "-q", "main")
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "7 USD/month")])
        try scene.repository.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
        try scene.repository.commit(["README.md": "no declaration\n"])
        try scene.repository.commit([Self.team: Declared.budget("team", hard: "8 USD/month")])
        try scene.apply()
        let done = try scene.charter("rollback", "1", "--reason", "all of it", "--allow-mass-delete")
        #expect(done.code == 0, "\(done)")
        let commands = commands(done.output)
        #expect(commands.count == 4 && commands[1].contains("-m 1"), "\(commands)")
        for command in commands where !command.hasSuffix("push") { try run(command, scene) }
        guard case .applied(let plan, _) = try scene.apply() else {
            Issue.record("the branch does not agree")
            return
        }
        #expect(plan.changes.isEmpty, "\(plan.text)")
        #expect(FileManager.default.fileExists(atPath: scene.repository.workTree.appending(path: "README.md").path))
    }

    @Test(arguments: [21, 22] as [UInt64]) func `any state comes back from any other`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let scene = try Scene()
        var edits = RandomEdits(Declared.platform)
        var states: [Int: [String]] = [:]
        for round in 0..<14 {
            let name = "seed \(seed), round \(round)"
            if round > 3, Bool.random(using: &random), let target = states.keys.sorted().randomElement(using: &random) {
                let outcome = try scene.charter("rollback", "\(target)", "--reason", name, "--allow-mass-delete")
                #expect(outcome.code == 0, "\(name): \(outcome)")
                #expect(try rows(scene) == states[target], "\(name): back to \(target)")
                #expect(try scene.charter("resume", "default").code == 0)
            } else {
                try scene.repository.replace(with: edits.next(using: &random))
                guard try !scene.apply(allowingMassDeletion: true).isRejected else { continue }
                guard case .planned(let plan, _) = try scene.plan() else { continue }
                #expect(plan.isEmpty, "\(name): \(plan.text)")
            }
            #expect(try scene.drift().drift.isEmpty, "\(name)")
            #expect(
                try scene.sql("SELECT charter.state_digest()")
                    == scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision ORDER BY id DESC LIMIT 1"), "\(name)")
            states[try revision(scene)] = try rows(scene)
        }
    }

    private func commands(_ text: String) -> [String] {
        text.split(separator: "\n").drop { !$0.hasPrefix("To make the branch agree") }.dropFirst()
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func run(_ command: String, _ scene: Scene) throws {
        try scene.repository.git(Array(command.split(separator: " ").map(String.init).dropFirst()))
    }
}
