import Reconciler
import TestKit
import Testing

/// Rules of `owners` that name signers.
struct PathSignerTests {
    private static let rules = "owners: [{ paths: [\"orgs/acme/budgets/**\"], signers: [sam] }]"

    private static let defaults = "apiVersion: charter/v1\nkind: Budget\nspec: { zone: Europe/Berlin }\n"

    @Test func `a change there needs one of its signers, elsewhere nobody's`() throws {
        let signed = try SignedScene(Self.rules)
        try signed.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], signedBy: nil)
        #expect(try signed.refusal() == [])
        try signed.changeBudget(7, signedBy: signed.bo)
        #expect(try signed.refusal() == ["CH4005"])
        try signed.changeBudget(8, signedBy: signed.sam)
        #expect(try signed.refusal() == [], "who signs the tip vouches for the whole of it")
    }

    @Test func `who signed the change counts, not who committed after`() throws {
        let signed = try SignedScene(Self.rules)
        try signed.changeBudget(7, signedBy: signed.sam)
        try signed.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], signedBy: nil)
        #expect(try signed.refusal() == [])
    }

    @Test func `a change of the rules needs a trusted signer although no rule says so`() throws {
        let signed = try SignedScene(Self.rules)
        try signed.commit(["charter.yaml": signed.policy("drift: report")], signedBy: nil)
        #expect(try signed.refusal() == ["CH4005"])
        try signed.commit(signedBy: signed.bo)
        #expect(try signed.refusal() == [])
    }

    @Test func `defaults that reach a guarded file are guarded with it`() throws {
        let signed = try SignedScene(Self.rules)
        try signed.commit(["orgs/acme/_defaults.yaml": Self.defaults], signedBy: signed.bo)
        #expect(try signed.refusal() == ["CH4005"])
        try signed.commit(signedBy: signed.sam)
        #expect(try signed.refusal() == [])
    }

    @Test func `a rule for a file that is gone binds no defaults above it any more`() throws {
        let signed = try SignedScene("owners: [{ paths: [orgs/acme/budgets/extra.yaml], signers: [sam] }]")
        try signed.commit(["orgs/acme/budgets/extra.yaml": Declared.budget("extra", hard: "1 USD/month")], signedBy: signed.sam)
        #expect(try signed.refusal() == [])
        try signed.commit(["orgs/acme/_defaults.yaml": Self.defaults], signedBy: nil)
        #expect(try signed.refusal() == ["CH4005"])
        try signed.scene.repository.git("rm", "-q", "orgs/acme/budgets/extra.yaml", "orgs/acme/_defaults.yaml")
        try signed.commit(signedBy: signed.sam)
        #expect(try signed.refusal() == [])
        try signed.commit(["orgs/acme/_defaults.yaml": Self.defaults], signedBy: nil)
        guard case .planned = try signed.scene.plan() else { throw Unexpected() }
        #expect(try signed.refusal() == [])
    }

    @Test func `a merge that takes an older file back answers for it`() throws {
        let signed = try SignedScene(Self.rules)
        let repository = signed.scene.repository
        try repository.git("branch", "old")
        try signed.changeBudget(7, signedBy: signed.sam)
        #expect(try signed.refusal() == [])
        try repository.git("checkout", "-q", "old")
        try signed.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], signedBy: nil)
        try repository.git("checkout", "-q", "main")
        try repository.git("merge", "-q", "--no-ff", "--no-commit", "old")
        try repository.git("checkout", "old", "--", "orgs/acme/budgets/team.yaml")
        try signed.commit(signedBy: nil, message: "Merge")
        #expect(try signed.refusal() == ["CH4005"])
    }

    @Test func `a clean merge of a signed change needs no further signature`() throws {
        let signed = try SignedScene(Self.rules)
        let repository = signed.scene.repository
        try repository.git("checkout", "-q", "-b", "side")
        try signed.changeBudget(7, signedBy: signed.sam)
        try repository.git("checkout", "-q", "main")
        try signed.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], signedBy: nil)
        try repository.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
        #expect(try signed.refusal() == [])
    }

    @Test func `a rewritten branch that drops a signed change needs the signature too`() throws {
        let signed = try SignedScene(Self.rules + "\nhistory: any")
        try signed.changeBudget(7, signedBy: signed.sam)
        #expect(try signed.refusal() == [])
        try signed.scene.repository.git("reset", "-q", "--hard", "HEAD~1")
        try signed.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], signedBy: nil)
        #expect(try signed.refusal() == ["CH4005"])
    }
}
