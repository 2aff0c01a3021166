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

    /// Reads and judges; throws a `GitError`, `SystemError`, `TooMuchToRead` or `NothingToValidate` when it could not read
    /// everything.
    package func run() throws -> DeclarationCheck {
        let repository = revision == nil && base == nil ? nil : try gitRepository()
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
            try addLeftOut(to: &files, &refusals, base == nil ? nil : repository)
        }
        guard !files.isEmpty || !refusals.isEmpty else { throw NothingToValidate(place: place) }
        let idle = root.named(apartFrom: [files.lazy.map(\.path), refusals.filter(\.isError).lazy.map(\.path)].joined())
        guard idle.isEmpty else { throw NothingToValidate(named: idle, at: revision) }
        guard let repository, let base else { return DeclarationCheck(files: files, refusals: refusals, now: .now) }
        let old = try repository.tree(of: origin(base, in: repository, head), at: root.prefix)
        let change = try head == nil ? changeOfFolder(from: old, to: files, refusals, in: repository) : repository.change(from: old, to: tree)
        return DeclarationCheck(files: files, refusals: refusals, change: change, now: .now)
    }

    /// All that lies there, what a sparse checkout leaves out included.
    func filesThere(limits: GitLimits) throws -> (files: [SourceFile], refusals: [PathRefusal]) {
        let reading = try FolderReader(root.folder, limits: limits)
        var (files, refusals) = (reading.files, reading.refusals)
        try addLeftOut(to: &files, &refusals, nil)
        guard !files.isEmpty || !refusals.isEmpty else { throw NothingToValidate(place: place) }
        return (files, refusals)
    }

    private func changeOfFolder(
        from old: ObjectID?, to files: [SourceFile], _ refusals: [PathRefusal], in repository: GitRepository
    ) throws(GitError) -> FileChanges {
        let ignored = refusals.filter { !$0.isError }.map(\.path)
        return try repository.change(from: old, to: files, unread: ignored, in: root.folder)
    }

    /// What a sparse checkout leaves out was not removed; without a comparison, only where Git can be asked.
    private func addLeftOut(
        to files: inout [SourceFile], _ refusals: inout [PathRefusal], _ opened: GitRepository?
    ) throws {
        let there = Set(files.map(\.path)).union(refusals.map(\.path))
        let reading: TreeReading
        if let opened {
            reading = try opened.filesLeftOut(below: root.prefix, apartFrom: there, limits: limits)
        } else {
            guard let place = root.repository, let repository = try? GitRepository(at: place),
                let found = try? repository.filesLeftOut(below: root.prefix, apartFrom: there, limits: limits)
            else { return }
            reading = found
        }
        guard !reading.files.isEmpty || !reading.refusals.isEmpty else { return }
        files = (files + reading.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }).sorted { $0.path < $1.path }
        refusals += reading.refusals
        guard files.count <= limits.reading.filesMax else { throw TooMuchToRead.files(limits.reading) }
    }

    private func gitRepository() throws(GitError) -> GitRepository {
        let place = root.repository ?? root.folder
        do {
            return try GitRepository(at: place)
        } catch {
            guard error.code == .notFound else { throw error }
            let flag = revision == nil ? "--base" : "--rev"
            throw GitError(.open, code: .notFound, message: "\(place) is in no Git repository, which \(flag) needs; name a folder of one")
        }
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

/// What was to be checked holds no YAML file at all: more likely a mistake than an empty platform.
package struct NothingToValidate: Error, CustomStringConvertible {
    package let description: String

    /// Of a folder or commit.
    init(place: String) {
        description = "\(place) has no YAML files; name the folder, or the commit, that holds the declarations"
    }

    /// Of paths, each with its reason.
    init(named paths: [DeclarationRoot.NamedPath], at revision: String?) {
        let suffix = revision.map { " at \($0)" } ?? ""
        description = paths.map { "nothing to check in \($0.text)\(suffix): \($0.reasonNotRead)" }.joined(separator: "\n  ")
    }
}

extension DeclarationRoot.NamedPath {
    /// Why a path that holds no file that is read holds none.
    fileprivate var reasonNotRead: String {
        if path.hasPrefix(".") || path.contains("/.") { return "what begins with a dot is hidden, and not read" }
        if isMissing { return "there is no such file or folder" }
        if isFolder { return "it has no files that end in .yaml or .yml" }
        if SourceFile.isNearlyRead(path) { return "only .yaml and .yml in lower case are read; rename it" }
        return SourceFile.isRead(path) ? "there is no such file" : "only files that end in .yaml or .yml are read"
    }
}
