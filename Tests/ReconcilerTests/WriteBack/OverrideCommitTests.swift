import Foundation
import Policy
import Spec
import Store
import Synchronization
import TestKit
import Testing

@testable import Services

/// The real `charter override commit`, and the real `charter watch` that makes commits of it.
@Suite struct OverrideCommitTests {
    private func set(_ it: WriteBackScene, _ target: String, _ wish: OverrideRequest.Wish) throws -> Override {
        try OverrideRequest(target: target, wish, until: .after(.seconds(3_600)), actor: "ada", reason: "the night").run(it.connection).override
    }

    private func inForce(_ it: WriteBackScene) throws -> [Override] {
        try it.connection.transaction { try Overrides.inForce($0, .everything) }
    }

    /// As a gateway does once it enforces the revision.
    private func close(_ it: WriteBackScene) throws -> Int {
        try it.connection.transaction { try Overrides.closeCommitted($0) }
    }

    @Test func `an override becomes a commit of its values, whose revision ends it`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let override = try set(it, "budget/acme/team", .values(["limit=400USD"]))
        let said = try it.scene.charter("override", "commit", override.shortID, "--as", "acme/ada", "--wait", "60s")
        #expect(said.code == 0 && said.output.contains("Applied as"), "\(said.output) \(said.errors) \(watch.errors)")
        #expect(try it.file() == WriteBackScene.teamText.replacing("100 USD/month", with: "400 USD/month"))
        #expect(try it.scene.repository.git("log", "-1", "--format=%an") == "ada")
        #expect(try it.scene.repository.git("log", "-1", "--format=%B").contains("the night"))
        #expect(try close(it) == 1 && inForce(it).isEmpty)
        let again = try it.scene.charter("override", "commit", override.shortID, "--as", "acme/ada")
        #expect(again.code == 1 && again.errors.contains("over already"))
    }

    @Test func `a denial becomes a suspension with its reason, until the time that is said`() throws {
        let it = try WriteBackScene()
        let watch = try it.scene.start("watch")
        let override = try set(it, "member/acme/bo", .denial)
        let said = try it.scene.charter(
            "override", "commit", override.uid, "--as", "ada", "--until", "2999-02-01", "--reason", "under review", "--wait", "60s")
        #expect(said.code == 0 && said.output.contains("Applied as"), "\(said.output) \(said.errors) \(watch.errors)")
        let row = try #require(try it.connection.transaction { try Resources.one($0, ResourceKey(org: "acme", kind: .member, name: "bo")) })
        let suspension = try Resource.decode(key: row.key, canonical: row.canonical).suspension
        let until = try Instant.parse("2999-02-01")
        #expect(suspension?.reason == "under review" && suspension?.until == until)
        #expect(try close(it) == 1)
    }

    @Test func `asking again is the same change, and a proposed one leaves the override to its end`() throws {
        let it = try WriteBackScene(rules: "writeBack: { to: proposals }")
        let watch = try it.scene.start("watch")
        let override = try set(it, "budget/acme/team", .values(["limit=400USD"]))
        let request = OverrideCommitRequest(id: override.shortID, as: "ada")
        let first = try request.run(it.connection)
        try it.until(first.request.uid, .proposed, from: watch)
        let second = try request.run(it.connection)
        #expect(second.isRepeated && second.request.uid == first.request.uid)
        #expect(try close(it) == 0 && inForce(it).map(\.change) == [first.request.uid])
        let branch = try #require(try it.state(of: first.request.uid).branch)
        try it.scene.repository.git("update-ref", "refs/heads/main", branch)
        try it.until(first.request.uid, .enforced, from: watch)
        #expect(try close(it) == 1 && inForce(it).isEmpty)
    }

    @Test func `many who ask at once ask for one change, which is what the override waits for`() throws {
        let it = try WriteBackScene()
        let override = try set(it, "budget/acme/team", .values(["limit=400USD"]))
        let asked = Mutex<[Result<String, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let answer = Result { try OverrideCommitRequest(id: override.uid, as: "ada").run(it.connection).request.uid }
            asked.withLock { $0.append(answer) }
        }
        let changes = Set(try asked.withLock { try $0.map { try $0.get() } })
        #expect(changes.count == 1)
        #expect(try it.scene.sql("SELECT uid FROM charter.change_request") == Array(changes))
        #expect(try Set(inForce(it).compactMap(\.change)) == changes)
    }

    @Test func `what cannot be committed is refused in words, and no change is asked for`() throws {
        let it = try WriteBackScene()
        let budget = try set(it, "budget/acme/team", .values(["limit=400USD"]))
        for request in [
            OverrideCommitRequest(id: budget.uid, as: "ada", until: try Instant.parse("2999-01-01")),
            OverrideCommitRequest(id: "ffffffff", as: "ada"), OverrideCommitRequest(id: "ab", as: "ada"),
        ] {
            #expect(throws: RequestRefusal.self) { try request.run(it.connection) }
        }
        _ = try OverrideEndRequest(id: budget.uid, actor: "ada", reason: nil).run(it.connection)
        #expect(throws: RequestRefusal.self) { try OverrideCommitRequest(id: budget.uid, as: "ada").run(it.connection) }
        #expect(try it.scene.sql("SELECT count(*) FROM charter.change_request") == ["0"])
    }

    @Test func `who is named whole by --as needs override.write, and a foreign override is not there`() throws {
        let it = try WriteBackScene()
        for words in [
            ["override", "set", "budget/acme/team", "limit=400USD", "--until", "1h", "--reason", "why"],
            ["override", "deny", "member/acme/ada", "--until", "1h", "--reason", "why"],
        ] {
            let refused = try it.scene.charter(words + ["--as", "acme/bo"])
            #expect(refused.code == 1 && refused.errors.contains("override.write"), "\(refused)")
            let unknown = try it.scene.charter(words + ["--as", "acme/nobody"])
            #expect(unknown.code == 1 && unknown.errors.contains("is suspended or not there"), "\(unknown)")
        }
        #expect(try inForce(it).isEmpty)
        let override = try set(it, "budget/acme/team", .values(["limit=400USD"]))
        for words in [["override", "end", override.uid], ["override", "commit", override.uid]] {
            #expect(try it.scene.charter(words + ["--as", "acme/bo"]).code == 1)
        }
        #expect(try inForce(it).count == 1)
        #expect(try it.scene.charter("override", "end", override.uid, "--as", "acme/ada").code == 0)
    }
}
