internal import Policy
internal import Spec
internal import Store

/// Adds up from the ledger what was spent of rolling budgets, and of what counts tags and pools.
enum SpanSeeds {
    /// The sums of all parts of these counters' windows in which something was used.
    static func load(_ connection: Connection, _ seeds: [SpanSeed]) throws -> [SpanSum] {
        guard !seeds.isEmpty else { return [] }
        let spans = seeds.map(\.span)
        let parts = try connection.transaction { try RecentUsage.parts($0, spans) }
        return parts.map { part in
            let seed = seeds[part.span]
            return SpanSum(seed: seed, from: part.from, amount: part.amount, model: seed.isPerModel ? part.name : nil)
        }
    }
}

extension SpanSeed {
    fileprivate var span: UsageSpan {
        let counted = UsageSubject(
            orgUID: orgUID, projectUID: subject.projectUID, memberUID: subject.memberUID, keyUID: subject.keyUID, models: models)
        let end = window.end == CalendarWindow.never ? CellSeed.endOfTime : window.end
        return UsageSpan(
            meter: meter.inLedger, subject: counted, tag: subject.tag, poolUID: subject.poolUID, from: window.start, to: end,
            part: part ?? UsageSpan.whole, isPerName: isPerModel)
    }
}
