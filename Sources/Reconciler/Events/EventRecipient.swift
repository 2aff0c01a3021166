internal import Crypto
internal import Spec
internal import Store

/// Somebody who is told of events: what is declared of it, and what it is told. A value.
struct EventRecipient: Hashable, Sendable {
    enum Target: Hashable, Sendable {
        case webhook(Webhook)
        /// Commit statuses of a Git host.
        case statuses(Repository.StatusTarget)
    }

    /// By which the outbox knows it.
    var name: String
    var target: Target
    /// The organization whose Webhook it is; nil for the platform's.
    var org: String?
    /// Of a Git host, the unit whose commits it is told of.
    var unit: String?
    /// The unit that declares it.
    var declarer: String
    var suspension: Suspension?
    /// Of the declaration: a changed one is another one, and enabled again.
    var digest: String
    /// What `notifications` has it told of beside its own events.
    var notified: Set<Webhook.Event> = []

    /// Everybody who is declared, as applied last: what a hand writes into the rows neither adds nor removes one. Throws where
    /// that cannot be read, since to tell nobody would lose what waits.
    static func list(_ transaction: Transaction) throws(DatabaseError) -> [EventRecipient] {
        let units = try UnitOwnership.declared(transaction, [.repository, .webhook])
        let applied = try History.state(transaction, at: .max, of: Array(units.keys))
        return try list(
            applied.map { uid, row in
                StoredResource(key: row.key, uid: uid, canonical: row.canonical, revision: 0, unit: units[uid] ?? "")
            }.sorted { $0.key < $1.key })
    }

    static func list(_ rows: [StoredResource]) throws(DatabaseError) -> [EventRecipient] {
        var found: [EventRecipient] = []
        var notices: [Repository.Notice] = []
        for row in rows {
            let resource: Resource
            do { resource = try Resource.decode(key: row.key, canonical: row.canonical) } catch {
                throw DatabaseError(.unexpectedAnswer, "\(row.key) as applied cannot be read by this version: \(error)")
            }
            switch resource.body {
            case .webhook(let webhook):
                found.append(
                    EventRecipient(
                        name: "\(row.key)", target: .webhook(webhook), org: row.key.org, declarer: row.unit,
                        suspension: resource.suspension, digest: SHA256.digest(row.canonical).hex))
            case .repository(let rules):
                notices += rules.notifications
                found += rules.statuses.map { EventRecipient(statuses: $0, unit: row.unit) }
            default: continue
            }
        }
        for index in found.indices where found[index].org == nil {
            guard case .webhook = found[index].target else { continue }
            let name = found[index].name.split(separator: "/").last.map(String.init) ?? ""
            found[index].notified = Set(notices.filter { $0.webhooks.contains(name) }.flatMap(\.events))
        }
        // The same repository named twice would be told everything twice.
        var names: Set<String> = []
        return found.filter { names.insert($0.name).inserted }
    }

    private init(statuses: Repository.StatusTarget, unit: String) {
        self.init(
            name: "\(statuses.host.rawValue) \(statuses.api.map { "\($0) " } ?? "")\(statuses.repository) \(unit)", target: .statuses(statuses), unit: unit,
            declarer: unit, digest: SHA256.digest("\(statuses)").hex)
    }

    private init(
        name: String, target: Target, org: String? = nil, unit: String? = nil, declarer: String, suspension: Suspension? = nil,
        digest: String
    ) {
        (self.name, self.target, self.org, self.unit, self.declarer) = (name, target, org, unit, declarer)
        (self.suspension, self.digest) = (suspension, digest)
    }

    /// Whether it is told what becomes of a unit's commits.
    func isOfCommits(in unit: String) -> Bool { self.unit == unit }

    func isSuspended(at now: Instant) -> Bool { suspension?.holds(at: now) ?? false }

    // MARK: What it is told

    /// Whether an event is for it.
    func isTold(_ event: EventDraft, about subjects: EventSubjects) -> Bool {
        switch target {
        case .statuses: return isOfCommits(in: event.unit) && CommitStatus(event, link: nil) != nil
        case .webhook(let webhook):
            guard let type = Webhook.Event(rawValue: event.type), webhook.events.contains(type) || notified.contains(type) || isNamed(by: event),
                let visible = visible(event, subjects)
            else { return false }
            return webhook.filter.map { isAdmitted(event, visible, by: $0) } ?? true
        }
    }

    /// Whether what the event is about names it as one to be told, whatever it asks for.
    private func isNamed(by event: EventDraft) -> Bool {
        guard org == nil || org == event.org, let own = name.split(separator: "/").last else { return false }
        return EventData(event.platformData).texts("notify").contains { $0 == own }
    }

    /// What it may know of the subjects; nil where the event is none of its business.
    func visible(_ event: EventDraft, _ subjects: EventSubjects) -> EventSubjects? {
        guard let org else { return subjects }
        let own = subjects.limited(to: org)
        return event.org == org || !own.isEmpty ? own : nil
    }

    /// An event that is about no resource is its organization's alone.
    private func isAdmitted(_ event: EventDraft, _ subjects: EventSubjects, by filter: Webhook.Filter) -> Bool {
        if !subjects.isEmpty { return subjects.hasAny(of: filter) }
        return filter.kinds.isEmpty && filter.labels.isEmpty && event.org.map(filter.organizations.contains) ?? filter.organizations.isEmpty
    }

    // MARK: How it is told

    /// From the beginning of a connection to the end of the answer.
    var timeout: Duration {
        guard case .webhook(let webhook) = target else { return Self.statusTimeout }
        return min(webhook.timeout, Self.timeoutMax)
    }

    /// Whether it may lie in the private network, which the platform alone can say.
    var privateNetwork: Bool {
        switch target {
        case .webhook(let webhook): org == nil && webhook.privateNetwork
        case .statuses(let statuses): statuses.privateNetwork
        }
    }

    /// The files of its secrets, where it may name those of more than one organization.
    var secretFiles: [String] {
        guard org == nil else { return [] }
        let references: [SecretReference?] =
            switch target {
            case .webhook(let webhook): [webhook.secret, webhook.authorization]
            case .statuses(let statuses): [statuses.token]
            }
        return references.compactMap { if case .file(let path) = $0 { path } else { nil } }
    }

    var schedule: DeliverySchedule {
        guard case .webhook(let webhook) = target else { return DeliverySchedule() }
        return DeliverySchedule(attemptsMax: webhook.retry.attempts, within: webhook.retry.within)
    }

    /// The longest that Standard Webhooks recommends (*Request timeouts*); a claim outlasts it.
    static let timeoutMax = Duration.seconds(30)
    private static let statusTimeout = Duration.seconds(15)
}
