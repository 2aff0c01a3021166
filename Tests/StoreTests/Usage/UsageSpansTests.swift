import Crypto
import Spec
import Testing
import TestKit

@testable import Store

@Suite struct UsageSpansTests {
    private let usage = UsageFixtures()
    private static let hour: Int64 = 3_600_000
    private static let minute: Int64 = 60_000

    private func span(
        _ meter: CellMeter = .usd, key: Int? = nil, models: [String]? = nil, tag: Spec.Tag? = nil, pool: String? = nil, from: Int64, to: Int64,
        part: Int64, isPerName: Bool = false
    ) -> UsageSpan {
        let start = UsageFixtures.dayStart.milliseconds
        return UsageSpan(
            meter: meter, subject: UsageSubject(orgUID: usage.org, keyUID: key.map { usage.keys[$0] }, models: models), tag: tag,
            poolUID: pool, from: Instant(milliseconds: start + from), to: Instant(milliseconds: start + to), part: part,
            isPerName: isPerName)
    }

    private func parts(_ connection: Connection, _ spans: [UsageSpan]) throws -> Set<UsagePart> {
        Set(try connection.transaction { try RecentUsage.parts($0, spans) })
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: UsageFixtures.dayStart.milliseconds + milliseconds) }

    @Test(arguments: [UsageSpansTests.minute, 6 * UsageSpansTests.minute, UsageSpansTests.hour, 3 * UsageSpansTests.hour])
    func `parts hold what lies in them, and nothing from outside of the time`(part: Int64) throws {
        let connection = try Fixtures.connection()
        let step: Int64 = 7 * Self.minute + 311
        let rows = (-30..<120).map { usage.row(at: at(Int64($0) * step), cost: Int64($0 + 31)) }
        try connection.ship(rows, epoch: try connection.mintEpoch(), to: 1)
        let span = span(from: -3 * Self.hour, to: 9 * Self.hour, part: part)
        var wanted: [Instant: Int64] = [:]
        for row in rows where row.at >= span.from && row.at < span.to {
            wanted[Instant(milliseconds: row.at.milliseconds / part * part), default: 0] += row.cost.rawValue
        }
        #expect(try parts(connection, [span]) == Set(wanted.map { UsagePart(span: 0, from: $0, amount: $1) }))
    }

    @Test(arguments: [0, 1, 1_800_000, 3_599_999] as [Int64])
    func `a time that is not cut is summed exactly, wherever it begins`(shift: Int64) throws {
        let connection = try Fixtures.connection()
        let rows = (0..<60).map { usage.row(at: at(Int64($0) * 600_000), cost: 1) }
        try connection.ship(rows, epoch: try connection.mintEpoch(), to: 1)
        let span = span(from: shift, to: shift + 5 * 1_800_000, part: UsageSpan.whole)
        let wanted = rows.filter { $0.at >= span.from && $0.at < span.to }.count
        #expect(try parts(connection, [span]).map(\.amount) == [Int64(wanted)])
    }

    @Test func `a tag counts what its keys carried, and each span its own part of the organization`() throws {
        let connection = try Fixtures.connection()
        let search = #"{"stage":"live","team":"search"}"#
        try connection.ship(
            [
                usage.row(cost: 1, tags: search), usage.row(key: 1, cost: 10, tags: #"{"team":"search"}"#),
                usage.row(cost: 100, tags: #"{"team":"searching"}"#), usage.row(key: 1, model: "vllm/llama", cost: 1_000),
            ], epoch: try connection.mintEpoch(), to: 1)
        let day = { (tag: Spec.Tag?, key: Int?, models: [String]?) in
            span(key: key, models: models, tag: tag, from: 0, to: 24 * Self.hour, part: UsageSpan.whole)
        }
        let team = try Spec.Tag.parse("team=search")
        let found = try parts(
            connection,
            [
                day(team, nil, nil), day(team, 0, nil), day(nil, nil, nil), day(nil, nil, ["vllm/*"]),
                day(try Spec.Tag.parse("stage=test"), nil, nil), span(.requests, tag: team, from: 0, to: 24 * Self.hour, part: UsageSpan.whole),
            ])
        #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.span, $0.amount) }) == [0: 11, 1: 1, 2: 1_111, 3: 1_000, 5: 2])
    }

    @Test func `a pool counts what its keys used, by the requested name, and whole hours outlast their rows`() throws {
        let connection = try Fixtures.connection()
        let (pool, other) = (SecureRandom.uuid(), SecureRandom.uuid())
        for (index, pool) in [pool, other].enumerated() { try connection.insertMinted(usage, key: index, pool: pool) }
        try connection.ship(
            [
                usage.row(cost: 1), usage.row(cost: 2, route: nil), usage.row(key: 1, cost: 10),
                usage.row(at: at(-1), cost: 100), usage.row(at: at(24 * Self.hour), cost: 1_000),
            ], epoch: try connection.mintEpoch(), to: 1)
        let day = { (pool: String?, isPerName: Bool) in
            span(pool: pool, from: 0, to: 24 * Self.hour, part: UsageSpan.whole, isPerName: isPerName)
        }
        let spans = [day(nil, false), day(pool, false), day(other, false), day(SecureRandom.uuid(), false), day(pool, true)]
        let wanted: Set = ["0  13", "1  3", "2  10", "4 assistant 1", "4 openai/gpt-4o 2"]
        #expect(Set(try parts(connection, spans).map { "\($0.span) \($0.name) \($0.amount)" }) == wanted)
        try connection.transaction { try $0.query("DELETE FROM charter.usage") }
        #expect(Set(try parts(connection, spans).map { "\($0.span) \($0.name) \($0.amount)" }) == wanted)
    }

    @Test func `sums of parts stay at the largest number`() throws {
        let connection = try Fixtures.connection()
        try connection.ship(
            [usage.row(cost: .max), usage.row(key: 1, cost: .max)], epoch: try connection.mintEpoch(), to: 1)
        let span = span(from: 0, to: 24 * Self.hour, part: UsageSpan.whole)
        #expect(try parts(connection, [span]).map(\.amount) == [.max])
    }
}
