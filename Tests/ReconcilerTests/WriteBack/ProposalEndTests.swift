import Foundation
import Spec
import Store
import TestKit
import Testing

/// What becomes of proposals that nobody merges as they are.
@Suite struct ProposalEndTests {
    private func proposed(_ it: WriteBackScene, _ watch: Subprocess, _ field: String = "hard=9 USD/month") throws -> (ChangeRequest, branch: String) {
        let request = try it.until(it.ask(field, as: "acme/bo"), .proposed, from: watch)
        return (request, try #require(request.branch))
    }

    private func branches(_ it: WriteBackScene) throws -> String {
        try it.scene.repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads/charter")
    }

    @Test(arguments: [false, true]) func `one whose branch was deleted is withdrawn`(isRemote: Bool) throws {
        let it = try WriteBackScene()
        let watch = try isRemote ? it.scene.start("watch", "--repo", it.url, "--poll", "200ms") : it.scene.start("watch")
        let (request, branch) = try proposed(it, watch)
        try it.scene.repository.git("update-ref", "-d", "refs/heads/\(branch)")
        let ended = try it.until(request.uid, .withdrawn, from: watch)
        #expect(ended.reason?.contains("\(branch) is gone") == true && ended.branch == nil)
        #expect(try it.actions().last == "change.withdrawn")
    }

    @Test(arguments: [false, true]) func `one that was merged in another form is enforced`(isBranchKept: Bool) throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let (request, branch) = try proposed(it, watch)
        try it.scene.repository.commit([WriteBackScene.team: it.file(at: branch)], message: "All of it, squashed")
        if !isBranchKept { try it.scene.repository.git("update-ref", "-d", "refs/heads/\(branch)") }
        let ended = try it.until(request.uid, .enforced, .withdrawn, from: watch)
        #expect(try ended.state == .enforced && ended.revision == 2 && ended.commit == it.tip)
    }

    @Test func `one that was merged without what it asked for is withdrawn, and says so`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let (request, branch) = try proposed(it, watch)
        try it.scene.repository.git("merge", "-q", "--no-ff", "-s", "ours", "-m", "Not like that", branch)
        let ended = try it.until(request.uid, .enforced, .withdrawn, from: watch)
        #expect(ended.state == .withdrawn && ended.reason?.contains("was merged without what it asked for") == true)
        #expect(try it.actions().last == "change.withdrawn")
        try eventually(within: .seconds(60), "the log says so: \(watch.errors)") { watch.errors.contains(" change_withdrawn ") }
    }

    @Test func `one whose file says more after the merge is enforced, whoever added that`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let (request, branch) = try proposed(it, watch)
        let more = try it.file(at: branch).replacing("# agreed in spring", with: "zone: Europe/Berlin")
        try it.scene.repository.commit([WriteBackScene.team: WriteBackScene.teamText.replacing("{ name: team }", with: "{ name: team, labels: { tier: gold } }")])
        try it.scene.repository.git("merge", "-q", "--no-ff", "--no-commit", branch)
        try it.scene.repository.commit([WriteBackScene.team: more.replacing("{ name: team }", with: "{ name: team, labels: { tier: gold } }")], message: "Merge")
        let ended = try it.until(request.uid, .enforced, .withdrawn, from: watch)
        #expect(ended.state == .enforced && ended.commit == request.commit, "\(ended)")
    }

    @Test func `the removal of a field, an addition and a removal that others made end their proposals`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let (field, _) = try proposed(it, watch, "metadata.labels.tier=gold")
        let (lab, search) = (Declared.project("lab", "Lab"), ResourceKey(org: "acme", kind: .project, name: "search"))
        let add = try it.until(it.ask(ChangePatch([.add(document: lab, org: "acme", path: nil)]), as: "acme/bo"), .proposed, from: watch)
        let remove = try it.until(it.ask(ChangePatch([.remove(search)]), as: "acme/bo"), .proposed, from: watch)
        try it.scene.repository.commit([
            "orgs/acme/projects/others.yaml": lab, "orgs/acme/projects/search.yaml": nil,
            WriteBackScene.team: WriteBackScene.teamText.replacing("{ name: team }", with: "{ name: team, labels: { tier: gold } }"),
        ])
        for request in [field, add, remove] { try it.until(request.uid, .enforced, from: watch) }
    }

    @Test(arguments: [false, true]) func `the branch of one that is withdrawn goes, but for what others added`(isAddedTo: Bool) throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let (request, branch) = try proposed(it, watch)
        let theirs = try it.scene.repository.git("commit-tree", "-p", branch, "-m", "Mine too", "\(branch)^{tree}")
        if isAddedTo { try it.scene.repository.git("update-ref", "refs/heads/\(branch)", theirs) }
        #expect(try it.scene.charter("changes", "withdraw", request.uid, "--reason", "not now").code == 0)
        try eventually(within: .seconds(60), "the branch is seen to: \(watch.errors)") { try it.state(of: request.uid).branch == nil }
        #expect(try branches(it) == (isAddedTo ? branch : ""))
        #expect(try it.state(of: request.uid).state == .withdrawn)
    }

    @Test func `many that nobody ends keep no newer one from its end`() throws {
        let it = try WriteBackScene()
        try it.scene.sql(
            """
            INSERT INTO charter.change_request (uid, org, unit, state, patch, caller, idempotency_key, base_revision, decided_at, commit, branch)
            SELECT gen_random_uuid(), 'acme', 'default', 'proposed', '{"steps": []}', 'acme/bo', 'k' || n, 0, now(), repeat('1', 40), 'main'
            FROM generate_series(1, 1200) n
            """)
        let watch = try it.scene.start("watch")
        let (request, _) = try proposed(it, watch)
        try it.scene.repository.git("update-ref", "refs/heads/main", #require(request.commit))
        try it.until(request.uid, .enforced, from: watch)
        let (lost, branch) = try proposed(it, watch, "hard=8 USD/month")
        try it.scene.repository.git("update-ref", "-d", "refs/heads/\(branch)")
        try it.until(lost.uid, .withdrawn, from: watch)
    }

    @Test func `the revision of one that is settled late is the first that had it`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let id = try it.ask("hard=9 USD/month")
        #expect(try it.until(id, .enforced, from: watch).revision == 2)
        try it.until(it.ask("hard=8 USD/month"), .enforced, from: watch)
        try it.scene.sql("UPDATE charter.change_request SET state = 'committed', revision = NULL WHERE uid = '\(id)'")
        try it.until(it.ask("hard=7 USD/month"), .enforced, from: watch)
        #expect(try it.until(id, .enforced, from: watch).revision == 2)
    }
}
