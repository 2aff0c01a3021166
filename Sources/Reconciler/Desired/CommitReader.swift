internal import Spec

/// Turns one commit into what it declares, or into the reasons why it cannot be applied.
package enum CommitReader {
    package static func read(
        _ commit: Commit, in repository: GitRepository, limits: GitLimits = GitLimits()
    ) throws(GitError) -> CommitReading {
        let tree = try repository.files(of: commit, limits: limits)
        let check = DeclarationCheck(
            files: tree.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }, refusals: tree.refusals)
        if check.errorCount > 0 { return .rejected(Rejection(commit: commit, diagnostics: check.diagnostics)) }
        return .sound(
            DesiredState(
                commit: commit, resources: check.declarations.resources, repository: check.declarations.repository,
                blobs: Dictionary(tree.files.map { ($0.path, $0.blob) }, uniquingKeysWith: { first, _ in first }),
                fileCount: tree.files.count, warnings: check.diagnostics))
    }
}

/// What reading a commit came to.
package enum CommitReading: Sendable {
    case sound(DesiredState)
    case rejected(Rejection)
}
