import Store
import TestKit
import Testing

@testable import Reconciler

/// What CI waits for.
struct ConditionWaitTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func gateway(at revision: Int64) throws {
        let digest = try scene.sql("SELECT encode(state_digest, 'hex') FROM charter.revision WHERE id = \(revision)")[0]
        try Connection(scene.database).transaction {
            try Replicas.report($0, Replica(id: "g1", epoch: 1, revision: revision, stateDigest: digest, version: "0.1.0", startedAt: .now))
        }
    }

    private func commit(_ amount: String) throws -> String {
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: amount)])
    }

    @Test(arguments: ["", "Enforce", "Enforced=", "Enforced=yes", "=True"]) func `what is no condition is none`(text: String) {
        #expect(ConditionWait(text) == nil)
    }

    @Test func `a condition is named in any case, and True unless said otherwise`() throws {
        let wait = try #require(ConditionWait("sourcestale=FALSE"))
        #expect(wait.name == .sourceStale && wait.status == .false)
        #expect(ConditionWait("Ready")?.status == .true)
    }

    @Test func `waits until the commit is enforced, and not for one before it`() throws {
        let first = try scene.repository.git("rev-parse", "HEAD")
        try scene.apply()
        try gateway(at: 1)
        let second = try commit("7 USD/month")
        let waiting = try scene.start("status", "--wait", "Enforced", "--commit", String(second.prefix(12)), "--timeout", "30s")
        #expect(try scene.charter("status", "--wait", "Enforced", "--commit", first, "--timeout", "1s").code == 0)
        try scene.apply()
        let early = try scene.charter("status", "--wait", "Enforced", "--commit", second, "--timeout", "300ms")
        #expect(early.code == 1 && early.errors.contains("GatewayBehind"), "\(early)")
        #expect(waiting.isRunning)
        try gateway(at: 2)
        #expect(waiting.wait(within: .seconds(20)) == 0, "\(waiting.errors)")
        #expect(waiting.output.contains("Enforced is True"))
    }

    @Test func `a rejected commit ends the wait at once, with its place`() throws {
        try scene.apply()
        let bad = try commit("7 dollars")
        try scene.apply()
        let clock = ContinuousClock.now
        let answer = try scene.charter("status", "--wait", "Enforced", "--commit", bad, "--timeout", "50s")
        #expect(answer.code == 1 && answer.errors.contains("orgs/acme/budgets/team.yaml:6:9"), "\(answer)")
        #expect(clock.duration(to: .now) < .seconds(30))
    }

    @Test func `a commit that was overtaken counts with the one that contains it, where the repository can be asked`() throws {
        try scene.apply()
        let overtaken = try commit("7 USD/month")
        let newest = try commit("8 USD/month")
        try scene.apply()
        let blind = try scene.charter("status", "--wait", "Applied", "--commit", overtaken, "--timeout", "200ms")
        #expect(blind.code == 1 && blind.errors.contains(newest.prefix(10)), "\(blind)")
        let seeing = try scene.charter(
            "status", "--wait", "Applied", "--commit", String(overtaken.prefix(9)), "--repo", scene.repository.path, "--timeout", "5s")
        #expect(seeing.code == 0, "\(seeing)")
        try scene.repository.git("commit", "-q", "--allow-empty", "-m", "Later")
        let later = try scene.charter("status", "--wait", "Applied", "--commit", "HEAD", "--repo", scene.repository.path, "--timeout", "200ms")
        #expect(later.code == 1, "\(later)")
    }

    @Test func `a commit that was rolled back is not waited for`() throws {
        try scene.apply()
        let undone = try commit("7 USD/month")
        try scene.apply()
        #expect(try scene.charter("rollback", "1", "--reason", "it hurt").code == 0)
        let answer = try scene.charter("status", "--wait", "Applied", "--commit", undone, "--timeout", "50s")
        #expect(answer.code == 1 && answer.errors.contains("it hurt"), "\(answer)")
    }

    @Test func `a wrong word is a wrong command line`() throws {
        #expect(try scene.charter("status", "--wait", "Enforce").code == 2)
        #expect(try scene.charter("status", "--commit", "abcdef0").code == 2)
        #expect(try scene.charter("status", "--wait", "Enforced", "--commit", "main").code == 2)
    }
}
