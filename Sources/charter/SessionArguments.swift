import Glibc
import Reconciler
import Spec

/// What the common flags say, turned into the values that commands work with.
extension Arguments {
    /// `isPinned` is false where `--commit` has another meaning than to enforce that one.
    func source(isPinned: Bool = true) throws -> GitSource {
        let text = try required("repo", SharedFlags.repository)
        let location: SourceLocation
        do { location = try SourceLocation.parse(text) } catch { throw UsageError.wrong("--repo: \(error)", hint: nil) }
        var source = GitSource(
            location: location, reference: try reference(isPinned), access: try access(), stateFolder: value("state") ?? ".charter")
        if let text = value("folder") {
            guard let folder = GitSource.folder(text) else {
                throw UsageError.wrong("--folder \"\(text)\" is not a folder of the repository", hint: "such as environments/production")
            }
            source.folder = folder
        }
        if let deadline = try duration("fetch-timeout") { source.fetchDeadline = deadline }
        source.limits = try limits()
        return source
    }

    /// A commit, or tags, or else a branch, which may have come from the environment.
    private func reference(_ isPinned: Bool) throws -> SourceReference {
        if isPinned, let text = value("commit") {
            guard value("tag") == nil else { throw UsageError.wrong("--tag and --commit exclude each other", hint: nil) }
            guard let id = ObjectID(hex: text) else {
                throw UsageError.wrong("--commit \"\(text)\" is not a full id of 40 digits", hint: "git rev-parse \(text)")
            }
            return .commit(id)
        }
        if let text = value("tag") {
            guard let pattern = TagPattern(text) else {
                throw UsageError.wrong("--tag \"\(text)\" is not a pattern of tags", hint: "letters, digits and . _ / - and *, such as v*")
            }
            return .tags(pattern)
        }
        let name = value("branch") ?? "main"
        guard let branch = BranchName(name) else {
            throw UsageError.wrong("--branch \"\(name)\" is not a branch name", hint: "letters, digits and . _ / -")
        }
        return .branch(branch)
    }

    private func access() throws -> RemoteAccess {
        var access = RemoteAccess()
        access.user = value("git-user")
        access.password = value("git-password-file").map { .file($0) } ?? Self.passwordOfEnvironment.map { .text($0) }
        access.authorities = value("git-ca-file")
        access.identity = value("ssh-key")
        access.knownHosts = value("known-hosts")
        access.hostKeys = try (value("host-key") ?? "").split(separator: ",").map { text in
            guard let pin = HostKeyPin(String(text)) else {
                throw UsageError.wrong("--host-key \"\(text)\" is not a fingerprint", hint: "SHA256:…, as ssh-keygen -lf prints it")
            }
            return pin
        }
        return access
    }

    /// Not a flag, since the command line of a process is public.
    private static var passwordOfEnvironment: String? { getenv("CHARTER_GIT_PASSWORD").map { String(cString: $0) } }

    /// How much is read before it is refused.
    func limits() throws -> GitLimits {
        var limits = GitLimits()
        if let most = try count("max-files") { limits.reading.filesMax = most }
        if let most = try count("max-bytes") { limits.reading.bytesMax = most }
        if let most = try count("fetch-bytes") { limits.fetchBytesMax = most }
        if let most = try count("fetch-memory") { limits.fetchMemoryMax = most }
        if let most = try count("mirror-bytes") { limits.mirrorBytesMax = most }
        return limits
    }

    func unit() throws -> String {
        let name = value("unit") ?? ReconcileSession.defaultUnit
        guard UnitName.isValid(name) else {
            throw UsageError.wrong("--unit \"\(name)\" is not a name", hint: "lower-case letters, digits and - _ .")
        }
        return name
    }

    func database() throws -> String { try required("database", SharedFlags.database) }

    func session() throws -> ReconcileSession { try ReconcileSession(source: source(), database: database(), unit: unit()) }
}
