import TestKit
import Testing

@testable import Reconciler

/// That each person's word counts once, whichever way and how often it is given, and for as long as it should.
struct DistinctApproverTests {
    private func approve(_ scene: Scene, _ digest: String, as who: String, _ more: String...) throws -> Subprocess.Outcome {
        try Subprocess.run(
            [Programs.charter, "approve", digest, "--as", who, "--reason", "x"] + more,
            environment: ["CHARTER_DATABASE_URL": scene.database, "SWIFT_BACKTRACE": "enable=no"])
    }

    private static func member(_ name: String, _ roles: String, mail: String) -> String {
        Declared.member(name, roles: roles).replacing("\(name)@example.com", with: mail)
    }

    @Test func `members of two organizations with one address are one person`() throws {
        let it = try GuardScene(
            "protect: [{ kinds: [Project] }]\napprovals: { count: 2 }",
            [
                "orgs/acme/sec.yaml": Self.member("sec", "[system-admin]", mail: "Sec@Example.com"),
                "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: {}\n",
                "orgs/globex/m.yaml": Declared.member("gil", roles: "[admin]") + "---\n"
                    + Self.member("root", "[system-admin]", mail: "sec@example.com") + "---\n"
                    + Self.member("zed", "[system-admin]", mail: "zed@example.com"),
            ])
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        let plan = try #require(try it.blocked())
        #expect(try approve(it.scene, plan.digest, as: "acme/sec").code == 0)
        #expect(try approve(it.scene, plan.digest, as: "globex/root").code == 0)
        #expect(
            try it.blocked()?.remarks == [
                "1 of the 2 approvals that charter.yaml asks for is given, as who shares an address counts once"
            ])
        #expect(try approve(it.scene, plan.digest, as: "globex/zed").code == 0)
        #expect(try it.codes() == [])
    }

    /// With sam and bo as signers and members, and a project whose deletion needs two.
    private func signed() throws -> (SignedScene, BlockedPlan) {
        let signed = try SignedScene("protect: [{ kinds: [Project] }]\napprovals: { count: 2 }")
        try signed.commit(
            [
                "orgs/acme/members.yaml": Declared.member("ada", roles: "[admin]") + "---\n" + Declared.member("bo", roles: "[security]")
                    + "---\n" + Declared.member("sam", roles: "[security]") + "---\n" + Declared.member("cy", roles: "[security]")
            ], signedBy: signed.sam)
        guard case .applied = try signed.scene.apply() else { throw Unexpected() }
        try signed.scene.repository.git("rm", "-q", "orgs/acme/projects/search.yaml")
        try signed.commit(signedBy: signed.sam)
        return (signed, try #require(try blocked(signed)))
    }

    private func blocked(_ signed: SignedScene) throws -> BlockedPlan? {
        do {
            _ = try signed.scene.apply()
            return nil
        } catch Trouble.humanMustConfirm(let plan) {
            return plan
        }
    }

    private func approve(_ signed: SignedScene, _ digest: String, by key: SigningKey, mail: String) throws {
        try signed.scene.repository.git([
            "-c", "user.signingkey=\(key.path)", "commit", "-S", "-q", "--allow-empty", "--author", "Somebody <\(mail)>", "-m",
            "Approve\n\nCharter-Approve: \(digest)",
        ])
    }

    @Test func `a row and a line of one person are one word, whatever address the line's commit gives`() throws {
        for mail in ["bo@example.com", "other@example.com"] {
            let (signed, plan) = try signed()
            try approve(signed, plan.digest, by: signed.bo, mail: mail)
            #expect(try approve(signed.scene, plan.digest, as: "acme/bo").code == 0)
            #expect(try blocked(signed)?.text.contains("1 of the 2 approvals") == true)
            #expect(try approve(signed.scene, plan.digest, as: "acme/cy").code == 0)
            #expect(try blocked(signed) == nil)
        }
    }

    @Test func `who signed the change is its author, whatever address its commit gives`() throws {
        let signed = try SignedScene("protect: [{ kinds: [Project] }]")
        try signed.commit(
            ["orgs/acme/sam.yaml": Declared.member("sam", roles: "[security]"), "orgs/acme/cy.yaml": Declared.member("cy", roles: "[security]")],
            signedBy: signed.sam)
        guard case .applied = try signed.scene.apply() else { throw Unexpected() }
        try signed.scene.repository.git("rm", "-q", "orgs/acme/projects/search.yaml")
        try signed.scene.repository.git([
            "-c", "user.signingkey=\(signed.sam.path)", "commit", "-S", "-q", "--author", "Nobody <nobody@example.com>", "-m", "x",
        ])
        let plan = try #require(try blocked(signed))
        _ = try approve(signed.scene, plan.digest, as: "acme/sam")
        #expect(try blocked(signed)?.text.contains("acme/sam is the author of what it would let pass") == true)
        #expect(try approve(signed.scene, plan.digest, as: "acme/cy").code == 0)
        #expect(try blocked(signed) == nil)
    }

    @Test func `putting rows right voids no approval`() throws {
        let it = try GuardScene("protect: [{ kinds: [Project] }]", ["orgs/acme/sec.yaml": Declared.member("sec", roles: "[security]")])
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        let plan = try #require(try it.blocked())
        #expect(try approve(it.scene, plan.digest, as: "acme/sec").code == 0)
        try it.scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        let session = try it.scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(10)))
        #expect(try session.correct(token: token)?.count == 1)
        #expect(try it.revision() == "2")
        #expect(try it.codes() == [])
        #expect(try it.revision() == "3")
    }

    @Test func `a member of one unit's organization approves what another unit waits with, by that unit's rules`() throws {
        let it = try GuardScene("approvals: { author: allow }", ["orgs/acme/sec.yaml": Declared.member("sec", roles: "[security]")])
        let other = try TestRepository()
        let rules = GuardScene.charter("sync: proposals\napprovals: { from: [trailer] }").replacing("name: test", with: "name: other")
        try other.commit(["charter.yaml": rules, "orgs/acme/two.yaml": Declared.project("two", "Two")])
        #expect(try it.scene.charter("apply", "--unit", "other", "--repo", other.path).code == 0)
        try other.commit(["orgs/acme/two.yaml": Declared.project("two", "Zwei")])
        #expect(try it.scene.charter("apply", "--unit", "other", "--repo", other.path).code == 1)
        let digest = try it.scene.sql("SELECT digest FROM charter.waiting_plan WHERE unit = 'other'")[0]
        let refused = try approve(it.scene, digest, as: "acme/sec")
        #expect(refused.code == 1 && refused.errors.contains("charter.yaml takes approvals only from trailer"), "\(refused.errors)")
        try other.commit(["charter.yaml": rules.replacing("trailer", with: "console"), "orgs/acme/two.yaml": Declared.project("two", "Two")])
        _ = try it.scene.charter("apply", "--unit", "other", "--repo", other.path)
        let next = try it.scene.sql("SELECT digest FROM charter.waiting_plan WHERE unit = 'other'")[0]
        #expect(try it.scene.charter("apply", "--unit", "other", "--repo", other.path, "--approve", next).code == 0)
        try other.commit(["orgs/acme/two.yaml": Declared.project("two", "Zwei")])
        #expect(try it.scene.charter("apply", "--unit", "other", "--repo", other.path).code == 1)
        let last = try it.scene.sql("SELECT digest FROM charter.waiting_plan WHERE unit = 'other'")[0]
        let approved = try approve(it.scene, last, as: "acme/sec")
        #expect(approved.code == 0, "\(approved.errors)")
        #expect(try it.scene.charter("apply", "--unit", "other", "--repo", other.path).code == 0)
    }

    @Test func `what another unit declares makes nobody an approver here`() throws {
        let it = try GuardScene(
            "protect: [{ kinds: [Project] }]",
            ["orgs/acme/people.yaml": Declared.member("cy", roles: "[developer]") + "---\n" + Declared.member("sec", roles: "[security]")])
        let other = try TestRepository()
        func role(_ name: String) -> String {
            "apiVersion: charter/v1\nkind: Role\nmetadata: { name: \(name) }\nspec: { permissions: [plan.approve] }\n"
        }
        try other.commit([
            "roles.yaml": role("developer") + "---\n" + role("ops"), "orgs/acme/mallory.yaml": Declared.member("mallory", roles: "[system-admin]"),
            "orgs/acme/clique.yaml":
                "apiVersion: charter/v1\nkind: Member\nmetadata: { name: clique }\nspec: { type: group, members: [cy], roles: [security] }\n",
            "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: {}\n",
            "orgs/globex/m.yaml": Declared.member("gil", roles: "[admin]") + "---\n" + Declared.member("root", roles: "[system-admin]"),
        ])
        let moved = try it.scene.charter("apply", "--unit", "other", "--repo", other.path)
        #expect(moved.code == 0, "\(moved.output)\(moved.errors)")
        // Whoever holds a role of theirs would be made an approver by their next commit.
        try it.scene.repository.commit(["orgs/acme/dee.yaml": Declared.member("dee", roles: "[ops]")])
        try it.scene.apply()
        try it.scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        let plan = try #require(try it.blocked())
        for who in ["mallory", "cy", "dee"] {
            let refused = try approve(it.scene, plan.digest, as: "acme/\(who)")
            #expect(refused.code == 1 && refused.errors.contains("acme/\(who) cannot approve it"), "\(refused.errors)")
        }
        #expect(try approve(it.scene, plan.digest, as: "globex/root").code == 0)
        #expect(try it.blocked()?.text.contains("does not count for acme") == true)
        #expect(try approve(it.scene, plan.digest, as: "acme/sec").code == 0)
        #expect(try it.codes() == [])
    }
}
