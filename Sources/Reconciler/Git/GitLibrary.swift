internal import CLibGit2

/// libgit2's process-wide settings, made once before its first use.
enum GitLibrary {
    private static let outcome: Result<Void, GitError> = Result { () throws(GitError) in try setUp() }

    static func start() throws(GitError) { try outcome.get() }

    static func lastMessage() -> String {
        guard let last = git_error_last(), let text = last.pointee.message else { return "no reason given" }
        return String(cString: text)
    }

    static var lastIsOfDamage: Bool {
        guard let last = git_error_last() else { return false }
        let kinds = [GIT_ERROR_REFERENCE, GIT_ERROR_ZLIB, GIT_ERROR_REPOSITORY, GIT_ERROR_CONFIG, GIT_ERROR_ODB, GIT_ERROR_OBJECT]
        return kinds.contains { Int32($0.rawValue) == last.pointee.klass }
    }

    private static func setUp() throws(GitError) {
        guard git_libgit2_init() >= 0 else { throw GitError(.start, code: .general, message: lastMessage()) }
        guard isNewEnough else {
            throw GitError(.start, code: .general, message: "libgit2 \(version.map(String.init).joined(separator: ".")) lacks fixes that are needed")
        }
        // Nothing outside the repository may change what a read means: no system, global or XDG configuration.
        for level in [
            GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_PROGRAMDATA,
        ] {
            try require(charter_git_opt_search_path(level.rawValue, ""))
        }
        // The operator names the repository, and libgit2 runs no program on the strength of its configuration,
        // so a repository that another user owns is as safe to read as any other. See docs/decisions/0030.
        try require(set(GIT_OPT_SET_OWNER_VALIDATION, 0))
        // What `git sparse-checkout` sets: a second file of configuration for each work tree, which says nothing of objects.
        try require(charter_git_opt_extension("worktreeconfig"))
        try require(set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1))
        // A branch must not outlive, through a power cut, the objects that it names.
        try require(set(GIT_OPT_ENABLE_FSYNC_GITDIR, 1))
        try require(charter_git_opt_size(Int32(GIT_OPT_SET_PACK_MAX_OBJECTS.rawValue), GitLimits.packObjectsMax))
        try require(
            charter_git_opt_size(Int32(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE.rawValue), GitLimits.packObjectBytesMax))
    }

    /// Of the library that is loaded, which need not be the one that was built with.
    static let version: [Int] = {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        _ = git_libgit2_version(&major, &minor, &revision)
        return [major, minor, revision].map(Int.init)
    }()

    /// Debian 12 mends 1.5.1 under its own numbers, which only its packages tell: `scripts/bootstrap` asks them.
    private static let versionMin = [1, 5, 1]
    private static var isNewEnough: Bool { !version.lexicographicallyPrecedes(versionMin) }

    /// From now on these authorities alone may sign the certificate of a host; nil leaves the system's.
    ///
    /// For the process that fetches, before it connects.
    static func trust(authorities file: String?) throws(GitError) {
        try start()
        guard let file else { return }
        guard charter_git_opt_certificates(file, nil) >= 0 else {
            throw GitError(.remote, code: .certificate, message: "cannot read certificates in \(file): \(lastMessage())")
        }
    }

    private static func set(_ option: git_libgit2_opt_t, _ value: Int32) -> Int32 {
        charter_git_opt_int(Int32(option.rawValue), value)
    }

    private static func require(_ answer: Int32) throws(GitError) {
        if answer < 0 { throw GitError(.start, code: GitErrorCode(rawValue: answer), message: lastMessage()) }
    }
}
