package import Foundation

/// A bare repository in a temporary folder, written through a work tree beside it by the `git` command.
package final class TestRepository: Sendable {
    /// Holds `repo.git`, `work` and whatever else a test puts there; removed with the value.
    package let root: URL

    package var path: String { root.appending(path: "repo.git").path }
    package var workTree: URL { root.appending(path: "work") }

    package init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "charter-git-\(UUID().uuidString.prefix(12))")
        try FileManager.default.createDirectory(at: workTree, withIntermediateDirectories: true)
        try Self.run("git", ["init", "-q", "--bare", "-b", "main", path])
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Writes files, removes those whose text is nil, commits all and answers the commit's id.
    @discardableResult
    package func commit(
        _ files: [String: String?], message: String = "Change", author: String = "Ada Park <ada@example.com>"
    ) throws -> String {
        for (path, text) in files {
            if let text {
                try write(text, to: path)
            } else {
                try FileManager.default.removeItem(at: workTree.appending(path: path))
            }
        }
        return try commitAll(message: message, author: author)
    }

    package func write(_ text: String, to path: String) throws {
        let file = workTree.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Commits a tree that holds these files and no others.
    @discardableResult
    package func replace(with files: [String: String]) throws -> String {
        try FileManager.default.removeItem(at: workTree)
        try FileManager.default.createDirectory(at: workTree, withIntermediateDirectories: true)
        return try commit(files.mapValues { $0 })
    }

    /// Commits the work tree as it stands.
    @discardableResult
    package func commitAll(message: String = "Change", author: String = "Ada Park <ada@example.com>") throws -> String {
        try git("add", "-A")
        try git("commit", "-q", "--allow-empty", "--author", author, "-m", message)
        return try git("rev-parse", "HEAD")
    }

    /// Runs a `git` command on the repository and its work tree; answers its output without the last line break.
    @discardableResult
    package func git(_ arguments: String...) throws -> String { try git(arguments) }

    @discardableResult
    package func git(_ arguments: [String]) throws -> String {
        try Self.run("git", ["--git-dir", path, "--work-tree", workTree.path] + arguments, in: workTree)
    }

    /// Runs a shell command in the work tree, for what needs a redirection.
    @discardableResult
    package func shell(_ command: String) throws -> String {
        try Self.run("sh", ["-c", command], in: workTree)
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> String {
        let outcome = try Subprocess.run(
            ["env", "-i"] + environment.map { "\($0)=\($1)" } + [program] + arguments, directory: folder?.path)
        guard outcome.code == 0 else {
            throw GitCommandFailure(arguments: arguments, message: outcome.errors + outcome.output)
        }
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    /// Nothing of the person who runs the tests: no configuration, no name.
    private static let environment: [String: String] = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_AUTHOR_NAME": "Ada Park", "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Charter Tests", "GIT_COMMITTER_EMAIL": "tests@example.com",
    ]
}

package struct GitCommandFailure: Error, CustomStringConvertible {
    package var arguments: [String]
    package var message: String
    package var description: String { "git \(arguments.joined(separator: " ")): \(message)" }
}
