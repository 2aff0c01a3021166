import Reconciler
import Store
import TestKit
import Testing

/// Commits signed by the real `git commit -S`, and what becomes of those that are not.
struct SignatureTests {
    private static let require = "signatures: { required: require }"

    @Test func `a signed commit is applied, and status names signer and fingerprint`() throws {
        let signed = try SignedScene(Self.require)
        try signed.changeBudget(7, signedBy: signed.bo)
        #expect(try signed.refusal() == [])
        let status = try signed.scene.charter("status").output
        #expect(status.contains("signed by bo (\(try signed.bo.fingerprint))"), "\(status)")
        #expect(try signed.scene.charter("status", "--json").output.contains(#""signature":"good","signers":["bo"]"#))
    }

    @Test func `an unsigned commit is refused and recorded, and the last good revision stays`() throws {
        let signed = try SignedScene(Self.require)
        let bad = try signed.changeBudget(7, signedBy: nil)
        #expect(try signed.refusal() == ["CH4001"])
        #expect(try signed.scene.sql("SELECT max(id) FROM charter.revision") == ["1"])
        #expect(try signed.scene.sql("SELECT rejected_commit FROM charter.unit") == [bad])
        let status = try signed.scene.charter("status").output
        #expect(status.contains("not signed, refused") && status.contains("[CH4001]"), "\(status)")
        #expect(try signed.scene.charter("plan").code == 1)
        try signed.changeBudget(8, signedBy: signed.sam)
        #expect(try signed.refusal() == [])
        #expect(try !signed.scene.charter("status").output.contains("rejected"))
    }

    @Test func `a commit that adds its own signer and signs with it is refused`() throws {
        let signed = try SignedScene(Self.require)
        let mallory = try SigningKey()
        let policy = signed.policy(Self.require, also: [("mallory", mallory)])
        try signed.commit(["charter.yaml": policy], signedBy: mallory)
        #expect(try signed.refusal() == ["CH4003"])
        try signed.commit(["charter.yaml": policy + "  drift: correct\n"], signedBy: signed.sam)
        #expect(try signed.refusal() == [])
        try signed.changeBudget(7, signedBy: mallory)
        #expect(try signed.refusal() == [])
    }

    @Test func `a commit that takes the demand away needs the signature it takes away`() throws {
        let signed = try SignedScene(Self.require)
        try signed.commit(["charter.yaml": signed.policy("signatures: { required: off }")], signedBy: nil)
        #expect(try signed.refusal() == ["CH4001"])
    }

    @Test func `a signature over another tree proves nothing`() throws {
        let signed = try SignedScene(Self.require)
        try signed.changeBudget(7, signedBy: signed.sam)
        try signed.scene.repository.write(Declared.budget("team", hard: "9 USD/month"), to: "orgs/acme/budgets/team.yaml")
        try signed.scene.repository.git("add", "-A")
        try signed.scene.repository.shell(
            """
            G="git --git-dir '\(signed.scene.repository.path)'"
            tree=$(eval $G --work-tree . write-tree)
            new=$(eval $G cat-file commit HEAD | sed "s/^tree .*/tree $tree/" | eval $G hash-object -t commit -w --stdin)
            eval $G update-ref refs/heads/main $new
            """)
        #expect(try signed.refusal() == ["CH4002"])
    }

    @Test func `a signed tag does not speak for an unsigned commit`() throws {
        let signed = try SignedScene(Self.require)
        try signed.changeBudget(7, signedBy: nil)
        try signed.scene.repository.git("-c", "user.signingkey=\(signed.sam.path)", "tag", "-s", "-m", "One", "v1")
        #expect(try signed.refusal() == ["CH4001"])
    }

    @Test func `only the tip is asked for its signature, or every commit`() throws {
        let tip = try SignedScene(Self.require)
        try tip.changeBudget(7, signedBy: nil)
        try tip.changeBudget(8, signedBy: tip.sam)
        #expect(try tip.refusal() == [])
        let every = try SignedScene("signatures: { required: require, check: every }")
        try every.changeBudget(7, signedBy: nil)
        try every.changeBudget(8, signedBy: every.sam)
        #expect(try every.refusal() == ["CH4001"])
    }

    @Test func `a warning is said, and the commit applied`() throws {
        let signed = try SignedScene("signatures: { required: warn }")
        try signed.changeBudget(7, signedBy: nil)
        #expect(try signed.scene.charter("plan").output.contains("Warning: "))
        #expect(try signed.refusal() == [])
        #expect(try signed.scene.sql("SELECT outcome FROM charter.verification") == ["warned"])
        #expect(try signed.scene.charter("status").output.contains("warning: "))
    }

    @Test func `the first commit is judged by its own rules`() throws {
        let signed = try SignedScene(Self.require, isApplied: false)
        try signed.changeBudget(7, signedBy: nil)
        #expect(try signed.refusal() == ["CH4001"])
        try signed.changeBudget(8, signedBy: signed.bo)
        #expect(try signed.refusal() == [])
    }

    @Test func `a person may answer for one commit, by its full name and on record`() throws {
        let signed = try SignedScene(Self.require)
        let lost = try signed.changeBudget(7, signedBy: nil)
        #expect(try signed.scene.charter("apply", "--accept-unverified", String(lost.prefix(12))).code == 1)
        #expect(try signed.scene.charter("apply", "--accept-unverified", lost).code == 0)
        #expect(try signed.scene.sql("SELECT action || ' ' || subject FROM charter.audit WHERE action NOT LIKE 'revision.%'") == ["verification.accepted \(lost)"])
        #expect(try signed.scene.charter("status").output.contains("accepted by hand"))
        #expect(try signed.refusal() == [], "what is applied is not judged again")
    }

    @Test func `the same commit applied twice writes nothing`() throws {
        let signed = try SignedScene(Self.require)
        let rows = try signed.scene.sql("SELECT xmin || v::text FROM charter.verification v")
        #expect(try signed.refusal() == [])
        #expect(try signed.scene.sql("SELECT xmin || v::text FROM charter.verification v") == rows)
    }
}
