import Dispatch
import HTTP
import Store
import Synchronization
import TestKit
import Testing

@testable import Services

/// Plans that wait, and the words by which they pass, by the admin API.
struct PlanRouteTests {
    private let scene: AdminScene
    private static let acme = String(repeating: "a1", count: 32)
    private static let both = String(repeating: "b2", count: 32)
    private static let platform = String(repeating: "c3", count: 32)

    init() throws { scene = try AdminScene() }

    private static func block(_ orgs: String?) -> String {
        let orgs = orgs.map { #","orgs":[\#($0)]"# } ?? ""
        return #"[{"code":"G1006","message":"1 protected resource of acme and globex","flag":null,"approvable":true\#(orgs)}]"#
    }

    /// A plan of a unit waits; one of each unit can.
    private func wait(_ digest: String, unit: String = "default", orgs: String?, author: String = "Ed <ed@elsewhere.example>") throws {
        try Connection(scene.database).transaction { transaction in
            try Units.ensure(transaction, name: unit, repository: "/\(unit)", folder: "")
            try WaitingPlans.record(
                transaction, WaitingPlan(unit: unit, digest: digest, commit: "c0ffee", author: author, blocks: Self.block(orgs), remarks: "[]"))
        }
    }

    private func approve(_ digest: String, in org: String? = "acme", as secret: String, body: String = #"{"reason":"as agreed"}"#) throws -> AdminAnswer {
        try scene.call(.post, "/v1/admin/\(org.map { "orgs/\($0)/" } ?? "")plans/\(digest)/approvals", as: secret, body: body)
    }

    private func given() throws -> [String] { try scene.sql("SELECT org || '/' || member || ' ' || left(digest, 4) FROM charter.approval ORDER BY id") }

    @Test func `a member with plan approve lets an own plan pass, by the beginning of its digest, and the audit keeps who`() throws {
        try wait(Self.acme, orgs: #""acme""#)
        let secret = AdminScene.secret("acme", "security")
        let answer = try approve(String(Self.acme.prefix(16)), as: secret)
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.json["approver"] as? String == "acme/security" && answer.json["digest"] as? String == Self.acme)
        #expect(try given() == ["acme/security a1a1"])
        let words = try scene.call(.get, "/v1/admin/orgs/acme/plans/\(Self.acme)/approvals", as: secret)
        #expect((words.json["approvals"] as? [[String: Any]])?.map { $0["approver"] as? String } == ["acme/security"], "\(words.text)")
        #expect(try scene.sql("SELECT actor || ' ' || action FROM charter.audit WHERE action LIKE 'plan.%'") == ["acme/security plan.approved"])
        #expect(try scene.sql("SELECT type FROM charter.event WHERE type = 'plan.approved'") == ["plan.approved"])
        #expect(try approve(String(Self.acme.prefix(8)), as: secret).status == 404, "fewer digits name no plan")
    }

    @Test func `the author is refused here as by the command, and the attempt is kept`() throws {
        try wait(Self.acme, orgs: #""acme""#, author: "Sec <SECURITY@acme.example>")
        let answer = try approve(Self.acme, as: AdminScene.secret("acme", "security"))
        #expect(answer.status == 403 && answer.text.contains("is the author of what it would let pass"), "\(answer.text)")
        #expect(try given() == [])
        #expect(try scene.sql("SELECT actor FROM charter.audit WHERE action = 'plan.approval_refused'") == ["acme/security"])
    }

    @Test(arguments: ["viewer", "developer", "analyst", "finance"])
    func `whoever lacks plan approve lets nothing pass and sees no plan`(role: String) throws {
        try wait(Self.acme, orgs: #""acme""#)
        let secret = AdminScene.secret("acme", role)
        #expect(try approve(Self.acme, as: secret).status == 403)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/plans", as: secret).status == 403)
        #expect(try given() == [])
    }

    @Test func `a plan that concerns others alone, or of which that is not known, is like none`() throws {
        try wait(Self.acme, orgs: #""globex""#)
        try wait(Self.both, unit: "second", orgs: nil)
        try wait(Self.platform, unit: "third", orgs: #""-""#)
        let secret = AdminScene.secret("acme", "security")
        let missing = try approve(String(repeating: "0", count: 64), as: secret)
        #expect(missing.status == 404)
        for digest in [Self.acme, Self.both, Self.platform] {
            let foreign = try approve(digest, as: secret)
            #expect(foreign.status == 404 && foreign.body == missing.body)
            #expect(try scene.call(.get, "/v1/admin/orgs/acme/plans/\(digest)/approvals", as: secret).body == missing.body)
        }
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/plans", as: secret).text == "{\"plans\":[]}\n")
        #expect(try given() == [] && scene.sql("SELECT count(*) FROM charter.audit WHERE action LIKE 'plan.%'") == ["0"])
    }

    @Test func `of a plan that is also another's, an organization is told the code alone`() throws {
        try wait(Self.both, orgs: #""acme","globex""#)
        let plans = try scene.call(.get, "/v1/admin/orgs/acme/plans", as: AdminScene.secret("acme", "security"))
        #expect(plans.text.contains(Self.both) && plans.text.contains("G1006") && !plans.text.contains("globex"), "\(plans.text)")
        try wait(Self.both, orgs: #""acme""#)
        #expect(try scene.call(.get, "/v1/admin/orgs/acme/plans", as: AdminScene.secret("acme", "security")).text.contains("1 protected resource"))
    }

    @Test func `an organization is told the words of its own members alone, and who runs the platform all`() throws {
        try wait(Self.both, orgs: #""acme","globex""#)
        try Connection(scene.database).transaction { transaction in
            for (org, reason) in [("globex", "of globex alone"), ("acme", "as agreed")] {
                _ = try Approvals.add(
                    transaction, digest: Self.both, unit: "default", org: org, member: "security", reason: reason, within: .seconds(3_600))
            }
        }
        let own = try scene.call(.get, "/v1/admin/orgs/acme/plans/\(Self.both)/approvals", as: AdminScene.secret("acme", "security"))
        #expect(own.status == 200 && own.text.contains("as agreed") && !own.text.contains("globex"), "\(own.text)")
        let all = try scene.callLocally(.get, "/v1/admin/plans/\(Self.both)/approvals")
        #expect(all.text.contains("of globex alone") && all.text.contains("as agreed"), "\(all.text)")
    }

    @Test func `a word that is given again is the same word, also from two at once, until it is over`() throws {
        try wait(Self.acme, orgs: #""acme""#)
        let first = try approve(Self.acme, as: AdminScene.secret("acme", "security"))
        let again = try approve(Self.acme, as: AdminScene.secret("acme", "security"))
        #expect(first.status == 201 && again.status == 201 && first.body == again.body, "\(again.text)")
        #expect(try given().count == 1)
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'plan.approved'") == ["1"])
        #expect(try scene.sql("SELECT count(*) FROM charter.event WHERE type = 'plan.approved'") == ["1"])
        let database = scene.database
        @Sendable func give(_ digest: String, within: Duration = .seconds(3_600)) throws -> Bool {
            try Connection(database).transaction { transaction in
                try Approvals.add(
                    transaction, digest: digest, unit: "default", org: "acme", member: "security", reason: "", within: within
                ).isRepeated
            }
        }
        let repeated = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            if (try? give(Self.both)) == true { repeated.withLock { $0 += 1 } }
        }
        #expect(repeated.withLock { $0 } == 7)
        #expect(try !give(Self.platform, within: .milliseconds(1)))
        try eventually(within: .seconds(10), "it is over") { try !give(Self.platform) }
    }

    @Test func `the platform's path is for who runs the platform, and a word is always a member's`() throws {
        try wait(Self.platform, orgs: #""-""#)
        #expect(try approve(Self.platform, in: nil, as: AdminScene.secret("acme", "security")).status == 403)
        let answer = try approve(Self.platform, in: nil, as: AdminScene.secret("acme", "system-admin"))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try given() == ["acme/system-admin c3c3"])
        let local = try scene.callLocally(.post, "/v1/admin/plans/\(Self.platform)/approvals", body: #"{"reason":"mine"}"#)
        #expect(local.status == 403 && local.text.contains("member"), "\(local.text)")
    }

    @Test(arguments: [("{}", 422), (#"{"reason":"x","for_seconds":0}"#, 422), (#"{"reason":"x","member":"admin"}"#, 422)])
    func `what a caller may not say is refused`(body: String, status: Int) throws {
        try wait(Self.acme, orgs: #""acme""#)
        #expect(try approve(Self.acme, as: AdminScene.secret("acme", "security"), body: body).status == status)
        #expect(try given() == [])
    }
}
