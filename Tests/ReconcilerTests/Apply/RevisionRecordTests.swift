import Foundation
import Store
import TestKit
import Testing

@testable import Reconciler

/// What the audit keeps of revisions.
struct RevisionRecordTests {
    private static let acts = "SELECT action || ' ' || subject || ' ' || (detail::jsonb ->> 'revision') FROM charter.audit ORDER BY sequence"

    /// A member of what the last such act says.
    private func detail(_ scene: Scene, _ action: String, _ member: String) throws -> String? {
        try scene.sql("SELECT detail::jsonb ->> '\(member)' FROM charter.audit WHERE action = '\(action)' ORDER BY sequence DESC LIMIT 1").first
    }

    @Test func `each apply is one act with its commit, author, counts and digest, and one that changes nothing is none`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.apply()
        #expect(try scene.sql(Self.acts) == ["revision.applied default 1"])
        let applied = "revision.applied"
        #expect(try detail(scene, applied, "commit") == scene.repository.git("rev-parse", "HEAD"))
        #expect(try detail(scene, applied, "author")?.contains("@") == true)
        #expect(try detail(scene, applied, "tally")?.contains(#""created": 6"#) == true)
        #expect(try detail(scene, applied, "kinds")?.contains(#""Budget": 1"#) == true)
        #expect(try detail(scene, applied, "state_digest") == scene.sql("SELECT charter.state_digest()")[0])
        #expect(try detail(scene, applied, "approvals") == "[]")
        #expect(try scene.sql("SELECT DISTINCT actor FROM charter.audit") == [Operator.name])
        try scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        try scene.apply()
        #expect(try detail(scene, applied, "kinds") == #"{"Project": 1}"#)
    }

    @Test func `a rejected commit and a blocked plan are no act`() throws {
        let it = try GuardScene("protect: [{ kinds: [Project] }]")
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        #expect(try it.codes() == ["G1006"])
        try it.scene.repository.commit(["orgs/acme/bad.yaml": "kind: Nothing\n"])
        #expect(try it.scene.apply().isRejected)
        #expect(try it.scene.sql(Self.acts) == ["revision.applied default 1"])
    }

    @Test func `who let a plan pass is named with what it became`() throws {
        let members = Declared.member("ada", roles: "[admin]") + "---\n" + Declared.member("bo", roles: "[developer]") + "---\n"
            + Declared.member("sec", roles: "[security]")
        let it = try GuardScene("protect: [{ kinds: [Project] }]", ["orgs/acme/members.yaml": members])
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        let plan = try #require(try it.blocked())
        #expect(try it.scene.charter("approve", plan.digest, "--as", "acme/sec", "--reason", "as agreed").code == 0)
        #expect(try it.codes() == [])
        #expect(try detail(it.scene, "revision.applied", "approvals") == #"["acme/sec"]"#)
    }

    @Test func `what is put right is an act with what it touched`() throws {
        let scene = try GuardScene().scene
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        let session = try scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(10)))
        defer { session.release(token) }
        #expect(try session.correct(token: token)?.count == 1)
        #expect(try session.correct(token: token) == nil)
        #expect(try scene.sql(Self.acts) == ["revision.applied default 1", "revision.corrected default 2"])
        #expect(try detail(scene, "revision.corrected", "kinds") == #"{"Budget": 1}"#)
        #expect(try detail(scene, "revision.corrected", "resources") == #"["acme/Budget/team"]"#)
    }

    @Test func `the head of the audit is in the watcher's log at its start and after each revision`() throws {
        let scene = try Scene()
        try scene.apply()
        let watch = try scene.start("watch", "--json")
        let head = try Connection(scene.database).transaction { try Audit.head($0) }
        try eventually(within: .seconds(20), "the head at the start: \(watch.errors)") { watch.errors.contains(#""sequence":1,"hash":"\#(head.hash)""#) }
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try eventually(within: .seconds(20), "the second revision: \(watch.errors)") { watch.errors.contains(#""event":"audit_head","unit":"default","sequence":2"#) }
        watch.kill(15)
        #expect(watch.wait(within: .seconds(15)) == 0)
        let heads = watch.errors.split(separator: "\n").compactMap { line -> AuditHead? in
            guard let json = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], json["event"] as? String == "audit_head" else { return nil }
            return AuditHead("\(json["sequence"] ?? ""):\(json["hash"] ?? "")")
        }
        guard case .intact = try Audit.verify(Connection(scene.database), known: heads) else { throw Unexpected() }
        #expect(heads.map(\.sequence) == [1, 2])
    }
}
