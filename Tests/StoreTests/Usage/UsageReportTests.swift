import Crypto
import Spec
import Testing
import TestKit

@testable import Store

@Suite struct UsageReportTests {
    private let orgs = [SecureRandom.uuid(), SecureRandom.uuid()]
    private let projects = [SecureRandom.uuid(), nil]
    private let keys = (0..<4).map { _ in SecureRandom.uuid() }
    private static let hour: Int64 = 3_600_000
    /// 2026-10-30T00:00:00Z, two days before a month ends.
    private static let start = CivilDate(year: 2026, month: 10, day: 30).start
    private static let days: Int64 = 5

    /// Rows over five days with everything that a report tells apart, some on the seams of hours and days.
    private func rows(_ count: Int, _ random: inout SplitMix) -> [UsageRow] {
        (0..<count).map { index in
            let offset = Int64.random(in: 0..<Self.days * 24 * Self.hour, using: &random)
            let at = Self.start.milliseconds + (index % 5 == 0 ? offset / Self.hour * Self.hour : offset)
            let key = Int.random(in: 0..<4, using: &random)
            let terms = UsageTerms(
                org: "org\(key % 2)", orgUID: orgs[key % 2], project: key < 2 ? "checkout" : nil, projectUID: projects[key / 2],
                member: nil, memberUID: nil, key: "key-\(key)", keyUID: keys[key],
                endpoint: index % 3 == 0 ? "embeddings" : "chat.completions", requestedModel: "m",
                model: ["openai/gpt-4o", "openai/gpt_4o", "groq/llama"][Int.random(in: 0..<3, using: &random)],
                route: index % 2 == 0 ? "assistant" : nil, revision: 1, priceVersion: "v",
                tags: [UsageTerms.noTags, #"{"team":"a"}"#, #"{"stage":"x","team":"b"}"#][Int.random(in: 0..<3, using: &random)])
            return UsageRow(
                at: Instant(milliseconds: at), terms: terms, decision: "d\(index % 50)", attempt: 1 + index % 2,
                status: index % 11 == 0 ? 502 : 200, input: Int64.random(in: 0..<5_000, using: &random), output: 7, cacheRead: 3,
                reasoning: 2, cost: NanoUSD(Int64.random(in: 0..<9_000_000_000_000, using: &random)), estimated: index % 13 == 0,
                flags: index % 13 == 0 ? [.missing] : index % 17 == 0 ? [.repeated, .below] : [], latencyMs: 1, detail: "{}")
        }
    }

    private func filled(_ random: inout SplitMix) throws -> (Connection, [UsageRow]) {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let all = rows(600, &random)
        for (index, part) in [all[..<200], all[200..<210], all[210...]].enumerated() {
            try connection.ship(Array(part), epoch: epoch, segment: Int64(index), to: 1)
        }
        return (connection, all)
    }

    private func period(_ random: inout SplitMix) -> Range<Instant> {
        let end = Self.days * 24 * Self.hour
        var ends = [Int64.random(in: 0...end, using: &random), Int64.random(in: 0...end, using: &random)].sorted()
        if Bool.random(using: &random) { ends[0] = ends[0] / Self.hour * Self.hour }
        if Bool.random(using: &random) { ends[1] = ends[1] / Self.hour * Self.hour }
        return Instant(milliseconds: Self.start.milliseconds + ends[0])..<Instant(milliseconds: Self.start.milliseconds + max(ends[0], ends[1]))
    }

    private static let dimensions: [UsageDimension] = [
        .org, .project, .key, .member, .model, .provider, .endpoint, .route, .tag("team"), .tag("stage"), .tag("none"), .flags,
    ]

    @Test func `the sums of any partition of any period are the ledger's, to the nano-USD`() throws {
        var random = SplitMix(state: 28)
        let (connection, all) = try filled(&random)
        for round in 0..<60 {
            let span = period(&random)
            let dimensions = Self.dimensions.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            var cuts = [span.lowerBound, span.upperBound]
            for _ in 0..<Int.random(in: 0..<4, using: &random) where !span.isEmpty {
                cuts.append(Instant(milliseconds: Int64.random(in: span.lowerBound.milliseconds..<span.upperBound.milliseconds, using: &random)))
            }
            cuts.sort()
            let periods = zip(cuts, cuts.dropFirst()).map { $0..<$1 }
            let groups = try connection.transaction { try Ledger.report($0, UsageQuestion(periods, by: dimensions)) }
            let sum = groups.reduce(into: UsageTotals()) { $0.add($1.sums) }
            let ledger = try connection.transaction { transaction in
                try orgs.map { try Ledger.sums(transaction, UsageSubject(orgUID: $0), from: span.lowerBound, to: span.upperBound) }
            }
            let note: Comment = "round \(round): \(span) by \(dimensions)"
            #expect(sum.cost == ledger.reduce(0) { $0 + $1.cost.rawValue }, note)
            #expect(sum.attempts == ledger.reduce(0) { $0 + $1.attempts }, note)
            #expect(sum.requests == ledger.reduce(0) { $0 + $1.requests }, note)
            #expect(sum.tokens == ledger.reduce(0) { $0 + $1.tokens }, note)
            #expect(sum.input == ledger.reduce(0) { $0 + $1.input } && sum.output == ledger.reduce(0) { $0 + $1.output }, note)
            #expect(sum.estimated == ledger.reduce(0) { $0 + $1.estimated }, note)
            #expect(sum.cacheRead == 3 * Int64(all.filter { span.contains($0.at) }.count), note)
            #expect(groups.count == Set(groups.map { "\($0.period) \($0.values)" }).count, note)
        }
    }

    @Test func `each group is the sum of its rows`() throws {
        var random = SplitMix(state: 29)
        let (connection, all) = try filled(&random)
        let span = period(&random)
        let groups = try connection.transaction {
            try Ledger.report($0, UsageQuestion([span], by: [.key, .tag("team"), .provider]))
        }
        var wanted: [String: Int64] = [:]
        for row in all where span.contains(row.at) {
            let team = row.terms.tags.contains(#""a""#) ? "a" : row.terms.tags == UsageTerms.noTags ? "-" : "b"
            wanted["\(row.terms.key) \(team) \(row.terms.model.prefix { $0 != "/" })", default: 0] += row.cost.rawValue
        }
        #expect(Dictionary(uniqueKeysWithValues: groups.map { group in
            (group.values.map { $0?.name ?? "-" }.joined(separator: " "), group.sums.cost)
        }) == wanted)
    }

