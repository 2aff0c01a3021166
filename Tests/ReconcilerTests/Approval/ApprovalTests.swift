import Reconciler
import Spec
import Store
import TestKit
import Testing

/// Words by which members let a blocked plan pass.
struct ApprovalTests {
    private static let members =
        Declared.member("ada", roles: "[admin]") + "---\n" + Declared.member("bo", roles: "[developer]") + "---\n"
        + Declared.member("sec", roles: "[security]") + "---\n" + Declared.member("cy", roles: "[org-admin]")

    private static func scene(_ rules: String = "") throws -> GuardScene {
        try GuardScene("protect: [{ kinds: [Project] }]\n" + rules, ["orgs/acme/members.yaml": members])
    }

    private func deleteProject(_ it: GuardScene) throws -> BlockedPlan {
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        return try #require(try it.blocked())
    }

    private func approve(_ it: GuardScene, _ digest: String, as who: String, _ more: String...) throws -> Subprocess.Outcome {
        let words = ["approve", digest, "--as", who, "--reason", "as agreed"] + more
        return try Subprocess.run(
            [Programs.charter] + words, environment: ["CHARTER_DATABASE_URL": it.scene.database, "SWIFT_BACKTRACE": "enable=no"])
    }

    @Test func `a member with plan approve lets just this plan pass, and the audit keeps who`() throws {
        let it = try Self.scene()
        let plan = try deleteProject(it)
        #expect(plan.text.contains("to let it pass: charter approve \(plan.digest.prefix(16)) --as ORGANIZATION/MEMBER"))
        #expect(try it.scene.charter("plan").output.contains("To let it pass: charter approve \(plan.digest.prefix(16))"))
        let status = try it.scene.charter("status")
        #expect(status.output.contains("blocked    ") && status.output.contains("[G1006]"), "\(status.output)")
        #expect(try it.scene.sql("SELECT blocks->0->'orgs'->>0 FROM charter.waiting_plan") == ["acme"], "whose affair it is")
        let approval = try approve(it, String(plan.digest.prefix(16)), as: "acme/sec")
        #expect(approval.code == 0, "\(approval.errors)")
        #expect(approval.output.contains("acme/sec approves plan \(plan.digest.prefix(16)) of unit default"))
        #expect(try it.codes() == [])
        #expect(try it.revision() == "2")
        #expect(try it.audit("plan.approved").first?.hasPrefix("acme/sec {") == true)
        #expect(try it.audit("plan.passed").first?.contains(#""by":["acme/sec"],"operator":false"#) == true)
        #expect(try it.scene.sql("SELECT count(*) FROM charter.waiting_plan") == ["0"])
    }

    @Test func `an approval does not carry over to a commit that changes more`() throws {
        let it = try Self.scene()
        let plan = try deleteProject(it)
        #expect(try approve(it, plan.digest, as: "acme/sec").code == 0)
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        #expect(try it.codes() == ["G1006"])
        try it.scene.repository.git("revert", "--no-edit", "HEAD")
        #expect(try it.codes() == [], "a newer commit that asks for the same")
    }

    @Test(arguments: [
        ("acme/bo", "none of the member's roles has plan.approve"), ("acme/ghost", "no such member is applied"),
        ("acme/ada", "acme/ada is the author of what it would let pass"),
    ])
    func `who may not approve is refused with the reason`(who: String, reason: String) throws {
        let it = try Self.scene()
        let plan = try deleteProject(it)
        let refused = try approve(it, plan.digest, as: who)
        #expect(refused.code == 1)
        #expect(refused.errors.contains(reason), "\(refused.errors)")
        #expect(try approve(it, plan.digest, as: who).code == 1)
        let kept = try it.audit("plan.approval_refused")
        #expect(kept.count == 1 && kept[0].hasPrefix("\(who) {") && kept[0].contains(reason), "the second within a minute adds none: \(kept)")
        #expect(try it.codes() == ["G1006"])
    }

    @Test func `the author may approve where the rules allow it`() throws {
        let it = try Self.scene("approvals: { author: allow }")
        let plan = try deleteProject(it)
        #expect(try approve(it, plan.digest, as: "acme/ada").code == 0)
        #expect(try it.codes() == [])
    }

    @Test func `whether a word counts is asked again when the plan is applied`() throws {
        let it = try Self.scene()
        let plan = try deleteProject(it)
        for who in ["ada", "bo"] {
            try it.scene.sql(
                """
                INSERT INTO charter.approval (digest, unit, org, member, reason, expires_at)
                VALUES ('\(plan.digest)', 'default', 'acme', '\(who)', 'x', now() + interval '1 hour')
                """)
        }
        try it.scene.sql(
            """
            INSERT INTO charter.approval (digest, unit, org, member, reason, at, expires_at)
            VALUES ('\(plan.digest)', 'default', 'acme', 'sec', 'x', now() - interval '2 days', now() - interval '1 day')
            """)
        let blocked = try #require(try it.blocked())
        #expect(blocked.remarks.count == 3)
        for reason in ["is the author", "has plan.approve", "it has expired"] {
            #expect(blocked.text.contains(reason), "\(blocked.text)")
        }
        #expect(try it.scene.charter("status").output.contains("does not count: it has expired"))
    }

