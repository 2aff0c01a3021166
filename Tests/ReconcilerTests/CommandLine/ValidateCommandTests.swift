import Foundation
import TestKit
import Testing

@testable import Reconciler

/// `charter validate` as a person or a pipeline calls it.
struct ValidateCommandTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        for (path, text) in Declared.platform { try folder.write(text, to: path) }
    }

    private func validate(
        _ words: String..., in directory: String? = nil, environment: [String: String] = [:]
    ) throws -> Subprocess.Outcome {
        try validate(words, in: directory, environment: environment)
    }

    private func validate(
        _ words: [String], in directory: String? = nil, environment: [String: String] = [:]
    ) throws -> Subprocess.Outcome {
        let quiet = ["GITHUB_ACTIONS": "", "GITHUB_STEP_SUMMARY": "", "GITLAB_CI": ""]
        return try Subprocess.run(
            [Programs.charter, "validate"] + words, environment: quiet.merging(environment) { $1 },
            directory: directory ?? folder.path, within: .seconds(30))
    }

    private func git(_ words: String...) throws {
        let person = [
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "a@x.example", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "a@x.example",
        ]
        let outcome = try Subprocess.run(["git"] + words, environment: person, directory: folder.path)
        #expect(outcome.code == 0, "git \(words): \(outcome.errors)")
    }

    private func commitAll() throws {
        try git("add", "-A")
        try git("commit", "-qm", "Change")
    }

    // MARK: Paths

    @Test func `a file is judged as part of its repository, and only what touches it is shown`() throws {
        try folder.write(Declared.project("search", "Search") + "  limitz: 1\n", to: "orgs/acme/projects/other.yaml")
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        let one = try validate("orgs/acme/budgets/team.yaml")
        #expect(one.code == 1 && one.output.contains("orgs/acme/budgets/team.yaml:6:9"))
        #expect(!one.output.contains("limitz") && one.output.contains("1 error, 0 warnings in 1 of 6 files"))
        let sound = try validate("members.yaml", in: folder.path + "/orgs/acme")
        #expect(sound.code == 0 && sound.output.contains("in 1 of 6 files"))
        let inner = try validate(folder.path + "/orgs/acme/projects", in: "/")
        #expect(inner.code == 1 && inner.output.contains("in 2 of 6 files"))
    }

    @Test func `what cannot be validated is told apart by exit code`() throws {
        #expect(try validate("nowhere.yaml").code == 3)
        #expect(try validate("--format", "jsno").errors.contains("did you mean json?"))
        #expect(try validate("--report", "sarif").code == 2)
        #expect(try validate("--rev", "HEAD").code == 3)
        #expect(try validate("--output", folder.path + "/no/such/folder").code == 3)
        for words in [["--rev", ""], ["--base="], [""], ["--json", "--format", "text"], ["--report", "json=-"]] {
            #expect(try validate(words).code == 2, "\(words)")
        }
        let few = try validate("--max-files", "3")
        #expect(few.code == 3 && few.errors.contains("more than 3 YAML files"))
        #expect(try validate("--max-bytes", "100").errors.contains("more than 100 bytes of YAML"))
        #expect(try validate("--max-files", "-1").code == 2)
        let other = try TemporaryDirectory()
        try other.write("", to: "charter.yaml")
        let two = try validate(folder.path, other.path)
        #expect(two.code == 2 && two.errors.contains("two repositories"))
    }

    @Test(arguments: [
        ("README.md", "only files that end in .yaml or .yml are read"), ("key.YAML", "rename it"),
        (".hidden.yaml", "begins with a dot"), (".github/workflow.yaml", "begins with a dot"),
        ("docs", "it has no files that end in .yaml or .yml"),
    ])
    func `a path that holds nothing to check is no success`(path: String, reason: String) throws {
        for name in ["README.md", "key.YAML", ".hidden.yaml", ".github/workflow.yaml", "docs/README.md"] {
            try folder.write("a: b\n", to: name)
        }
        // Among others as well, and beside the whole.
        for words in [[path], ["orgs", path], [".", path]] {
            let outcome = try validate(words)
            #expect(outcome.code == 3 && outcome.output == "", "\(words): \(outcome)")
            #expect(outcome.errors.contains("nothing to check in \(path): ") && outcome.errors.contains(reason))
        }
    }

    @Test func `a suffix in upper case is warned of, since nobody reads the file`() throws {
        try folder.write(Declared.project("other", "Other"), to: "orgs/acme/projects/other.YAML")
        let found = try validate()
        #expect(found.code == 0 && found.output.contains("in 5 files"))
        #expect(found.output.contains("orgs/acme/projects/other.YAML:1:1: warning: not read:"))
        #expect(found.output.contains("[CH0991]\n    hint: rename it"))
        try git("init", "-q", "-b", "main")
        try commitAll()
        #expect(try validate("--rev", "HEAD").output == found.output)
    }

    @Test func `a file that is too large is told the same wherever it is read, and hides nothing else`() throws {
        let text = Declared.project("search", "Search") + String(repeating: "# filler\n", count: 200_000)
        try folder.write(text, to: "orgs/acme/projects/search.yaml")
        try folder.write(
            Declared.budget("mine", hard: "1 USD/month").replacing("organization: true", with: "project: search"),
            to: "orgs/acme/budgets/mine.yaml")
        let found = try validate()
        #expect(found.code == 1)
        #expect(
            found.output.hasPrefix(
                "orgs/acme/projects/search.yaml:1:1: error: the file has \(text.utf8.count) bytes, 1048576 are allowed [CH1001]\n"
                    + "    hint: split it"))
        #expect(found.output.contains("1 error,") && !found.output.contains("there is no Project"))
        try git("init", "-q", "-b", "main")
        try commitAll()
        #expect(try validate("--rev", "HEAD").output == found.output)
    }

    @Test func `nothing in a folder makes it wait, and what cannot be read is named`() throws {
        _ = try Subprocess.run(["mkfifo", folder.path + "/orgs/acme/pipe.yaml"])
        _ = try Subprocess.run(["ln", "-s", "..", folder.path + "/orgs/loop"])
        try folder.write("a: b\n", to: "orgs/acme/closed.yaml")
        try folder.write("a: b\n", to: "orgs/acme/locked/inside.yaml")
        _ = try Subprocess.run([
            "chmod", "000", folder.path + "/orgs/acme/closed.yaml", folder.path + "/orgs/acme/locked",
        ])
        defer { _ = try? Subprocess.run(["chmod", "755", folder.path + "/orgs/acme/locked"]) }
        let found = try validate()
        #expect(found.code == 1)
        #expect(
            found.output.contains(
                "orgs/acme/pipe.yaml:1:1: error: not read: it is a pipe, a socket or a device, not a file"))
        #expect(found.output.contains("orgs/loop:1:1: error: not read: it is a symbolic link"))
        // Nothing is closed to root.
        if getuid() != 0 {
            #expect(
                found.output.contains(
                    "orgs/acme/closed.yaml:1:1: error: not read: it cannot be read: Permission denied"))
            #expect(
                found.output.contains("orgs/acme/locked:1:1: error: not read: it cannot be read: Permission denied"))
        }
    }

    // MARK: Formats

    @Test func `on GitHub there are annotations and a summary, elsewhere text`() throws {
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        try folder.write("before\n", to: "summary")
        let found = try validate(
            environment: ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": folder.path + "/summary"])
        #expect(found.code == 1)
        #expect(found.output.contains("::error file=orgs/acme/budgets/team.yaml,line=6,endLine=6,col=9,"))
        #expect(found.output.contains("orgs/acme/budgets/team.yaml:6:9: error:"))
        let summary = folder.read("summary")
        #expect(summary.hasPrefix("before\n### charter validate: 1 error") && summary.contains("| CH1047 |"))
        #expect(try !validate("--format", "text", environment: ["GITHUB_ACTIONS": "true"]).output.contains("::error"))
        #expect(try !validate(environment: ["GITLAB_CI": "true"]).output.contains("::error"))
    }

    @Test func `several formats are written in one run, by their paths in the Git repository`() throws {
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        let outer = try TemporaryDirectory()
        _ = try Subprocess.run(["git", "init", "-q", outer.path])
        _ = try Subprocess.run(["cp", "-R", folder.path, outer.path + "/config"])
        let found = try validate(
            "config", "--report", "sarif=out.sarif", "--report=gitlab=out.json", "--format", "rdjson", "--output",
            "out.rd",
            in: outer.path)
        #expect(found.code == 1 && found.output == "")
        for name in ["out.sarif", "out.json", "out.rd"] {
            #expect(outer.read(name).contains("config/orgs/acme/budgets/team.yaml"), "\(name)")
        }
        #expect(try validate("--json").output == validate("--format", "json").output)
        #expect(try validate("--json", "--output", "-").output == validate("--json").output)
    }

    @Test func `two reports are never written to one file`() throws {
        _ = try Subprocess.run(["ln", "-s", "there", folder.path + "/link"])
        for words in [
            ["--report", "json=a", "--report", "sarif=./a"], ["--output", "a", "--report", "json=\(folder.path)/a"],
            ["--report", "json=link", "--report", "sarif=there"], ["--output", "orgs/../a", "--report", "json=a"],
        ] {
            try folder.write("before", to: "there")
            let outcome = try validate(words)
            #expect(outcome.code == 2 && outcome.errors.contains("two reports would be written to"), "\(words)")
            #expect(folder.read("there") == "before" && folder.read("a") == "")
        }
    }

    // MARK: Git

    @Test func `a revision is judged as it was committed, whatever lies in the folder`() throws {
        try git("init", "-q", "-b", "main")
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        _ = try Subprocess.run(["ln", "-s", "org.yaml", folder.path + "/orgs/acme/link.yaml"])
        try commitAll()
        _ = try Subprocess.run(["rm", folder.path + "/orgs/acme/link.yaml"])
        try folder.write(Declared.budget("team", hard: "1 USD/month"), to: "orgs/acme/budgets/team.yaml")
        #expect(try validate().code == 0)
        for name in ["HEAD", "main", "HEAD~0"] {
            let found = try validate("--rev", name)
            #expect(found.code == 1 && found.output.contains("2 errors"), "\(name): \(found)")
            #expect(found.output.contains("orgs/acme/link.yaml:1:1: error: not read: it is a symbolic link"))
        }
        #expect(try validate("--rev", "no-such-branch").code == 3)
        let elsewhere = try TemporaryDirectory()
        try git("clone", "-q", "--bare", ".", elsewhere.path + "/bare.git")
        #expect(try validate("--rev", "main", elsewhere.path + "/bare.git").output.contains("2 errors"))
    }

    @Test func `with a base only what changed since the branches parted is judged, and what depends on it`() throws {
        try git("init", "-q", "-b", "main")
        try folder.write(Declared.project("old", "Old") + "  limitz: 1\n", to: "orgs/acme/projects/old.yaml")
        try commitAll()
        try git("switch", "-qc", "topic")
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        try commitAll()
        try git("switch", "-q", "main")
        try folder.write(Declared.project("later", "Later") + "  limitz: 1\n", to: "orgs/acme/projects/later.yaml")
        try commitAll()
        try git("switch", "-q", "topic")

        let found = try validate("--base", "main")
        #expect(found.code == 1 && found.output.contains("orgs/acme/budgets/team.yaml:6:9"))
        #expect(found.output.contains("1 error, 0 warnings in 1 of 6 files") && !found.output.contains("limitz"))
        let committed = try validate("--base", "main", "--rev", "topic")
        #expect(committed.output == found.output)
        try git("checkout", "-q", "main~1", "--", "orgs/acme/budgets/team.yaml")
        #expect(try validate("--base", "main").code == 0)
        #expect(try validate("--base", "main").output == "0 errors, 0 warnings in 0 of 6 files, 0 resources\n")
    }

    @Test func `with a base a suffix in upper case is warned of where the change touches it`() throws {
        try git("init", "-q", "-b", "main")
        try folder.write("a: b\n", to: "orgs/acme/old.YAML")
        try folder.write("a: b\n", to: "orgs/acme/edited.YAML")
        try commitAll()
        try folder.write("a: c\n", to: "orgs/acme/edited.YAML")
        try folder.write("a: b\n", to: "orgs/acme/fresh.Yml")
        let found = try validate("--base", "HEAD")
        #expect(found.code == 0 && found.output.contains("0 errors, 2 warnings"))
        #expect(found.output.contains("orgs/acme/edited.YAML:1:1") && found.output.contains("orgs/acme/fresh.Yml:1:1"))
        try commitAll()
        #expect(try validate("--base", "HEAD~1", "--rev", "HEAD").output == found.output)
        #expect(try validate().output.contains("orgs/acme/old.YAML:1:1"))
    }

    @Test func `what a sparse checkout leaves out is there all the same`() throws {
        try git("init", "-q", "-b", "main")
        try commitAll()
        let whole = try validate()
        try git("sparse-checkout", "set", "--no-cone", "/charter.yaml", "/orgs/acme/budgets/")
        // As newer ones of Git do by themselves.
        try git("config", "core.repositoryFormatVersion", "1")
        try git("config", "extensions.worktreeConfig", "true")
        #expect(folder.read("orgs/acme/org.yaml") == "")
        #expect(try validate().output == whole.output && whole.code == 0)
        let clean = try validate("--base", "HEAD")
        #expect(clean.code == 0 && clean.output.contains("in 0 of 5 files"), "\(clean)")
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        let found = try validate("--base", "HEAD")
        #expect(found.code == 1 && found.output.contains("1 error, 0 warnings in 1 of 5 files"), "\(found)")
    }

    @Test func `a path of a revision need not lie in the folder`() throws {
        try git("init", "-q", "-b", "main")
        try folder.write(Declared.budget("team", hard: "much"), to: "orgs/acme/budgets/team.yaml")
        try commitAll()
        _ = try Subprocess.run(["rm", "-r", folder.path + "/orgs"])
        for path in ["orgs/acme/budgets/team.yaml", "orgs/acme/budgets", "./orgs/acme/", folder.path + "/orgs"] {
            let found = try validate("--rev", "main", path)
            #expect(found.code == 1 && found.output.contains("orgs/acme/budgets/team.yaml:6:9"), "\(path): \(found)")
        }
        let missing = try validate("--rev", "main", "orgs/acme/no.yaml")
        #expect(missing.code == 3 && missing.errors.contains("there is no such file or folder"))
        #expect(try validate("orgs/acme").code == 3)
    }

    @Test func `a file of defaults that cannot be read is the one mistake told`() throws {
        try folder.write(
            Declared.budget("mine", hard: "1 USD/month").replacing("  hard: 1 USD/month\n", with: ""),
            to: "orgs/acme/budgets/mine.yaml")
        #expect(try validate().output.contains("is missing"))
        _ = try Subprocess.run(["ln", "-s", "org.yaml", folder.path + "/orgs/acme/_defaults.yaml"])
        let found = try validate()
        #expect(found.code == 1 && found.output.contains("1 error, 0 warnings"), "\(found)")
        #expect(found.output.hasPrefix("orgs/acme/_defaults.yaml:1:1: error: not read: it is a symbolic link"))
    }

    @Test func `a mistake that a change makes elsewhere is shown there`() throws {
        try git("init", "-q", "-b", "main")
        try folder.write(
            Declared.budget("mine", hard: "1 USD/month").replacing("organization: true", with: "project: search"),
            to: "orgs/acme/budgets/mine.yaml")
        try commitAll()
        try git("rm", "-q", "orgs/acme/projects/search.yaml")
        let found = try validate("--base", "HEAD")
        #expect(found.code == 1)
        #expect(found.output.contains("orgs/acme/budgets/mine.yaml:5:19: error: there is no Project `search` in acme"))
    }
}
