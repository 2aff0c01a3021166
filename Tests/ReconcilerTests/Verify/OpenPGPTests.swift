import Reconciler
import TestKit
import Testing

/// Commits signed by the real `gpg`, which the project's bootstrap does not demand.
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

    private func policy() throws -> String {
        let key = try Subprocess.run(["sh", "-c", "gpg --homedir \(home.path) --batch --export mira@example.com | base64 -w0"])
        return """
            apiVersion: charter/v1
            kind: Repository
            spec:
              signatures: { required: require }
              signers: [{ name: mira, openpgp: \(key.output) }]

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

    private func commit(_ scene: Scene, _ message: String, by user: String = "mira@example.com") throws {
        let program = try home.write("#!/bin/sh\nexec gpg --homedir '\(home.path)' --batch \"$@\"\n", to: "sign")
        try scene.repository.shell("chmod 700 '\(program)'")
        try scene.repository.git("add", "-A")
        try scene.repository.git(
            "-c", "gpg.program=\(program)", "-c", "user.signingkey=\(user)", "commit", "-q", "-S", "--allow-empty", "-m", message)
    }
}
