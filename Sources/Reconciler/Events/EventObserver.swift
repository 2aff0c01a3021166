internal import Spec
internal import Store

/// Finds what nobody does in a transaction of its own: that all gateways enforce a revision, and that a repository cannot be
/// read for too long. Asked by every sender; what several find at once is told once.
enum EventObserver {
    /// How long a repository cannot be read before somebody is told. A host's short maintenance should wake nobody.
    static let staleAfter = Duration.seconds(300)

    static func observe(_ transaction: Transaction) throws {
        let now = try transaction.clock()
        try observeGateways(transaction, now)
        try observeSources(transaction, now)
    }

    /// Each unit that moved since is told of its newest revision: whose commit that is waits for it.
    private static func observeGateways(_ transaction: Transaction, _ now: Instant) throws {
        let newest = try Revisions.currentID(transaction)
        let last = try Outbox.last(transaction, topic: topic, subject: everyone).flatMap { Int64($0.occurrence) } ?? 0
        guard newest > last else { return }
        let moved = try Units.status(transaction).compactMap(\.applied).filter { (last + 1...newest).contains($0) }
        var report = StatusReport(replicas: try Replicas.list(transaction), now: now)
        report.revisions = try Revisions.of(transaction, ids: [newest] + moved)
        report.revision = report.revisions[newest]
        guard report.revision != nil, report.isEnforced else { return }
        let gateways = report.replicas.filter { report.standing(of: $0) == .inForce }
        for revision in report.revisions.values.sorted(by: { $0.id < $1.id }) {
            let subjects = try Outbox.subjects(
                transaction, type: Webhook.Event.revisionApplied.rawValue, unit: revision.unit, after: last, through: newest
            ).map { EventSubjects(json: $0) }.reduce(EventSubjects()) { $0.joined(with: $1) }
            try Outbox.append(
                transaction, .enforced(revision, by: gateways, about: subjects),
                once: EventOccurrence(topic: topic, subject: revision.unit, value: "\(revision.id)"))
        }
        try Outbox.note(transaction, EventOccurrence(topic: topic, subject: everyone, value: "\(newest)"))
    }

    /// Under this the newest revision of all is kept; no unit is called so.
    private static let everyone = ""
    private static let topic = "enforced"

    private static func observeSources(_ transaction: Transaction, _ now: Instant) throws {
        for unit in try Units.status(transaction) {
            // The same moment for as long as nothing is read, so it is told once each time.
            guard let since = unit.staleSince,
                now.milliseconds - since.milliseconds >= staleAfter.wholeMilliseconds
            else { continue }
            try Outbox.append(
                transaction, .stale(unit, since: since),
                once: EventOccurrence(topic: "stale", subject: unit.name, value: since.iso8601))
        }
    }
}