    @Test func `a filter counts what it names, and nothing else`() throws {
        var random = SplitMix(state: 30)
        let (connection, all) = try filled(&random)
        let span = Self.start..<CellSeed.endOfTime
        func cost(_ change: (inout UsageFilter) -> Void) throws -> Int64 {
            var filter = UsageFilter()
            change(&filter)
            return try connection.transaction { try Ledger.report($0, UsageQuestion([span], filter: filter)).first?.sums.cost ?? 0 }
        }
        func sum(_ isCounted: (UsageRow) -> Bool) -> Int64 { all.filter(isCounted).reduce(0) { $0 + $1.cost.rawValue } }
        #expect(try cost { $0.orgs = [orgs[0]] } == sum { $0.terms.orgUID == orgs[0] })
        #expect(try cost { $0.keys = [keys[1], keys[2]] } == sum { [keys[1], keys[2]].contains($0.terms.keyUID) })
        #expect(try cost { $0.projects = [projects[0] ?? ""] } == sum { $0.terms.project != nil })
        // `_` is a character of names, not of patterns.
        #expect(try cost { $0.models = ["openai/gpt_*"] } == sum { $0.terms.model == "openai/gpt_4o" })
        let tag = try Tag.parse("team=b")
        #expect(try cost { $0.tags = [tag] } == sum { $0.terms.tags.contains(#""b""#) })
        #expect(try cost { $0.isFlagged = true } == sum { !$0.flags.isEmpty })
        #expect(try cost { $0.keys = [] } == 0)
    }