    @Test func `as many different members as the rules ask for must agree`() throws {
        let it = try Self.scene("approvals: { count: 2 }")
        let plan = try deleteProject(it)
        for _ in 1...2 { #expect(try approve(it, plan.digest, as: "acme/sec").code == 0) }
        #expect(try it.blocked()?.remarks == ["1 of the 2 approvals that charter.yaml asks for is given"])
        #expect(try approve(it, plan.digest, as: "acme/cy").code == 0)
        #expect(try it.codes() == [])
    }

    @Test func `nobody lets pass what is another organization's`() throws {
        let it = try GuardScene(
            "protect: [{ kinds: [Project] }]",
            [
                "orgs/acme/members.yaml": Self.members, "orgs/globex/p.yaml": Declared.project("p", "P"),
                "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: {}\n",
                "orgs/globex/m.yaml": Declared.member("gil", roles: "[admin]") + "---\n" + Declared.member("root", roles: "[system-admin]"),
                "orgs/initech/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: initech }\nspec: {}\n",
                // Over nobody else, since it is the organization's own role.
                "orgs/initech/m.yaml": Declared.member("ike", roles: "[system-admin]")
                    + "---\napiVersion: charter/v1\nkind: Role\nmetadata: { name: system-admin }\nspec: { permissions: [plan.approve] }\n",
            ])
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        let plan = try #require(try it.blocked())
        #expect(try approve(it, plan.digest, as: "initech/ike").code == 0)
        #expect(try it.blocked() != nil)
        #expect(try approve(it, plan.digest, as: "globex/gil").code == 0)
        let remarks = try it.blocked()?.remarks.first ?? ""
        #expect(remarks.contains("does not count for acme: that needs a member there with plan.approve"), "\(remarks)")
        #expect(try approve(it, plan.digest, as: "globex/root").code == 0)
        #expect(try it.codes() == [])
    }

    @Test func `an unknown digest is refused, and one too short`() throws {
        let it = try Self.scene()
        _ = try deleteProject(it)
        for digest in ["0123456789ab", "0"] {
            let refused = try approve(it, digest, as: "acme/sec")
            #expect(refused.code == 1 && refused.errors.contains("no plan waits whose digest begins with"))
        }
        #expect(try it.scene.charter("approve").code == 2)
        #expect(try it.scene.charter("approve", "0123456789ab", "--as", "sec", "--reason", "x").code == 2)
    }

    @Test func `the operator at the terminal answers for one plan, and the audit says so`() throws {
        let it = try Self.scene()
        let plan = try deleteProject(it)
        let other = try it.scene.charter("apply", "--approve", "0123456789abcdef")
        #expect(other.code == 1 && other.errors.contains("does not name this plan, which is \(plan.digest.prefix(16))"))
        #expect(try it.scene.charter("apply", "--approve", String(plan.digest.prefix(16))).code == 0)
        #expect(try it.audit("plan.passed").first?.contains(#""operator":true"#) == true)
    }

    @Test func `a flag that lets deletions pass is kept in the audit`() throws {
        let it = try GuardScene("guards: { deletions: { count: 0 } }")
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        #expect(try it.scene.charter("apply", "--allow-mass-delete").code == 0)
        let rows = try it.audit("plan.passed")
        #expect(rows.count == 1 && rows[0].contains("G1002") && rows[0].contains("would delete 1 of 6 resources"))
    }

    @Test func `charter watch applies what waits as soon as it is approved`() throws {
        let it = try Self.scene()
        let watch = try it.scene.start("watch")
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        try eventually(within: .seconds(10), "the block") { watch.errors.contains(" blocked ") }
        let digest = try it.scene.sql("SELECT digest FROM charter.waiting_plan")[0]
        #expect(try approve(it, digest, as: "acme/sec").code == 0)
        try eventually(within: .seconds(5), "the revision") { try it.revision() == "2" }
    }

    // MARK: Modes

    @Test func `sync proposals makes each commit wait for an approval`() throws {
        let it = try GuardScene("sync: proposals", ["orgs/acme/members.yaml": Self.members])
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        let plan = try #require(try it.blocked())
        #expect(plan.blocks.map(\.code) == ["G1011"])
        #expect(try approve(it, plan.digest, as: "acme/sec").code == 0)
        #expect(try it.codes() == [])
    }

    @Test func `sync manual waits for charter apply, whatever the commit says of it`() throws {
        let it = try GuardScene("sync: manual")
        let watch = try it.scene.start("watch", "--lease", "1s")
        try it.scene.repository.commit([
            "charter.yaml": GuardScene.charter("sync: auto"),
            "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month"),
        ])
        try eventually(within: .seconds(10), "the wait") { watch.errors.contains("G1012") }
        #expect(try it.revision() == "1")
        #expect(try it.scene.charter("status").output.contains("to let it pass: charter apply\n"))
        #expect(try it.scene.charter("apply").code == 0)
        #expect(try it.revision() == "2")
        #expect(try it.audit("plan.passed").isEmpty)
    }
}
