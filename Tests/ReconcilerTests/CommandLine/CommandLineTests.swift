import Services
import TestKit
import Testing

@testable import Reconciler

/// The built `charter` as a person calls it.
struct CommandLineTests {
    private func run(_ words: String...) throws -> Subprocess.Outcome {
        try Subprocess.run(
            [Programs.charter] + words, environment: ["CHARTER_REPOSITORY": "", "CHARTER_DATABASE_URL": ""])
    }

    @Test func `help lists the commands, and each has its own`() throws {
        let help = try run("help")
        #expect(help.code == 0)
        for name in ["validate", "plan", "apply", "watch", "drift", "status", "migrate", "keys", "import", "simulate", "version"]
        {
            #expect(help.output.contains("  \(name) "))
            #expect(try run(name, "--help").output.contains("usage: charter \(name)"))
        }
    }

    private static let mistyped: [(words: [String], message: String)] = [
        ([], "usage: charter <command> [flags]"), ([""], "the command is empty"),
        (["bogus"], "unknown command bogus\n  see charter help"), (["help", "bogus"], "unknown command bogus"),
        (["plna"], "did you mean plan?"), (["val"], "did you mean validate?"),
        (["--json", "validate"], "flags follow it: charter validate --json"), (["help", "plan", "drift"], "one command at a time"),
        (["plan", "--rebo", "x"], "did you mean --repo?"), (["apply", "--allow-mass"], "did you mean --allow-mass-delete?"),
        (["plan"], "--repo is missing"), (["plan", "--repo", ""], "--repo is empty"),
        (["status"], "--database is missing"), (["keys", "old"], "keys knows new, mint, list and revoke"),
        (["version", "now"], "one word too many"), (["simulate", "--bogus"], "See charter simulate --help"),
        (["explain", "APIKye"], "did you mean"), (["schema", "APIKye"], "did you mean APIKey?"),
        (["import", "litellm"], "a format and a file are wanted"), (["codeowners", "a", "b"], "one word too many"),
        (["plan", "--repo", "svn://h/x", "--database", "x"], "repositories by svn are not supported"),
        (["watch", "--repo", "x", "--database", "x", "--max-files", "no"], "is not a whole number from 1"),
    ]

    @Test(arguments: mistyped)
    func `a mistyped command line is explained on standard error`(words: [String], message: String) throws {
        let outcome = try Subprocess.run(
            [Programs.charter] + words, environment: ["CHARTER_REPOSITORY": "", "CHARTER_DATABASE_URL": ""])
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains(message))
        #expect(outcome.output == "")
    }

    @Test func `where exit code 2 is an answer, a mistyped command line is another error`() throws {
        #expect(try run("drift", "--databse", "x").code == 1)
        #expect(try run("plan", "--detailed-exitcode", "--rebo", "x").code == 1)
    }

    @Test func `validate tells its outcomes apart by exit code`() throws {
        let folder = try TemporaryDirectory()
        for (path, text) in Declared.platform { try folder.write(text, to: path) }
        let good = try run("validate", folder.path)
        #expect(good.code == 0)
        #expect(good.output.hasSuffix("0 errors, 1 warning in 5 files, 6 resources\n"))
        try folder.write("kind: [\n", to: "bad.yaml")
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        let bad = try run("validate", folder.path)
        #expect(bad.code == 1)
        #expect(bad.output.contains("bad.yaml:"))
        #expect(bad.output.contains("orgs/acme/budgets/team.yaml:6:9"))
        #expect(bad.output.contains("2 errors"))
        #expect(try run("validate", "--jsonn", folder.path).code == 2)
        #expect(try run("validate", folder.path + "/nowhere").code == 3)
        #expect(try run("validate", TemporaryDirectory().path).code == 3)
    }

    @Test func `output that cannot be written is no success`() throws {
        let folder = try TemporaryDirectory()
        for (path, text) in Declared.platform { try folder.write(text, to: path) }
        let outcome = try Subprocess.run(["bash", "-c", "\(Programs.charter) validate \(folder.path) > /dev/full"])
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("cannot write the output: No space left on device"))
    }

    @Test func `validate refuses a symbolic link as a commit of it would be`() throws {
        let folder = try TemporaryDirectory()
        for (path, text) in Declared.platform { try folder.write(text, to: path) }
        _ = try Subprocess.run(["ln", "-s", "/etc/passwd", folder.path + "/link.yaml"])
        let outcome = try run("validate", folder.path)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("link.yaml:1:1: error: not read: it is a symbolic link"))
    }

    @Test(arguments: [(#"we\nird.yaml"#, "control characters"), (#"\xff.yaml"#, "not UTF-8")])
    func `validate refuses a file name that cannot be shown`(name: String, reason: String) throws {
        let folder = try TemporaryDirectory()
        for (path, text) in Declared.platform { try folder.write(text, to: path) }
        _ = try Subprocess.run(["bash", "-c", "touch \(folder.path)/$'\(name)'"])
        let outcome = try run("validate", folder.path)
        #expect(outcome.code == 1, "\(outcome.errors)")
        #expect(outcome.output.contains(".yaml:1:1: error: not read: its name "))
        #expect(outcome.output.contains(reason))
    }

    @Test func `plan and drift speak by exit code where asked`() throws {
        let scene = try Scene()
        #expect(try scene.charter("plan").code == 0)
        #expect(try scene.charter("plan", "--detailed-exitcode").code == 2)
        #expect(try scene.charter("apply").code == 0)
        #expect(try scene.charter("plan", "--detailed-exitcode").code == 0)
        #expect(try scene.charter("drift").code == 0)
        try scene.sql("DELETE FROM charter.resource WHERE name = 'team'")
        #expect(try scene.charter("drift").code == 2)
        let json = try scene.charter("drift", "--json").output
        #expect(json.contains(#""finding":"missing","resource":"acme/Budget/team""#))
        #expect(try scene.charter("drift", "--database", "host=/nonexistent").code == 1)
    }

    @Test func `a blocked apply tells machines why`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.git("rm", "-rq", ".")
        try scene.repository.commit(["README.md": "empty"])
        let outcome = try scene.charter("apply", "--json")
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix(#"{"outcome":"blocked","unit":"default","commit":""#))
        #expect(outcome.output.contains(#""blocks":[{"code":"G1001","#))
    }

    @Test func `an old schema is named with its remedy`() throws {
        let database = try TestPostgres.shared.emptyDatabase()
        let outcome = try run("status", "--database", database)
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("charter migrate"))
        #expect(try run("migrate", "--database", database).code == 0)
        #expect(try run("status", "--database", database).code == 0)
        #expect(try run("migrate", "--database", database).output == "The schema is up to date.\n")
    }

    @Test func `keys new prints what its digest is of`() throws {
        let lines = try run("keys", "new", "--quiet").output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(MintedKey.isWellFormed(String(lines[0])))
        let text = try run("keys", "new", "--name", "checkout")
        #expect(text.output.contains("- { sha256: "))
        #expect(text.errors == "")
    }
}
