import Reconciler
import Store
import TestKit
import Testing

/// A branch that no longer holds what was applied.
struct MovementTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
        for amount in 1...3 {
            try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(amount) USD/month")])
        }
        try scene.apply()
    }

    private func blocks() throws -> [GuardBlock] {
        do {
            _ = try scene.apply()
            return []
        } catch Trouble.humanMustConfirm(let plan) {
            return plan.blocks
        }
    }

    @Test func `force push back 3 commits waits for a person, and names both commits`() throws {
        let applied = try scene.repository.git("rev-parse", "HEAD")
        try scene.repository.git("reset", "-q", "--hard", "HEAD~3")
        let tip = try scene.repository.git("rev-parse", "HEAD")
        #expect(try blocks() == [.rewritten(from: applied, to: tip, .back(dropped: 3))])
        let outcome = try scene.charter("apply")
        #expect(outcome.code == 1)
        for id in [applied, tip] { #expect(outcome.errors.contains(id.prefix(10)), "\(outcome.errors)") }
        #expect(try scene.sql("SELECT max(id) FROM charter.revision") == ["2"])
        #expect(try scene.charter("apply", "--allow-rewrite").code == 0)
        #expect(try scene.sql("SELECT canonical LIKE '%100 USD/month%' FROM charter.resource WHERE name = 'team'") == ["t"])
    }

    @Test func `history rewritten with the same tree waits too`() throws {
        try scene.repository.git("commit", "-q", "--amend", "-m", "Rewritten")
        guard case .rewritten(_, _, .aside(_, 1, 1))? = try blocks().first else { throw Unexpected() }
        #expect(try scene.charter("plan").output.contains("it lacks 1 applied commit and has 1 other"))
    }

    @Test func `an unrelated history waits too`() throws {
        try scene.repository.git("checkout", "-q", "--orphan", "fresh")
        try scene.repository.commitAll()
        try scene.repository.git("branch", "-M", "main")
        guard case .rewritten(_, _, .unrelated)? = try blocks().first else { throw Unexpected() }
    }

    @Test func `an applied commit that is gone from the repository waits too`() throws {
        try scene.repository.git("checkout", "-q", "--orphan", "fresh")
        try scene.repository.commitAll()
        try scene.repository.git("branch", "-M", "main")
        try scene.repository.git("reflog", "expire", "--expire=all", "--all")
        try scene.repository.git("gc", "-q", "--prune=now")
        guard case .rewritten(_, _, .lost)? = try blocks().first else { throw Unexpected() }
    }

    @Test func `A to B to A is seen once B was applied`() throws {
        let b = try scene.repository.git("rev-parse", "HEAD")
        try scene.repository.git("reset", "-q", "--hard", "HEAD~1")
        #expect(try blocks().count == 1)
        try scene.repository.git("reset", "-q", "--hard", b)
        #expect(try blocks().isEmpty, "back at what is applied")
    }

    @Test func `a deleted branch changes nothing`() throws {
        try scene.repository.git("checkout", "-q", "-b", "other")
        try scene.repository.git("branch", "-D", "main")
        #expect(throws: SourceError.self) { try scene.apply() }
        #expect(try scene.sql("SELECT max(id) FROM charter.revision") == ["2"])
    }

    @Test func `a merge that has the applied commit on its other side moves forward`() throws {
        try scene.repository.git("checkout", "-q", "-b", "side", "HEAD~1")
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")])
        try scene.repository.git("merge", "-q", "--no-ff", "-m", "Merge", "main")
        try scene.repository.git("branch", "-f", "main", "side")
        #expect(try blocks().isEmpty)
    }

    @Test func `a rewritten branch is applied where the applied rules say so, not where its own do`() throws {
        let any = Declared.platform["charter.yaml"]!.replacing("drift: report", with: "drift: report, history: any")
        try scene.repository.git("reset", "-q", "--hard", "HEAD~1")
        try scene.repository.commit(["charter.yaml": any])
        #expect(try blocks().count == 1)
        #expect(try scene.charter("apply", "--allow-rewrite").code == 0)
        try scene.repository.git("commit", "-q", "--amend", "-m", "Rewritten")
        #expect(try blocks().isEmpty)
    }
}
