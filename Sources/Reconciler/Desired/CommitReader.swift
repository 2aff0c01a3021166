internal import Spec

/// Turns commits into what they declare, or into the reasons why they cannot be applied.
package struct CommitReader: Sendable {
    private let limits: GitLimits
    /// Whether to keep what makes reading the next commit cheap: about as much memory as the files have bytes.
    private let remembers: Bool
    private var known: KnownCommit?
    /// What commits are validated beside.
    var others = OtherUnits() {
        didSet { known = nil }
    }

    package init(limits: GitLimits = GitLimits(), remembers: Bool = false) {
        self.limits = limits
        self.remembers = remembers
    }

    package mutating func read(_ commit: Commit, in repository: GitRepository) throws(GitError) -> CommitReading {
        if let reading = try known?.read(commit, in: repository, limits: limits) { return reading }
        let tree = try repository.files(of: commit, limits: limits)
        let files = tree.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }
        let check = DeclarationCheck(files: files, refusals: tree.refusals, beside: others)
        if check.errorCount > 0 { return .rejected(Rejection(commit: commit, diagnostics: check.diagnostics)) }
        let desired = DesiredState(
            commit: commit, resources: check.declarations.resources, repository: check.declarations.repository,
            blobs: Dictionary(tree.files.map { ($0.path, $0.blob) }, uniquingKeysWith: { first, _ in first }),
            fileCount: tree.files.count, warnings: check.diagnostics)
        if remembers && others.isEmpty { known = KnownCommit(desired, files) }
        return .sound(desired)
    }

    /// What was read of this commit is in the database, so that from now on changes count from it.
    mutating func wasApplied(_ commit: Commit) {
        if known?.desired.commit.id == commit.id { known?.wasApplied() }
    }
}

/// What reading a commit came to.
package enum CommitReading: Sendable {
    case sound(DesiredState)
    case rejected(Rejection)
}
