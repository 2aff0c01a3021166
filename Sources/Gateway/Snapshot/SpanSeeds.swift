internal import Policy
internal import Spec
internal import Store

/// Adds up from the ledger what was spent of rolling budgets, and of those for tags.
enum SpanSeeds {
    /// Without those of pools, which begin anew with the process: the ledger does not tell whose keys were a pool's.
    static func load(_ connection: Connection, _ all: [SpanSeed]) throws -> [SpanSum] {
        let seeds = all.filter { if case .pool = $0.subject { false } else { true } }
        guard !seeds.isEmpty else { return [] }
        let spans = seeds.map(\.span)
        let parts = try connection.transaction { try RecentUsage.parts($0, spans) }
        return parts.map { SpanSum(seed: seeds[$0.span], from: $0.from, amount: $0.amount) }
    }
}

extension SpanSeed {
    fileprivate var span: UsageSpan {
        var counted = UsageSubject(orgUID: orgUID, models: models)
        var wanted: Tag?
        switch subject {
        case .organization: break
        case .project(let uid): counted.projectUID = uid
        case .member(let uid): counted.memberUID = uid
        case .key(let uid): counted.keyUID = uid
        case .tag(let tag, _): wanted = tag
        case .pool: break
        }
        let meter: CellMeter =
            switch meter {
            case .usd: .usd
            case .tokens: .tokens
            case .requests: .requests
            }
        let end = window.end == CalendarWindow.never ? CellSeed.endOfTime : window.end
        return UsageSpan(
            meter: meter, subject: counted, tag: wanted, from: window.start, to: end, part: part ?? UsageSpan.whole)
    }
}
