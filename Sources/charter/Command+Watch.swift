import Reconciler
import Store

extension Command {
    static let watch = Command(
        name: "watch",
        summary: "Apply every new commit of the branch, until SIGTERM or SIGINT.",
        usage: "watch --repo PATH|URL --database URL [flags]",
        details: """
            Writes one line per event on standard error. Of several watchers of one database, one leads and the others stand by.
            A commit with errors, a blocked plan or a repository that cannot be reached changes nothing: the last good
            revision stays in force, charter status shows the reason, and the loop goes on.
            """,
        flags: SharedFlags.repository + SharedFlags.unit + SharedFlags.database + [
            Flag(
                "poll", "TIME", help: "pause between two looks at the branch (default 200ms for a path, 5s for a URL)"),
            Flag("lease", "TIME", fallback: "10s", help: "how long a leader that fell silent keeps others out"),
            Flag(
                "drift-interval", "TIME",
                help: "pause between two scans of the whole database (default: charter.yaml's)"),
            Flag(
                "listen", "HOST:PORT", environment: "CHARTER_WATCH_LISTEN",
                help: "serve /healthz, /readyz, /metrics, /status and charter.yaml's webhooks, such as 127.0.0.1:9464"),
            Flag("listen-token-file", "FILE", help: "what must be shown as Authorization: Bearer to read /status"),
            Flag(
                "signing-key", "FILE", environment: "CHARTER_SIGNING_KEY",
                help: "private ed25519 key of OpenSSH that signs what is committed for callers"),
            Flag("change-retention", "TIME", fallback: "8760h", help: "how long changes that are over are kept; 24h at least"),
            Flag(switch: "json", help: "log JSON lines"),
        ],
        logsAuditHead: true
    ) { arguments in
        let termination = Termination()
        var source = try arguments.source()
        source.signingKey = arguments.value("signing-key")
        let database = try arguments.database()
        let unit = try arguments.unit()
        var settings = WatchSettings(
            poll: try arguments.duration("poll")
                ?? (source.isRemote ? WatchSettings.remotePoll : WatchSettings.localPoll))
        if let lease = try arguments.duration("lease") { settings.leaseTTL = lease }
        settings.driftInterval = try arguments.duration("drift-interval")
        if let retention = try arguments.duration("change-retention") {
            guard retention >= ChangeRequests.keyRetention else { throw UsageError.wrong("--change-retention is shorter than a day", hint: "8760h is a year") }
            settings.changeRetention = retention
        }
        settings.logsJSON = arguments.has("json")
        settings.unit = unit
        settings.tokenFile = arguments.value("listen-token-file")
        let board = WatchBoard(wakes: termination)
        let listener = try arguments.value("listen").map { try StatusListener($0, board: board) }
        settings.listensOn = listener.map { "\($0.host):\($0.port)" }
        let sender = try EventSender.start(database: database, logsJSON: settings.logsJSON, unit: unit)
        let makeSession = { [source] in try ReconcileSession(source: source, database: database, unit: unit, remembers: true) }
        WatchLoop(settings: settings, makeSession: makeSession, board: listener == nil ? nil : board).run(until: termination)
        sender.stop()
        listener?.stop()
        return 0
    }
}
