import Reconciler

/// Flags that several commands share.
enum SharedFlags {
    static let repository = [
        Flag(
            "repo", "PATH|URL", environment: "CHARTER_REPOSITORY",
            help: "the Git repository: bare or not, or file://, git://, ssh://, user@host:path, http(s)://"),
        Flag("branch", "NAME", environment: "CHARTER_BRANCH", fallback: "main", help: "the branch that is enforced"),
        Flag("tag", "PATTERN", help: "instead of a branch the tag with the highest version, such as v*"),
        Flag("commit", "ID", help: "instead of a branch this commit, by its full id"),
        Flag("folder", "PATH", environment: "CHARTER_FOLDER", help: "take this folder of the repository for the whole"),
        Flag(
            "state", "DIR", environment: "CHARTER_STATE", fallback: ".charter",
            help: "where mirrors of remote repositories are kept"),
        Flag("fetch-timeout", "TIME", fallback: "60s", help: "how long one fetch from a URL may take"),
        Flag("fetch-bytes", "N", help: "bytes that one fetch may receive (default 2147483648)"),
        Flag("fetch-memory", "N", help: "bytes of memory that it may use (default 1073741824)"),
        Flag("mirror-bytes", "N", help: "bytes that a mirror may have before it is fetched anew (default 8589934592)"),
        Flag("ssh-key", "FILE", environment: "CHARTER_SSH_KEY", help: "private key for ssh: ed25519 or ECDSA, without a passphrase"),
        Flag("known-hosts", "FILE", environment: "CHARTER_KNOWN_HOSTS", help: "host keys for ssh, as ssh-keyscan writes them"),
        Flag("host-key", "SHA256:…", environment: "CHARTER_HOST_KEY", help: "fingerprint of the host's key; several with commas"),
        Flag("git-user", "NAME", environment: "CHARTER_GIT_USER", help: "user for https (default x-access-token) or ssh (default git)"),
        Flag(
            "git-password-file", "FILE", environment: "CHARTER_GIT_PASSWORD_FILE",
            help: "password or token for https; or CHARTER_GIT_PASSWORD itself"),
        Flag("git-ca-file", "FILE", environment: "CHARTER_GIT_CA_FILE", help: "authorities of the https server, in place of the system's"),
    ] + limits
    static let limits = [
        Flag("max-files", "N", help: "YAML files of a repository before it is refused (default 250000)"),
        Flag("max-bytes", "N", help: "bytes of them all before it is refused (default 536870912)"),
    ]
    static let database = [
        Flag(
            "database", "URL", environment: "CHARTER_DATABASE_URL",
            help: "PostgreSQL, as postgresql://user@host:port/name")
    ]
    static let unit = [
        Flag(
            "unit", "NAME", environment: "CHARTER_UNIT", fallback: ReconcileSession.defaultUnit,
            help: "what moves on its own: one for each repository or folder that a database holds")
    ]
    static let quiet = Flag(switch: "quiet", help: "do not tell on the terminal how far it is")
    static let json = [Flag(switch: "json", help: "print JSON")]
}
