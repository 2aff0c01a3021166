import TestKit
import Testing

@testable import Reconciler

/// `charter get` as a person calls it.
struct GetTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        for (path, text) in Declared.platform { try folder.write(text, to: path) }
        try folder.write(
            "apiVersion: charter/v1\nkind: Budget\nspec:\n  zone: Europe/Berlin\n", to: "orgs/acme/_defaults.yaml")
    }

    private func run(_ words: String...) throws -> Subprocess.Outcome {
        try Subprocess.run([Programs.charter, "get"] + words + ["--repo", folder.path])
    }

    @Test func `a kind lists its resources with their places`() throws {
        let outcome = try run("budgets")
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("ORG   KIND    NAME  PLACE\n"))
        #expect(outcome.output.contains("acme  Budget  team  orgs/acme/budgets/team.yaml:1:1"))
        #expect(try run("Budget", "--names").output == "acme/Budget/team\n")
        #expect(try run("--org", "nobody", "--names").output == "\n")
    }

    @Test func `a name shows what its file declares, and effectively what its folders give`() throws {
        #expect(try !run("budget", "team").output.contains("zone"))
        let effective = try run("budget", "team", "--effective").output
        #expect(effective.contains("  zone: Europe/Berlin  # orgs/acme/_defaults.yaml:4\n"))
    }

    @Test func `what cannot be read is told, and the rest shown`() throws {
        _ = try Subprocess.run(["ln", "-s", "team.yaml", folder.path + "/orgs/acme/budgets/link.yaml"])
        let outcome = try run("budgets", "--names")
        #expect(outcome.code == 3 && outcome.output == "acme/Budget/team\n")
        #expect(outcome.errors.contains("charter get: orgs/acme/budgets/link.yaml: not read: it is a symbolic link"))
        #expect(try run("budget", "taem").code == 3)
    }

    @Test(arguments: ["get", "codeowners"]) func `how much is read is bounded as elsewhere`(command: String) throws {
        let place = command == "get" ? ["--repo", folder.path] : [folder.path]
        func run(_ words: String...) throws -> Subprocess.Outcome {
            try Subprocess.run([Programs.charter, command] + place + words)
        }
        let few = try run("--max-files", "3")
        #expect(few.code == 3 && few.errors.contains("more than 3 YAML files"))
        #expect(try run("--max-bytes", "100").code == 3)
        #expect(try run("--max-files", "x").code == 2)
        #expect(try run("--max-files", "1000").code == run().code)
    }

    @Test func `what is not there is answered with what was probably meant`() throws {
        let missing = try run("budget", "taem")
        #expect(missing.code == 1)
        #expect(missing.errors.contains("there is no Budget `taem`; did you mean `team`?"))
        let kind = try run("bugdet")
        #expect(kind.code == 2)
        #expect(kind.errors.contains("did you mean Budget?"))
    }
}
