internal import Spec
internal import Store

/// What happens to a unit's state apart from its commits, as it is told.
extension EventDraft {
    static func drifted(_ report: DriftReport, unit: String) -> EventDraft {
        EventDraft(
            .driftOpened, unit: unit, revision: report.base?.revision,
            [
                ("revision", report.base.map { .int($0.revision) } ?? .null), ("commit", .optional(report.base?.commit)),
            ], about: EventSubjects(report.drift.map { .init($0, $0.finding.pastTense) }))
    }

    static func driftClosed(_ report: DriftReport, unit: String, about subjects: EventSubjects) -> EventDraft {
        EventDraft(
            .driftClosed, unit: unit, revision: report.base?.revision,
            [("revision", report.base.map { .int($0.revision) } ?? .null), ("commit", .optional(report.base?.commit))],
            about: subjects)
    }

    /// Charter takes no part any longer in what it had put right again and again.
    static func contested(_ findings: [DriftFinding], unit: String, revision: Int64) -> EventDraft {
        let resources = Dictionary(grouping: findings, by: \.resource).sorted { $0.key < $1.key }
        return EventDraft(
            .driftContested, unit: unit, revision: revision, [("revision", .int(revision))],
            platform: [("writers", .array(Set(findings.map { $0.write?.writer ?? "unattributed" }).sorted().prefix(10).map { .string($0) }))],
            about: EventSubjects(resources.map { .init($0.key, "contested", $0.value.map(\.label).filter { !$0.isEmpty }.sorted()) }))
    }

    static func stale(_ unit: UnitStatus, since: Instant) -> EventDraft {
        EventDraft(
            .sourceStale, unit: unit.name,
            [("since", .string(since.iso8601)), ("commit", .optional(unit.fetched?.commit))],
            platform: [("repository", .string(unit.repository)), ("error", .optional(unit.fetchError?.message))])
    }

    static func enforced(_ revision: Revision, by gateways: [Replica], about subjects: EventSubjects) -> EventDraft {
        EventDraft(
            .revisionEnforced, unit: revision.unit, revision: revision.id,
            [
                ("revision", .int(revision.id)), ("commit", .string(revision.commit)),
                ("gateways", .int(Int64(gateways.count))),
            ], platform: [("state_digest", .string(revision.stateDigest))], about: subjects)
    }
}

extension ReconcileSession {
    /// Tells that a unit's rows drifted, once until they no longer do.
    func tell(_ report: DriftReport, _ transaction: Transaction) throws {
        let last = try Outbox.last(transaction, topic: Self.driftTopic, subject: unit)
        let isOpen = last?.occurrence == Self.open
        guard isOpen == report.drift.isEmpty else { return }
        let occurrence = EventOccurrence(
            topic: Self.driftTopic, subject: unit, value: report.drift.isEmpty ? "closed" : Self.open)
        guard let last, report.drift.isEmpty else {
            try Outbox.append(transaction, .drifted(report, unit: unit), once: occurrence)
            return
        }
        let opened = try Outbox.one(transaction, named: "\(last.event)")
        let subjects = opened.map { EventSubjects(json: $0.event.draft.subjects) } ?? EventSubjects()
        try Outbox.append(transaction, .driftClosed(report, unit: unit, about: subjects), once: occurrence)
    }

    private static let driftTopic = "drift"
    private static let open = "open"

    /// Tells, where the rules in force want the Git host to know, that a commit is looked at.
    func tellSeen(_ commit: Commit) throws {
        let unit = unit
        try connection.transaction { transaction in
            // Whoever cannot be read is told of by the sender; the commit is applied all the same.
            guard let recipients = try? EventRecipient.list(transaction), recipients.contains(where: { $0.isOfCommits(in: unit) }),
                try !isSettled(commit, transaction)
            else { return }
            try Outbox.append(transaction, .seen(commit, unit: unit), once: .seen(commit, unit: unit))
        }
    }
}

extension ReconcileSession {
    /// Whether it is known what became of a commit, so that nothing more would be told of it.
    private func isSettled(_ commit: Commit, _ transaction: Transaction) throws -> Bool {
        if try Revisions.current(transaction, unit: unit)?.vector[unit] == commit.id.hex { return true }
        return try Outbox.last(transaction, topic: EventOccurrence.standingTopic, subject: unit)?.occurrence.contains(commit.id.hex) ?? false
    }
}

extension Drift.Finding {
    fileprivate var pastTense: String {
        switch self {
        case .changed, .record: "changed"
        case .missing: "removed"
        case .unexpected: "added"
        }
    }
}
