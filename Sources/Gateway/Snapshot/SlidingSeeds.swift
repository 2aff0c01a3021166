internal import Policy
internal import Spec
internal import Store

/// Loads what limits over the last hour have counted from the ledger's rows.
enum SlidingSeeds {
    /// The counts of these counters up to `now`.
    static func load(_ connection: Connection, _ seeds: [SlidingSeed], now: Instant) throws -> [SlidingCount] {
        guard let reach = seeds.map(\.milliseconds).max() else { return [] }
        var (orgs, keys): (Set<String>, Set<String>) = ([], [])
        for seed in seeds {
            if case .key(let uid) = seed.subject { keys.insert(uid) } else { orgs.insert(seed.orgUID) }
        }
        let minutes = try connection.transaction { transaction in
            try RecentUsage.minutes(transaction, since: Instant(milliseconds: now.milliseconds - reach), orgs: orgs, keys: keys)
        }
        let seedsOf = Dictionary(grouping: seeds, by: \.subject)
        var counts: [Slot: Int64] = [:]
        for minute in minutes {
            for subject in minute.subjects {
                for seed in seedsOf[subject] ?? [] {
                    let amount = seed.meter == .tokens ? minute.tokens : minute.requests
                    guard amount > 0 else { continue }
                    counts[Slot(seed: seed, name: seed.isPerModel ? minute.name : nil, minute: minute.minute), default: 0] += amount
                }
            }
        }
        return counts.map { SlidingCount(seed: $0.seed, model: $0.name, at: $0.minute, amount: $1) }
    }

    private struct Slot: Hashable {
        var seed: SlidingSeed
        var name: String?
        var minute: Instant
    }
}

extension UsageOfMinute {
    /// Everything that counts it.
    fileprivate var subjects: [CountedSubject] {
        let above: [CountedSubject?] = [
            projectUID.map { .project(uid: $0) }, memberUID.map { .member(uid: $0) }, poolUID.map { .pool(uid: $0) },
        ]
        return [.key(uid: keyUID), .organization(uid: orgUID)] + above.compactMap(\.self)
    }
}
