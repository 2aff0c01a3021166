import Reconciler
import Spec
import Store
import TestKit
import Testing

/// Plans let pass by a line in a signed commit.
struct SignedApprovalTests {
    let signed: SignedScene
    let it: Scene

    init() throws {
        signed = try SignedScene("protect: [{ kinds: [Project] }]")
        it = signed.scene
        try it.repository.git("rm", "-q", "orgs/acme/projects/search.yaml")
        try signed.commit(signedBy: signed.sam)
    }

    private func blocked() throws -> BlockedPlan? {
        do {
            _ = try it.apply()
            return nil
        } catch Trouble.humanMustConfirm(let plan) {
            return plan
        }
    }

    private func approve(_ digest: some StringProtocol, by key: SigningKey?, mail: String) throws {
        let signature = key.map { ["-c", "user.signingkey=\($0.path)", "commit", "-S"] } ?? ["commit", "--no-gpg-sign"]
        try it.repository.git(
            signature + ["-q", "--allow-empty", "--author", "Somebody <\(mail)>", "-m", "Approve\n\nCharter-Approve: \(digest)"])
    }

    @Test func `a line signed by another signer than the author lets the plan pass`() throws {
        let plan = try #require(try blocked())
        try approve(plan.digest.prefix(16), by: signed.bo, mail: "bo@example.com")
        #expect(try blocked() == nil)
        let by = try it.sql("SELECT detail FROM charter.audit WHERE action = 'plan.passed'")
        #expect(by.first?.contains("the signer bo") == true)
    }

    @Test func `a line by the author, unsigned or for another plan does not`() throws {
        let plan = try #require(try blocked())
        try approve(plan.digest, by: signed.sam, mail: "other@example.com")
        #expect(try blocked()?.text.contains("the signer sam is the author") == true)
        try approve(plan.digest, by: nil, mail: "bo@example.com")
        #expect(try blocked()?.text.contains("has no good signature of a signer that is applied") == true)
        try approve(String(repeating: "0", count: 64), by: signed.bo, mail: "bo@example.com")
        #expect(try blocked() != nil)
    }
}
