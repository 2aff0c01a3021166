internal import Crypto
internal import Glibc
internal import Spec

/// What is enforced of a repository, whether it is on this machine or mirrored from elsewhere.
package struct GitSource: Sendable {
    package var location: SourceLocation
    package var reference: SourceReference
    /// What a remote asks for, and what it must show.
    package var access: RemoteAccess
    /// File of the key that signs what is committed for callers; nil for commits without a signature.
    package var signingKey: String?
    /// The folder whose files are enforced, with a final slash; empty for the whole repository.
    package var folder = ""
    /// Where mirrors are kept.
    package var stateFolder: String
    /// The `charter` program, which is started again as the child that fetches.
    package var executable: String
    /// How long one fetch may take before its process is killed.
    package var fetchDeadline: Duration
    /// Budgets of what is read of a commit.
    package var limits = GitLimits()

    package init(
        location: SourceLocation, reference: SourceReference, access: RemoteAccess = RemoteAccess(), stateFolder: String,
        executable: String = "/proc/self/exe", fetchDeadline: Duration = .seconds(60)
    ) {
        self.location = location
        self.reference = reference
        self.access = access
        self.stateFolder = stateFolder
        self.executable = executable
        self.fetchDeadline = fetchDeadline
    }

    /// What leads to a folder, with a final slash; nil for what leads out of the repository or into what is hidden.
    package static func folder(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let plain = parts.last == "" ? parts.dropLast() : parts[...]
        guard !plain.isEmpty, plain.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && $0.unicodeScalars.allSatisfy(\.isPrintable) }) else {
            return nil
        }
        return plain.joined(separator: "/") + "/"
    }

    /// Whether `refresh` has anything to do: a path is read where it lies.
    package var isRemote: Bool {
        if case .url = location { true } else { false }
    }

    /// Brings here what a remote has; does nothing for a path. An error of `heartbeat`, called all the while, ends it.
    ///
    /// Answers what a person should know of the mirror, such as that it has grown too large and cannot be fetched anew.
    @discardableResult
    package func refresh(heartbeat: () throws -> Void = {}) throws -> String? {
        guard case .url(let url) = location else { return nil }
        ProgressBoard.begin(.fetching)
        return try Mirror(url: url, source: self).fetch(heartbeat: heartbeat)
    }

    /// Opens what `refresh` brought, or the path itself.
    package func open() throws(SourceError) -> GitRepository {
        do {
            switch location {
            case .path(let path): return try GitRepository(at: path, unitFolder: folder)
            case .url(let url): return try GitRepository(at: Mirror(url: url, source: self).folder, unitFolder: folder)
            }
        } catch {
            throw SourceError(error, in: self)
        }
    }

    /// The commit that is enforced now.
    package func tip(in repository: GitRepository) throws(SourceError) -> Commit {
        do { return try whole(repository.tip(of: reference)) } catch { throw SourceError(error, in: self) }
    }

    /// After an error that may come from a damaged mirror: has the next `refresh` fetch everything anew, and answers whether it will.
    func distrust(after error: any Error) -> Bool {
        guard case .url(let url) = location else { return false }
        guard (error as? GitError)?.isOfDamage ?? (error as? SourceError)?.isOfDamage ?? false else { return false }
        return MirrorDoubt(mirror: Mirror(url: url, source: self).folder).raise()
    }

    /// The commit of a name, in any of Git's own ways to name one.
    package func commit(named name: String, in repository: GitRepository) throws(GitError) -> Commit {
        try whole(repository.commit(named: name))
    }

    /// A folder that is not there is a mistake, and never a wish that nothing be declared.
    private func whole(_ commit: Commit) throws(GitError) -> Commit {
        guard folder.isEmpty || commit.tree != .emptyTree else {
            throw GitError(.reference, code: .notFound, message: "no folder \(folder) in \(commit.id.short)")
        }
        return commit
    }
}
