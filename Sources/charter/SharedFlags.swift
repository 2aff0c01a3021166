import Reconciler

/// Flags that several commands share.
enum SharedFlags {
    static let repository = [
        Flag(
            "repo", "PATH|URL", environment: "CHARTER_REPOSITORY",
            help: "the Git repository: bare or not, or file://, git://, http(s)://"),
        Flag("branch", "NAME", environment: "CHARTER_BRANCH", fallback: "main", help: "the branch that is enforced"),
        Flag(
            "state", "DIR", environment: "CHARTER_STATE", fallback: ".charter",
            help: "where mirrors of remote repositories are kept"),
        Flag("fetch-timeout", "TIME", fallback: "60s", help: "how long one fetch from a URL may take"),
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
    static let json = [Flag(switch: "json", help: "print JSON")]
}
