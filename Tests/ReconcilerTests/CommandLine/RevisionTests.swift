import TestKit
import Testing

@testable import Reconciler

/// What `charter validate` says of revisions that it cannot judge: a sentence and a remedy, never a library's own words.
struct RevisionTests {
    private let scene: TemporaryDirectory
    private var folder: String { scene.path + "/work" }

    init() throws {
        scene = try TemporaryDirectory()
        for (path, text) in Declared.platform { try scene.write(text, to: "work/" + path) }
    }

    private static let person = [
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "a@x.example", "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "a@x.example",
    ]

    private func git(_ words: String..., in place: String = "work") throws {
        let outcome = try Subprocess.run(["git"] + words, environment: Self.person, directory: scene.path + "/" + place)
        #expect(outcome.code == 0, "git \(words): \(outcome.errors)")
    }

    private func begin() throws {
        try git("init", "-q", "-b", "main")
        try git("add", "-A")
        try git("commit", "-qm", "First")
    }

    private func validate(_ words: String..., in place: String = "work") throws -> Subprocess.Outcome {
        try Subprocess.run(
            [Programs.charter, "validate"] + words, environment: ["GITHUB_ACTIONS": ""], directory: scene.path + "/" + place)
    }

    /// That the words end in exit code 3 and a message with both parts.
    private func expect(
        _ words: String..., in place: String = "work", says sentence: String, _ remedy: String,
        _ location: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try Subprocess.run(
            [Programs.charter, "validate"] + words, environment: ["GITHUB_ACTIONS": ""], directory: scene.path + "/" + place)
        #expect(outcome.code == 3, "\(outcome)", sourceLocation: location)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)", sourceLocation: location)
        #expect(outcome.errors.contains(remedy), "\(outcome.errors)", sourceLocation: location)
        for operation in [GitOperation.open, .reference, .commit, .tree] {
            #expect(!outcome.errors.contains("git \(operation.rawValue):"), sourceLocation: location)
        }
    }

    @Test func `an unknown revision is named, with the one that was probably meant`() throws {
        try begin()
        try expect("--base", "mian", says: #"there is no revision "mian""#, #"did you mean "main"?"#)
        try expect("--rev", "deadbeef", says: #"there is no revision "deadbeef" here"#, "correct it, or fetch it first")
        try expect("--rev", "HEAD:orgs", says: "names something else than a commit", "write a branch, a tag")
        try expect("--rev", "a b", says: #""a b" is not a name of a commit"#, "write a branch, a tag")
        try expect("--base", ":", says: #"cannot look up ":""#, "write a branch, a tag")
    }

    @Test func `a place without a repository, and a repository without commits, are said to be so`() throws {
        try expect("--rev", "HEAD", says: "\(folder) is in no Git repository, which --rev needs", "name a folder of one")
        try expect("--base", "main", says: "is in no Git repository, which --base needs", "name a folder of one")
        try git("init", "-q", "-b", "main")
        for name in ["HEAD", "main", "origin/main"] {
            try expect("--base", name, says: "the repository has no commits yet", "leave it out or commit first")
        }
        try git("commit", "-qm", "Nothing", "--allow-empty")
        try expect("--rev", "HEAD", says: "\(folder) at HEAD has no YAML files", "name the folder, or the commit")
        #expect(try validate("--base", "HEAD").code == 0)
    }

    @Test func `in a shallow clone the way to the whole history is told`() throws {
        try begin()
        try git("branch", "other")
        for name in ["main", "other"] {
            try git("switch", "-q", name)
            try scene.write("# \(name)\n", to: "work/orgs/acme/\(name).yaml")
            try git("add", "-A")
            try git("commit", "-qm", name)
        }
        try git("clone", "-q", "--depth", "1", "-b", "main", "file://\(folder)", scene.path + "/shallow")
        try expect(
            "--base", "origin/other", in: "shallow", says: #"no revision "origin/other" here; this clone is shallow"#,
            "`git fetch --unshallow` by hand; or `git fetch origin other:refs/remotes/origin/other`")
        try expect("--base", "HEAD~1", in: "shallow", says: #"no revision "HEAD~1" here"#, "`fetch-depth: 0` in actions/checkout")
        #expect(try validate("--base", "HEAD", in: "shallow").code == 0)
        try git("fetch", "-q", "--depth", "1", "origin", "other:refs/remotes/origin/other", in: "shallow")
        try expect(
            "--base", "origin/other", in: "shallow", says: "cannot tell where", "`fetch-depth: 0` in actions/checkout")
        try git("fetch", "-q", "--depth", "2", "origin", "main", "other", in: "shallow")
        let found = try validate("--base", "origin/other", in: "shallow")
        #expect(found.code == 0 && found.output.contains("in 1 of 6 files"), "\(found)")
    }

    @Test func `plan names a branch that is not there, and a repository that this version cannot read`() throws {
        let scene = try Scene()
        let wrong = try scene.charter("plan", "--branch", "mian")
        #expect(wrong.code == 1 && wrong.errors.contains("\(scene.repository.path) has no branch mian; did you mean main?"))
        try scene.repository.git("config", "core.repositoryFormatVersion", "1")
        try scene.repository.git("config", "extensions.partialClone", "origin")
        let partial = try scene.charter("plan")
        #expect(partial.code == 1, "\(partial)")
        #expect(partial.errors.contains("has the setting `extensions.partialclone`") && partial.errors.contains("without --filter"))
    }

    @Test func `plan, apply and watch keep the limits that they are given`() throws {
        let scene = try Scene()
        for command in ["plan", "apply"] {
            let files = try scene.charter(command, "--max-files", "2")
            #expect(files.code == 1 && files.errors.contains("the commit has more than 2 YAML files"), "\(files)")
            let bytes = try scene.charter(command, "--max-bytes", "10")
            #expect(bytes.code == 1 && bytes.errors.contains("the commit has more than 10 bytes of YAML"), "\(bytes)")
        }
        let watch = try scene.start("watch", "--max-files", "2")
        try eventually(within: .seconds(20), "watch tells of it: \(watch.errors)") {
            watch.errors.contains("the commit has more than 2 YAML files")
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.resource") == ["0"])
        #expect(try scene.charter("apply", "--max-files", "5", "--max-bytes", "100000").code == 0)
    }
}
