internal import Crypto
internal import Spec
internal import Store

/// What happens to commits, as it is told.
extension EventDraft {
    /// A commit was applied, or a rollback was.
    static func applied(_ difference: StateDifference, as revision: Revision) -> EventDraft {
        applied(
            revision, base: difference.plan.base, tally: difference.plan.tally,
            about: EventSubjects(difference))
    }

    /// What hands changed was put right.
    static func corrected(_ drift: [Drift], as revision: Revision) -> EventDraft {
        applied(
            revision, base: revision.parent.map { Plan.AppliedCommit(revision: $0, commit: revision.commit) },
            tally: Tally(of: [], drifted: drift.count), about: EventSubjects(drift.map { .init($0, "restored") }))
    }

    private static func applied(
        _ revision: Revision, base: Plan.AppliedCommit?, tally: Tally, about subjects: EventSubjects
    ) -> EventDraft {
        EventDraft(
            .revisionApplied, unit: revision.unit, revision: revision.id,
            [
                ("revision", .int(revision.id)), ("commit", .string(revision.commit)), ("author", .string(revision.author)),
                ("act", .string(revision.act.rawValue)),
                ("base", base.map { .object([("revision", .int($0.revision)), ("commit", .string($0.commit))]) } ?? .null),
                ("restored", revision.restored.map { .int($0) } ?? .null),
            ],
            platform: [
                ("message", .string(revision.message)), ("tally", tally.json), ("state_digest", .string(revision.stateDigest)),
            ], about: subjects)
    }

    static func rejected(_ rejection: Rejection, unit: String) -> EventDraft {
        EventDraft(
            .revisionRejected, unit: unit,
            [("commit", .string(rejection.commit.id.hex)), ("author", .string(rejection.commit.author))],
            platform: [("message", .string(rejection.commit.summary))],
            about: EventSubjects(
                mistakes: rejection.diagnostics.filter { $0.severity == .error }.map { EventSubjects.Mistake($0) }))
    }

    /// A commit of which nothing can come before a person acts on what lies elsewhere.
    static func stuck(_ message: String, at commit: Commit, unit: String) -> EventDraft {
        EventDraft(
            .revisionRejected, unit: unit, [("commit", .string(commit.id.hex)), ("author", .string(commit.author))],
            platform: [("message", .string(commit.summary))],
            about: EventSubjects(mistakes: [.init(org: nil, code: "", place: nil, message: message)]))
    }

    static func blocked(_ plan: BlockedPlan) -> EventDraft {
        EventDraft(
            .planBlocked, unit: plan.unit,
            [("commit", .string(plan.commit)), ("author", .string(plan.author)), ("digest", .string(plan.digest))],
            platform: [
                ("blocks", .array(plan.blocks.map(\.json))), ("command", .optional(plan.command)),
            ], about: plan.subjects)
    }

    /// A reconciler begins to look at a commit. Nobody subscribes to it; the Git host is told.
    static func seen(_ commit: Commit, unit: String) -> EventDraft {
        EventDraft(
            type: seenType, unit: unit,
            data: JSONTree.object([("unit", .string(unit)), ("commit", .string(commit.id.hex))]).text)
    }

    static let seenType = "commit.seen"

    init(
        _ type: Webhook.Event, unit: String, org: String? = nil, revision: Int64? = nil, _ data: [(String, JSONTree)],
        platform: [(String, JSONTree)] = [], about subjects: EventSubjects = EventSubjects()
    ) {
        self.init(
            type: type.rawValue, unit: unit, org: org, revision: revision,
            data: JSONTree.object([("unit", .string(unit))] + data).text, platformData: JSONTree.object(platform).text,
            subjects: subjects.json.text)
    }
}

extension EventOccurrence {
    /// What a unit's branch came to; the same is not told twice in a row.
    private static func standing(_ unit: String, _ value: String) -> EventOccurrence {
        EventOccurrence(topic: standingTopic, subject: unit, value: value)
    }

    static let standingTopic = "commit"

    static func applied(_ revision: Revision) -> EventOccurrence { standing(revision.unit, "applied \(revision.id)") }

    /// The same commit may be rejected for other reasons later.
    static func rejected(_ rejection: Rejection, unit: String) -> EventOccurrence {
        standing(unit, "rejected \(rejection.commit.id.hex) \(SHA256.digest(rejection.json.text).hex)")
    }

    static func stuck(_ message: String, at commit: Commit, unit: String) -> EventOccurrence {
        standing(unit, "stuck \(commit.id.hex) \(SHA256.digest(message).hex)")
    }

    static func blocked(_ plan: BlockedPlan) -> EventOccurrence { standing(plan.unit, "blocked \(plan.commit) \(plan.digest)") }

    static func seen(_ commit: Commit, unit: String) -> EventOccurrence {
        EventOccurrence(topic: "seen", subject: unit, value: commit.id.hex)
    }
}

extension EventSubjects {
    /// What a plan changes.
    init(_ difference: StateDifference) {
        self.init(difference.plan.changes, { ($0.key.org, $0.key.kind.rawValue) }, item: { Item($0, in: difference) })
    }
}

extension EventSubjects.Item {
    fileprivate init(_ change: Change, in difference: StateDifference) {
        let labels: [String: String]
        if let resource = difference.desired.resources[change.key] {
            labels = resource.metadata.labels
        } else {
            labels = change.uid.flatMap { difference.applied.applied[$0] }
                .flatMap { try? Resource.decode(key: $0.key, canonical: $0.canonical) }?.metadata.labels ?? [:]
        }
        self.init(
            org: change.key.org, kind: change.key.kind.rawValue, name: change.key.name, change: change.action.pastTense,
            labels: labels)
    }

    /// A drifted row is called `org/kind/name`, with `-` for the platform.
    init(_ drift: Drift, _ change: String) {
        let fields = if case .changed(let fields) = drift.finding { fields.map(\.path) } else { [String]() }
        self.init(drift.resource, change, fields)
    }

    init(_ resource: String, _ change: String, _ fields: [String]) {
        let parts = resource.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        self.init(
            org: parts[0] == "-" ? nil : parts[0], kind: parts.count > 1 ? parts[1] : "", name: parts.count > 2 ? parts[2] : "",
            change: change, fields: Array(fields.prefix(Self.fieldsMax)))
    }

    /// Listed of one resource.
    private static let fieldsMax = 20
}

extension EventSubjects.Mistake {
    init(_ diagnostic: Diagnostic) {
        self.init(
            org: diagnostic.place.flatMap { Folder(of: $0.path).organization }, code: diagnostic.code.rawValue,
            place: diagnostic.place?.description, message: diagnostic.message.shortened(to: Self.messageMax))
    }

    /// Characters; a mistake may repeat what was written.
    private static let messageMax = 500
}

extension Change.Action {
    fileprivate var pastTense: String {
        switch self {
        case .create: "created"
        case .update: "updated"
        case .rename: "renamed"
        case .delete: "deleted"
        }
    }
}
