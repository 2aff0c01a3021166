import Foundation
import TestKit

/// A copy of `examples/config-repo` under Git: a work tree in which a person edits, and the bare repository that is watched.
final class ConfigRepository: Sendable {
    let folder: TemporaryDirectory
    var workTree: String { folder.path + "/work" }
    var bare: String { folder.path + "/config.git" }

    init(openAIPort: UInt16, groqPort: UInt16) throws {
        folder = try TemporaryDirectory()
        try run("cp", "-R", Programs.root.appending(path: "examples/config-repo").path, workTree)
        try run("git", "init", "-q", "--bare", "-b", "main", bare)
        try run("git", "init", "-q", "-b", "main", workTree)
        try run("git", "-C", workTree, "remote", "add", "origin", bare)
        try edit("providers/openai.yaml") {
            $0.replacingOccurrences(of: "127.0.0.1:9101", with: "127.0.0.1:\(openAIPort)")
        }
        try edit("providers/groq.yaml") { $0.replacingOccurrences(of: "127.0.0.1:9102", with: "127.0.0.1:\(groqPort)") }
    }

    func text(of path: String) throws -> String {
        try String(contentsOfFile: workTree + "/" + path, encoding: .utf8)
    }

    func edit(_ path: String, _ change: (String) -> String) throws {
        let before = try text(of: path)
        let after = change(before)
        guard after != before else { throw EditFoundNothing(path: path) }
        try after.write(toFile: workTree + "/" + path, atomically: true, encoding: .utf8)
    }

    /// Replaces the one place of `old` in a file.
    func replace(_ old: String, with new: String, in path: String) throws {
        guard try text(of: path).components(separatedBy: old).count == 2 else { throw EditFoundNothing(path: path) }
        try edit(path) { $0.replacingOccurrences(of: old, with: new) }
    }

    func remove(_ path: String) throws { try run("git", "-C", workTree, "rm", "-q", path) }

    /// Where `text` stands: `path:line`.
    func place(of text: String, in path: String) throws -> String {
        let lines = try self.text(of: path).components(separatedBy: "\n")
        guard let index = lines.firstIndex(where: { $0.contains(text) }) else { throw EditFoundNothing(path: path) }
        return "\(path):\(index + 1)"
    }

    /// Commits everything as Sam Okafor and pushes it.
    @discardableResult
    func commit(_ message: String) throws -> String {
        try run("git", "-C", workTree, "add", "-A")
        try run("git", "-C", workTree, "commit", "-q", "-m", message)
        try run("git", "-C", workTree, "push", "-q", "origin", "HEAD:main")
        return try head()
    }

    /// Merges a branch of the bare repository, and pushes that.
    func merge(_ branch: String) throws {
        try run("git", "-C", workTree, "fetch", "-q", "origin", branch)
        try run("git", "-C", workTree, "merge", "-q", "--no-ff", "-m", "Merge \(branch)", "FETCH_HEAD")
        try run("git", "-C", workTree, "push", "-q", "origin", "HEAD:main")
    }

    /// The id of the newest commit.
    func head() throws -> String {
        try run("git", "-C", workTree, "rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    }

    @discardableResult
    private func run(_ arguments: String...) throws -> String {
        let outcome = try Subprocess.run(arguments, environment: Self.person)
        guard outcome.code == 0 else { throw CommandFailure(arguments: arguments, outcome: outcome) }
        return outcome.output
    }

    /// The author, and nothing of the configuration of whoever runs the tests.
    static let person = [
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "Sam Okafor", "GIT_AUTHOR_EMAIL": "sam@acme.example",
        "GIT_COMMITTER_NAME": "Sam Okafor", "GIT_COMMITTER_EMAIL": "sam@acme.example",
    ]
}

struct EditFoundNothing: Error { let path: String }

struct CommandFailure: Error, CustomStringConvertible {
    let arguments: [String]
    let outcome: Subprocess.Outcome

    var description: String {
        "`\(arguments.joined(separator: " "))` exits \(outcome.code): \(outcome.output)\(outcome.errors)"
    }
}
