import Store
import TestKit
import Testing

@testable import Reconciler

/// Changes that fail in ways that nobody foresaw.
@Suite struct FailedChangeTests {
    @Test func `one that fails the same way again and again is refused in the end, and not before`() throws {
        let it = try WriteBackScene(isApplied: false)
        try it.connection.transaction { try Units.ensure($0, name: ReconcileSession.defaultUnit, repository: "r", folder: "") }
        var request = try it.state(of: it.ask(ChangePatch([])))
        #expect(ReconcileSession.failure("it broke", of: request) == .postponed("it broke"))
        request.attempts = 50
        request.trouble = "the remote was away"
        #expect(ReconcileSession.failure("it broke", of: request) == .postponed("it broke"))
        request.trouble = "it broke"
        #expect(ReconcileSession.failure("it broke", of: request) == .refused("it broke, after 50 attempts", place: nil))
        request.attempts = 9
        #expect(ReconcileSession.failure("it broke", of: request) == .postponed("it broke"))
    }

    @Test(arguments: [false, true], [false, true]) func `a proposal whose branch Git cannot make is refused, and keeps nobody waiting`(
        isRemote: Bool, isPacked: Bool
    ) throws {
        let it = try WriteBackScene()
        try it.scene.repository.git("update-ref", "refs/heads/charter", "main")
        if isPacked { try it.scene.repository.git("pack-refs", "--all") }
        let (proposal, change) = (try it.ask("hard=9 USD/month", as: "acme/bo"), try it.ask("hard=8 USD/month"))
        let watch = try isRemote ? it.scene.start("watch", "--repo", it.url, "--poll", "200ms") : it.scene.start("watch")
        let refused = try it.until(proposal, .refused, from: watch)
        #expect(refused.reason?.contains("refs/heads/charter, of which") == true, "\(refused)")
        try it.until(change, .enforced, from: watch)
    }
}
