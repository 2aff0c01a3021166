import Reconciler
import TestKit
import Testing

/// CVE-2026-23990: who is nobody, or holds nothing, has no right, and least of all that of the program itself.
struct EmptyIdentityTests {
    /// A plan that waits for an approval, beside a member of these roles; nil where that is a mistake.
    private func waiting(_ roles: String) throws -> (scene: Scene, digest: String)? {
        let ghost = "apiVersion: charter/v1\nkind: Member\nmetadata: { name: ghost }\nspec: { email: ghost@example.com\(roles) }\n"
        let it: GuardScene
        do { it = try GuardScene("sync: proposals", ["orgs/acme/ghost.yaml": ghost]) } catch is Rejected { return nil }
        try it.scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        return (it.scene, try #require(try it.blocked()).digest)
    }

    private func expectRefused(_ waiting: (scene: Scene, digest: String), as who: String) throws {
        let outcome = try waiting.scene.charter("approve", waiting.digest, "--as", who, "--reason", "x")
        #expect(outcome.code != 0 && !outcome.errors.isEmpty, "\(who): \(outcome)")
        #expect(try waiting.scene.sql("SELECT count(*) FROM charter.approval") == ["0"], "\(who)")
        #expect(try waiting.scene.charter("apply").code == 1)
    }

    @Test(arguments: ["", ", roles: []", ", roles: null", ", roles: [\"\"]", ", roles: [null]", ", roles: \"\""])
    func `a member with empty, null or missing roles is a mistake or may do nothing`(roles: String) throws {
        guard let waiting = try waiting(roles) else { return }
        try expectRefused(waiting, as: "acme/ghost")
    }

    @Test func `an empty, null or missing organization or member is nobody`() throws {
        let waiting = try #require(try waiting(", roles: [developer]"))
        for who in ["", "/", "acme/", "/ada", "-/ada", "null/ada", "acme/null", "acme/ ", "ada", "acme//ada", "acme/ada/"] {
            try expectRefused(waiting, as: who)
        }
        let allowed = try waiting.scene.charter("approve", waiting.digest, "--as", "acme/ada", "--reason", "x")
        #expect(allowed.code != 2, "the right form is understood: \(allowed)")
    }
}
