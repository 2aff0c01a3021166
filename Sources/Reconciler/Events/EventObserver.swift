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

    private static func observeGateways(_ transaction: Transaction, _ now: Instant) throws {
        let newest = try Revisions.currentID(transaction)
        let last = try Outbox.last(transaction, topic: topic, subject: "").flatMap { Int64($0.occurrence) } ?? 0
        guard newest > last else { return }
        var report = StatusReport(
            revision: try Revisions.one(transaction, newest), replicas: try Replicas.list(transaction), now: now)
        guard let revision = report.revision else { return }
        report.revisions = [newest: revision]
        guard report.isEnforced else { return }
        let gateways = report.replicas.filter { report.standing(of: $0) == .inForce }
        let subjects = try Outbox.subjects(transaction, type: Webhook.Event.revisionApplied.rawValue, after: last, through: newest)
            .map { EventSubjects(json: $0) }.reduce(EventSubjects()) { $0.joined(with: $1) }
        try Outbox.append(
            transaction, .enforced(revision, by: gateways, about: subjects),
            once: EventOccurrence(topic: topic, subject: "", value: "\(newest)"))
    }

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
