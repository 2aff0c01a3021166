import Reconciler
import TestKit
import Testing

/// Commits signed by the real `gpg`.
@Suite(.enabled(if: GnuPG.installed != nil, "gpg is not installed")) struct OpenPGPTests {
    let home: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        home = try TemporaryDirectory()
        repository = try TestRepository()
        try gpg("--quick-gen-key", "--passphrase", "", "Mira <mira@example.com>", "ed25519", "sign", "never")
    }

    @discardableResult
    private func gpg(_ words: String...) throws -> String {
        let outcome = try Subprocess.run(["gpg", "--homedir", home.path, "--batch", "--yes"] + words)
        guard outcome.code == 0 else { throw Unexpected() }
        return outcome.output
    }

    private func policy(_ names: [String] = ["mira"]) throws -> String {
        let signers = try names.map { name in
            let key = try Subprocess.run(["sh", "-c", "gpg --homedir \(home.path) --batch --export \(name)@example.com | base64 -w0"])
            return "    - { name: \(name), openpgp: \(key.output) }\n"
        }
        return """
            apiVersion: charter/v1
            kind: Repository
            spec:
              signatures: { required: require }
              signers:
            \(signers.joined())
            """
    }

    @Test func `a commit signed by gpg is applied, and refused without gpg`() throws {
        let scene = try Scene([:])
        defer { _ = try? Subprocess.run(["gpgconf", "--homedir", home.path, "--kill", "all"]) }
        for (path, text) in Declared.platform { try scene.repository.write(text, to: path) }
        try scene.repository.write(policy(), to: "charter.yaml")
        try commit(scene, "First")
        let without = try scene.charter("apply", environment: ["PATH": "/nonexistent"])
        #expect(without.code == 1)
        #expect((without.output + without.errors).contains("gpg is not installed"))
        let outcome = try scene.charter("apply")
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
        #expect(try scene.charter("status").output.contains("signed by mira ("))
        try gpg("--quick-gen-key", "--passphrase", "", "Mallory <mallory@example.com>", "ed25519", "sign", "never")
        try commit(scene, "Second", by: "mallory@example.com")
        #expect(try scene.charter("apply").output.contains("CH4003"))
    }

    @Test func `a commit by an expired key, a revoked key or an unknown key is refused`() throws {
        defer { _ = try? Subprocess.run(["gpgconf", "--homedir", home.path, "--kill", "all"]) }
        let then = "--faked-system-time=20200101T000000!"
        try gpg(then, "--quick-gen-key", "--passphrase", "", "Old <old@example.com>", "ed25519", "sign", "7d")
        try gpg("--quick-gen-key", "--passphrase", "", "Gone <gone@example.com>", "ed25519", "sign", "never")
        try gpg("--quick-gen-key", "--passphrase", "", "Mallory <mallory@example.com>", "ed25519", "sign", "never")
        let revocation = try home.write(revocation(of: "gone@example.com"), to: "revocation")
        let scene = try Scene([:])
        for (path, text) in Declared.platform { try scene.repository.write(text, to: path) }
        // Made before the key is revoked, as gpg signs nothing with it later.
        try scene.repository.git("checkout", "-q", "--orphan", "later")
        try commit(scene, "By who is gone", by: "gone@example.com")
        let byRevoked = try scene.repository.git("rev-parse", "HEAD")
        try scene.repository.git("symbolic-ref", "HEAD", "refs/heads/main")
        try gpg("--import", revocation)
        try scene.repository.write(policy(["mira", "old", "gone"]), to: "charter.yaml")
        try commit(scene, "First")
        #expect(try scene.charter("apply").code == 0)
        try commit(scene, "By an expired key", by: "old@example.com", options: then)
        try expect(scene, "CH4002", "its key has expired")
        try commit(scene, "By an unknown key", by: "mallory@example.com")
        try expect(scene, "CH4003", "")
        // Its history is of no matter here, only who signed the tip.
        try scene.repository.git("update-ref", "refs/heads/main", byRevoked)
        let outcome = try scene.charter("apply", "--allow-rewrite", "--allow-mass-delete")
        #expect(outcome.code == 1 && outcome.output.contains("CH4002") && outcome.output.contains("its key was revoked"), "\(outcome.output)\(outcome.errors)")
        #expect(try scene.sql("SELECT max(id) FROM charter.revision") == ["1"])
    }

    private func expect(_ scene: Scene, _ code: String, _ reason: String) throws {
        let outcome = try scene.charter("apply")
        #expect(outcome.code == 1 && outcome.output.contains(code) && (reason.isEmpty || outcome.output.contains(reason)), "\(outcome.output)\(outcome.errors)")
    }

    /// The certificate that gpg makes beside each key, whose first line is spoilt so that nobody imports it by mistake.
    private func revocation(of user: String) throws -> String {
        let fingerprint = try gpg("--with-colons", "--list-keys", user).split(separator: "\n").first { $0.hasPrefix("fpr:") }
        let name = try #require(fingerprint?.split(separator: ":").last)
        return home.read("openpgp-revocs.d/\(name).rev").replacing(":-----BEGIN", with: "-----BEGIN")
    }

    private func commit(
        _ scene: Scene, _ message: String, by user: String = "mira@example.com", options: String = ""
    ) throws {
        let program = try home.write("#!/bin/sh\nexec gpg --homedir '\(home.path)' --batch \(options) \"$@\"\n", to: "sign")
        try scene.repository.shell("chmod 700 '\(program)'")
        try scene.repository.git("add", "-A")
        try scene.repository.git(
            "-c", "gpg.program=\(program)", "-c", "user.signingkey=\(user)", "commit", "-q", "-S", "--allow-empty", "-m", message)
    }
}
