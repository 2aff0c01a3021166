import Foundation
import Reconciler
import TestKit
import Testing

/// Signatures whose check takes its time, or fails at first.
@Suite(.enabled(if: GnuPG.installed != nil, "gpg is not installed")) struct SlowSignatureTests {
    let home: TemporaryDirectory
    let scene: Scene

    init() throws {
        home = try TemporaryDirectory()
        scene = try Scene([:])
        try gpg("--quick-gen-key", "--passphrase", "", "Mira <mira@example.com>", "ed25519", "sign", "never")
    }

    @discardableResult
    private func gpg(_ words: String...) throws -> String {
        let outcome = try Subprocess.run(["gpg", "--homedir", home.path, "--batch", "--yes"] + words)
        guard outcome.code == 0 else { throw Unexpected() }
        return outcome.output
    }

    private func policy(_ more: String = "") throws -> String {
        let key = try Subprocess.run(["sh", "-c", "gpg --homedir \(home.path) --batch --export mira@example.com | base64 -w0"])
        return """
            apiVersion: charter/v1
            kind: Repository
            metadata: { name: test }
            spec:
              signatures: { required: require }
              signers: [{ name: mira, openpgp: \(key.output) }]
              \(more)

            """
    }

    private func commit(_ files: [String: String], isSigned: Bool = true) throws {
        for (path, text) in files { try scene.repository.write(text, to: path) }
        let program = try home.write("#!/bin/sh\nexec gpg --homedir '\(home.path)' --batch \"$@\"\n", to: "sign")
        try scene.repository.shell("chmod 700 '\(program)'")
        try scene.repository.git("add", "-A")
        let signature = isSigned ? ["-S"] : ["--no-gpg-sign"]
        try scene.repository.git(
            ["-c", "gpg.program=\(program)", "-c", "user.signingkey=mira@example.com", "commit", "-q", "--allow-empty", "-m", "x"] + signature)
    }

    /// A PATH whose `gpg` does this first, each time it is asked to verify.
    private func path(before script: String) throws -> [String: String] {
        let folder = home.path + "/bin"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let program = try home.write("#!/bin/sh\ncase \"$*\" in *--verify*)\n\(script)\n;; esac\nexec /usr/bin/gpg \"$@\"\n", to: "bin/gpg")
        try scene.repository.shell("chmod 700 '\(program)'")
        return ["PATH": folder + ":/usr/bin:/bin"]
    }

    private func end() { _ = try? Subprocess.run(["gpgconf", "--homedir", home.path, "--kill", "all"]) }

    @Test func `a signature that gpg could not check is checked again, until it can be`() throws {
        defer { end() }
        try commit(Declared.platform.merging(["charter.yaml": policy()]) { $1 })
        let mark = home.path + "/asked"
        let environment = try path(before: "echo x >> '\(mark)'; [ $(wc -l < '\(mark)') -gt 2 ] || kill -9 $$")
        let watch = try scene.start("watch", environment: environment)
        try eventually(within: .seconds(30), "the rejection: \(watch.errors)") { watch.errors.contains("gpg ended by signal 9") }
        try eventually(within: .seconds(30), "the commit: \(watch.errors)") { try scene.sql("SELECT count(*) FROM charter.revision") == ["1"] }
        #expect(watch.errors.split(separator: "\n").count { $0.contains(" rejected ") } == 1, "\(watch.errors)")
    }

    @Test func `the lead is kept while gpg takes its time, and SIGTERM ends the wait`() throws {
        defer { end() }
        try commit(Declared.platform.merging(["charter.yaml": policy()]) { $1 })
        // Twice the lease, and well within what gpg may take.
        let slow = try path(before: "sleep 6")
        let watch = try scene.start("watch", "--lease", "3s", environment: slow)
        try eventually(within: .seconds(30), "the lead: \(watch.errors)") { watch.errors.contains(" led ") }
        let other = try scene.start("watch", "--lease", "3s", environment: slow)
        try eventually(within: .seconds(90), "the commit: \(watch.errors)") { try scene.sql("SELECT count(*) FROM charter.revision") == ["1"] }
        #expect(!watch.errors.contains(" lost_lead") && !other.errors.contains(" led "), "\(watch.errors)\(other.errors)")
        other.kill(15)
        #expect(other.wait(within: .seconds(20)) == 0)
        let asked = home.path + "/asked"
        _ = try path(before: "touch '\(asked)'; sleep 12")
        try commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try eventually(within: .seconds(30), "gpg is asked") { FileManager.default.fileExists(atPath: asked) }
        watch.kill(15)
        // Sooner than gpg answers or is given up.
        #expect(watch.wait(within: .seconds(8)) == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.revision") == ["1"])
    }

    @Test func `nothing of the database is held while gpg checks, and each commit is checked once`() throws {
        defer { end() }
        let rules = try policy("protect: [{ kinds: [Project] }]").replacing("require }", with: "require, check: every }")
        try commit(Declared.platform.merging(["charter.yaml": rules]) { $1 })
        #expect(try scene.charter("apply").code == 0)
        for amount in 1...3 { try commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "\(amount) USD/month")]) }
        try scene.repository.git("rm", "-q", "orgs/acme/projects/search.yaml")
        try commit([:])
        let mark = home.path + "/asked"
        let environment = try path(before: "echo x >> '\(mark)'; sleep 1")
        let apply = try scene.start("apply", environment: environment)
        var open: [String] = []
        while apply.isRunning {
            open += try scene.sql(
                """
                SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND state LIKE 'idle in transaction%' AND state_change < now() - interval '300 milliseconds'
                """)
        }
        #expect(open.isEmpty, "\(open)")
        #expect(apply.errors.contains("blocked [G1006]"), "\(apply.errors)")
        #expect(try String(contentsOfFile: mark, encoding: .utf8).split(separator: "\n").count == 4)
        let verified = try scene.sql("SELECT v.commit = u.validated_commit FROM charter.verification v JOIN charter.unit u ON u.name = v.unit")
        #expect(verified == ["t"], "who signed a commit that is held back is on record")
    }
}
