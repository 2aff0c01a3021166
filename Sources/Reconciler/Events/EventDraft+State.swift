internal import Spec
internal import Store

/// What happens to a unit's state apart from its commits, as it is told.
extension EventDraft {
    /// What one scan found new, or not any more.
    fileprivate static func drift(
        _ type: Webhook.Event, _ findings: [DriftFinding], unit: String, base: Plan.AppliedCommit
    ) -> EventDraft {
        let resources = Dictionary(grouping: findings, by: \.resource).sorted { $0.key < $1.key }
        return EventDraft(
            type, unit: unit, revision: base.revision, [("revision", .int(base.revision)), ("commit", .string(base.commit))],
            about: EventSubjects(resources.map { name, found -> EventSubjects.Item in
                let found = found.sorted { ($0.aspect.isOfRow ? 0 : 1, $0.pointer) < ($1.aspect.isOfRow ? 0 : 1, $1.pointer) }
                return .init(name, found[0].pastTense, found.map(\.label).filter { !$0.isEmpty })
            }))
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
    /// Tells of what a scan found new, and of what is not there any more, in the transaction that keeps it: each finding once.
    func tell(_ news: DriftFindings.News, _ base: Plan.AppliedCommit, _ transaction: Transaction) throws {
        let opened = news.opened + news.reopened
        if !opened.isEmpty { try Outbox.append(transaction, .drift(.driftOpened, opened, unit: unit, base: base)) }
        if !news.closed.isEmpty { try Outbox.append(transaction, .drift(.driftClosed, news.closed, unit: unit, base: base)) }
        if !news.contested.isEmpty {
            try Outbox.append(transaction, .contested(news.contested, unit: unit, revision: base.revision))
        }
    }

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

extension DriftFinding {
    fileprivate var pastTense: String {
        switch aspect {
        case .changed, .provenance, .history, .lineage: "changed"
        case .missing: "removed"
        case .unexpected: "added"
        }
    }
}
