import Reconciler
import Spec

/// What the common flags say, turned into the values that commands work with.
extension Arguments {
    func source() throws -> GitSource {
        let text = try required("repo", SharedFlags.repository)
        let location: SourceLocation
        do { location = try SourceLocation.parse(text) } catch { throw UsageError.wrong("--repo: \(error)", hint: nil) }
        let name = value("branch") ?? "main"
        guard let branch = BranchName(name) else {
            throw UsageError.wrong("--branch \"\(name)\" is not a branch name", hint: "letters, digits and . _ / -")
        }
        var source = GitSource(location: location, branch: branch, stateFolder: value("state") ?? ".charter")
        if let deadline = try duration("fetch-timeout") { source.fetchDeadline = deadline }
        source.limits = try limits()
        return source
    }

    /// How much is read before it is refused.
    func limits() throws -> GitLimits {
        var limits = GitLimits()
        if let most = try count("max-files") { limits.reading.filesMax = most }
        if let most = try count("max-bytes") { limits.reading.bytesMax = most }
        return limits
    }

    func database() throws -> String { try required("database", SharedFlags.database) }

    func session() throws -> ReconcileSession { try ReconcileSession(source: source(), database: database()) }
}
