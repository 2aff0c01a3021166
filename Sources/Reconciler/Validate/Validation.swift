internal import Spec

/// One run of the checker over a folder or a commit, or over what changed since another commit.
package struct Validation: Sendable {
    package var root: DeclarationRoot
    /// The commit to judge; nil for the files as they lie there.
    package var revision: String?
    /// Only what changed since the branches parted is judged, and what depends on it.
    package var base: String?
    /// How much is read before it is refused.
    package var limits = GitLimits()

    package init(root: DeclarationRoot, revision: String? = nil, base: String? = nil) {
        self.root = root
        self.revision = revision
        self.base = base
    }

    /// Reads and judges; throws a `GitError`, `SystemError` or `NothingToValidate` when it could not read everything.
    package func run() throws -> DeclarationCheck {
        let repository = revision == nil && base == nil ? nil : try GitRepository(at: root.repository ?? root.folder)
        let head = try revision.map { name in try repository?.commit(named: name) } ?? nil
        var files: [SourceFile] = []
        var refusals: [PathRefusal] = []
        var tree: ObjectID?
        if let repository, let head {
            tree = try repository.tree(of: head, at: root.prefix)
            if let tree {
                let reading = try repository.files(ofTree: tree, limits: limits)
                files = reading.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }
                refusals = reading.refusals
            }
        } else {
            let reading = try FolderReader(root.folder, limits: limits)
            (files, refusals) = (reading.files, reading.refusals)
        }
        guard !files.isEmpty || !refusals.isEmpty else { throw NothingToValidate(place: place) }
        guard let repository, let base else { return DeclarationCheck(files: files, refusals: refusals, now: .now) }
        let old = try repository.tree(of: origin(base, in: repository, head), at: root.prefix)
        let change = try head == nil ? repository.change(from: old, to: files) : repository.change(from: old, to: tree)
        return DeclarationCheck(files: files, refusals: refusals, change: change, now: .now)
    }

    /// Where the work began: what others did on the base since is not this change's.
    private func origin(_ base: String, in repository: GitRepository, _ head: Commit?) throws -> Commit {
        let base = try repository.commit(named: base)
        // A repository without a commit yet has no HEAD.
        guard let tip = head ?? (try? repository.commit(named: "HEAD")) else { return base }
        return try repository.mergeBase(of: base, and: tip) ?? base
    }

    private var place: String { root.folder + (revision.map { " at \($0)" } ?? "") }
}

/// A folder or commit without a single YAML file: more likely a wrong path than an empty platform.
package struct NothingToValidate: Error, CustomStringConvertible {
    var place: String

    package var description: String { "\(place) has no YAML files" }
}