    @Test func `an answer that needs rows that are gone is known for one`() throws {
        let connection = try Fixtures.connection()
        let usage = UsageFixtures()
        let hour = RollupGrain.hour.start(of: UsageFixtures.now)
        try connection.ship([usage.row(), usage.row(), usage.row(at: hour)], epoch: try connection.mintEpoch(), to: 1)
        let next = Instant(milliseconds: hour.milliseconds + Self.hour)
        func missing(_ span: Range<Instant>, by dimensions: [UsageDimension] = [], org: String? = nil) throws -> Instant? {
            var filter = UsageFilter()
            filter.orgs = org.map { [$0] }
            return try connection.transaction { try Ledger.hourWithoutRows($0, UsageQuestion([span], by: dimensions, filter: filter)) }
        }
        #expect(try missing(hour..<UsageFixtures.now) == nil)
        try connection.transaction { try $0.query("DELETE FROM charter.usage WHERE at = $1", [.instant(hour)]) }
        #expect(try missing(hour..<UsageFixtures.now) == hour)
        #expect(try missing(hour..<next) == nil)
        #expect(try missing(hour..<next, by: [.flags]) == hour)
        #expect(try missing(hour..<UsageFixtures.now, org: SecureRandom.uuid()) == nil)
        #expect(try missing(next..<Instant(milliseconds: next.milliseconds + 7)) == nil)
    }

    @Test func `flags are told by their names, in combination`() throws {
        var random = SplitMix(state: 31)
        let (connection, all) = try filled(&random)
        let groups = try connection.transaction {
            try Ledger.report($0, UsageQuestion([Self.start..<CellSeed.endOfTime], by: [.flags]))
        }
        let counts = Dictionary(uniqueKeysWithValues: groups.map { ($0.values[0]?.name ?? "-", $0.sums.attempts) })
        #expect(counts.keys.sorted() == ["-", "missing", "repeated+below"])
        #expect(counts["missing"] == Int64(all.filter { $0.flags == .missing }.count))
    }

    @Test func `a name stands for the lineage that bears it, or else for those booked under it`() throws {
        let connection = try Fixtures.connection()
        let usage = UsageFixtures()
        try connection.ship([usage.row(), usage.row(key: 1)], epoch: try connection.mintEpoch(), to: 1)
        func lineages(_ kind: Kind, _ name: String, _ tenancy: Tenancy = .everything) throws -> [String] {
            try connection.transaction { try Ledger.lineages($0, kind, named: name, in: tenancy) }
        }
        #expect(try lineages(.apiKey, "key-1") == [usage.keys[1]])
        #expect(try lineages(.project, "checkout", .organization("acme")) == [usage.project])
        #expect(try lineages(.project, "checkout", .organization("zeta")) == [])
        #expect(try lineages(.organization, "acme", .organization("acme")) == [usage.org])
        try connection.transaction {
            try $0.query(
                "INSERT INTO charter.lineage (uid, org, kind, name, opened_revision) VALUES ($1, 'acme', 'APIKey', 'renamed', 1)",
                [.text(usage.keys[1])])
        }
        #expect(try lineages(.apiKey, "renamed") == [usage.keys[1]])
        let groups = try connection.transaction {
            try Ledger.report($0, UsageQuestion([UsageFixtures.allTime.0..<UsageFixtures.allTime.1], by: [.key]))
        }
        #expect(Set(groups.map { $0.values[0]?.name }) == ["key-0", "renamed"])
    }

    @Test(arguments: [3, 50, 5_000]) func `pages hold every row once, in the order of time`(rowsMax: Int) throws {
        var random = SplitMix(state: 32)
        let (connection, all) = try filled(&random)
        // A correction and its row differ in nothing by which rows are ordered, nor do thousands of the same moment.
        let twins = Array(repeating: all[0], count: 7)
        try connection.ship(twins, epoch: try connection.mintEpoch(), to: 1)
        let span = Instant(milliseconds: all[0].at.milliseconds - 40 * Self.hour)..<CellSeed.endOfTime
        var filter = UsageFilter()
        filter.orgs = [orgs[0], orgs[1]]
        let found = try connection.transaction(.repeatableRead) { transaction in
            var pages = try LedgerPages(transaction, span, filter, rowsMax: rowsMax)
            var found: [UsageRow] = []
            while let rows = try pages.next(transaction) {
                #expect(!rows.isEmpty && rows.count <= rowsMax)
                found += rows
            }
            return found
        }
        let wanted = (all + twins).filter { span.contains($0.at) }
        #expect(found.count == wanted.count)
        #expect(found.map(\.at) == wanted.map(\.at).sorted())
        #expect(found.reduce(0) { $0 + $1.cost.rawValue } == wanted.reduce(0) { $0 + $1.cost.rawValue })
        #expect(found.allSatisfy { $0.detail.isEmpty })
    }
}
