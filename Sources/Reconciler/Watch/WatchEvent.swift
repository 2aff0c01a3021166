internal import Spec
internal import Store

/// One thing that happened in the loop, for one line of log.
struct WatchEvent {
    /// The verb in the past tense, which scripts may rely on.
    var name: String
    var fields: [(String, JSONTree)]

    init(_ name: String, _ fields: [(String, JSONTree)] = []) {
        self.name = name
        self.fields = fields
    }

    func text(at instant: Instant) -> String {
        "\(instant.iso8601) \(name)" + fields.map { " \($0.0)=\($0.1.text)" }.joined()
    }

    /// With what every line has; `unit` is the one that the loop moves.
    func json(at instant: Instant, unit: String) -> String {
        let head: [(String, JSONTree)] = [
            ("time", .string(instant.iso8601)), ("level", .string(level)), ("event", .string(name)), ("unit", .string(unit)),
        ]
        return JSONTree.object(head + fields.filter { $0.0 != "unit" }).text
    }

    /// `error` where nothing goes on before a person acts, `warning` where somebody should look.
    private var level: String {
        switch name {
        case "stuck": "error"
        case "rejected", "blocked", "retrying", "drifted", "contested", "lost_lead", "held", "suspended", "hook_unusable", "events_waiting", "undelivered", "gave_up",
            "recipient_disabled", "mirror_kept", "change_postponed", "change_refused":
            "warning"
        default: "info"
        }
    }
}

extension WatchEvent {
    static func commit(_ name: String, _ commit: Commit, _ more: [(String, JSONTree)] = []) -> WatchEvent {
        WatchEvent(name, [("commit", .string(commit.id.short)), ("author", .string(commit.author))] + more)
    }

    static func rejected(_ rejection: Rejection) -> WatchEvent {
        let first = rejection.diagnostics.first { $0.severity == .error }
        return commit(
            "rejected", rejection.commit,
            [
                ("errors", .int(Int64(rejection.errorCount))), ("place", .optional(first?.place?.description)),
                ("reason", .optional(first?.message)),
            ])
    }

    static func blocked(_ blocked: BlockedPlan, _ commit: Commit) -> WatchEvent {
        .commit(
            "blocked", commit,
            [
                ("reasons", .array(blocked.blocks.map(\.json))), ("digest", .string(blocked.digest)),
                ("command", .optional(blocked.command)),
            ])
    }

    static func suspended(_ suspension: UnitSuspension) -> WatchEvent {
        WatchEvent(
            "suspended",
            [
                ("unit", .string(suspension.unit)), ("by", .string(suspension.actor)),
                ("reason", .string(suspension.reason)), ("until", .optional(suspension.until?.iso8601)),
            ])
    }

    static func auditHead(_ head: AuditHead) -> WatchEvent {
        WatchEvent("audit_head", [("sequence", .int(head.sequence)), ("hash", .string(head.hash))])
    }

    static func drifted(_ drift: [Drift], by writers: [String]) -> WatchEvent {
        WatchEvent(
            "drifted",
            [
                ("count", .int(Int64(drift.count))),
                ("resources", .array(drift.prefix(10).map { .string($0.resource) })),
                ("by", .array(writers.prefix(10).map { .string($0) })),
            ])
    }

    static func adoptionAsked(_ request: ChangeRequest) -> WatchEvent {
        WatchEvent(
            "adoption_asked",
            [("change", .string(request.uid)), ("caller", .string(request.asked.caller)), ("title", .string(request.asked.title))])
    }

    /// Charter takes no part any longer in what somebody else keeps changing back.
    static func contested(_ finding: DriftFinding) -> WatchEvent {
        WatchEvent(
            "contested",
            [
                ("resource", .string(finding.resource)), ("field", .string(finding.label)), ("reason", .string(finding.contest)),
                ("command", .string("charter drift revert \(finding.resource)")),
            ])
    }
}
