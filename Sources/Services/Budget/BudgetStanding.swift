internal import Policy
internal import Spec
internal import Store

/// What a budget has counted of its present window.
struct BudgetStanding {
    /// The window, or a part of one that rolls, in nano-USD, tokens or requests.
    struct Part {
        var start: Instant
        var ledger: Int64
        var forgiven: Int64

        /// What was forgiven may be more than what is there, where usage got cheaper since.
        var counted: Int64 { max(0, ledger - forgiven) }
    }

    let counter: BudgetCounter
    /// The oldest first, those alone in which something was used.
    let parts: [Part]
    /// Those whose credits count in the window, the newest first.
    let resets: [BudgetReset]

    var ledger: Int64 { parts.reduce(0) { $0 + $1.ledger } }
    var counted: Int64 { parts.reduce(0) { $0 + $1.counted } }
    var forgiven: Int64 { ledger - counted }

    /// An amount as people read it.
    func text(_ amount: Int64) -> String {
        counter.meter == .usd ? NanoUSD(amount).text : "\(amount) \(counter.meter.rawValue)"
    }

    var unit: String { counter.meter == .usd ? "nano-USD" : counter.meter.rawValue }

    /// Nil where it never ends.
    var windowEnd: Instant? { counter.window.end == CalendarWindow.never ? nil : counter.window.end }

    var windowText: String {
        "from \(counter.window.start.iso8601)" + (windowEnd.map { " to \($0.iso8601)" } ?? " on")
    }
}

/// The budgets that are applied, and the ledger beside them.
struct BudgetBook {
    let counters: [BudgetCounter]
    /// Whose project's things those are that are of one.
    let projects: [ResourceKey: String]
    /// By the database's clock.
    let now: Instant

    /// Those of one organization, or of all.
    init(_ transaction: Transaction, org: String?) throws {
        let now = try transaction.clock()
        let rows = try org.map { try Resources.list(transaction, .organization($0)) + Resources.list(transaction, .platform) }
            ?? Resources.all(transaction)
        let resources = try rows.map { row in
            GovernedResource(
                uid: row.uid, resource: try Resource.decode(key: row.key, canonical: row.canonical),
                provenance: ResourceProvenance(path: "", document: Position(line: 1, column: 1), spans: .none))
        }
        projects = Dictionary(
            resources.compactMap { row in row.resource.project.map { (row.resource.key, $0) } }, uniquingKeysWith: { first, _ in first })
        let identity = RevisionIdentity(id: 0, commit: "", stateDigest: "")
        let snapshot = Snapshot.compile(resources, revision: identity, reviewing: false).snapshot
        counters = snapshot.budgetCounters(now: now) { key, _ in org == nil || key.org == org }.sorted { $0.resource < $1.resource }
        self.now = now
    }

    func standings(_ transaction: Transaction, of counters: [BudgetCounter]) throws(DatabaseError) -> [BudgetStanding] {
        let sums = Dictionary(grouping: try RecentUsage.parts(transaction, counters.map(\.span)), by: \.span)
        let uids = counters.map(\.uid)
        var credits: [CounterID: [Instant: Int64]] = [:]
        for credit in try BudgetResets.credits(transaction, uids: uids, after: now) {
            credits[credit.counter, default: [:]][credit.start] = credit.amount
        }
        let resets = Dictionary(
            grouping: try BudgetResets.list(transaction, .everything, uids: uids, limit: Self.resetsMax), by: \.counter)
        return counters.enumerated().map { index, counter in
            let parts = (sums[index] ?? []).map { sum in
                let start = counter.part == nil ? counter.window.start : sum.from
                return BudgetStanding.Part(start: start, ledger: sum.amount, forgiven: credits[counter.id]?[start] ?? 0)
            }
            return BudgetStanding(
                counter: counter, parts: parts.sorted { $0.start < $1.start },
                resets: (resets[counter.id] ?? []).filter { $0.windowEnd > counter.window.start && $0.windowStart < counter.window.end })
        }
    }

    /// Of all budgets together.
    private static let resetsMax = 1_000
}

extension BudgetCounter {
    var id: CounterID { CounterID(uid: uid, name: name, subject: subjectText) }

    fileprivate var span: UsageSpan {
        let counted = UsageSubject(
            orgUID: orgUID, projectUID: subject.projectUID, memberUID: subject.memberUID, keyUID: subject.keyUID, models: models)
        let meter: CellMeter =
            switch meter {
            case .usd: .usd
            case .tokens: .tokens
            case .requests: .requests
            }
        return UsageSpan(
            meter: meter, subject: counted, tag: subject.tag, poolUID: subject.poolUID, from: window.start, to: window.end,
            part: part ?? UsageSpan.whole)
    }
}
