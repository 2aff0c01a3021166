import Crypto
import Policy
import Store
import TestKit
import Testing

@testable import Spec

extension GatewayFaults {
    /// Charges by the million, shipped in parts of any size by several gateways.
    @Suite struct ChargesInTheLedger {
        private static let hour: Int64 = 3_600_000
        /// 2026-10-29T00:00:00Z: three days before a month ends.
        private static let start = CivilDate(year: 2026, month: 10, day: 29).start
        private static let hours: Int64 = 7 * 24
        private static let shippers = 4

        private let org = SecureRandom.uuid()
        private let keys = (0..<6).map { _ in SecureRandom.uuid() }
        private let models = ["openai/gpt-4o", "openai/o3", "groq/llama"]

        /// What was charged, added up by hand: in all, by key, and by hour.
        private struct Sums: Equatable {
            var count: Int64 = 0
            var tokens: Int128 = 0
            var cost: Int128 = 0
            var ofKey: [String: Int128] = [:]
            var ofHour: [Int64: Int128] = [:]

            mutating func add(_ row: UsageRow) {
                let amount = Int128(row.cost.rawValue)
                count += 1
                tokens += Int128(row.input) + Int128(row.output)
                cost += amount
                ofKey[row.terms.keyUID, default: 0] += amount
                ofHour[row.at.milliseconds / ChargesInTheLedger.hour, default: 0] += amount
            }

            mutating func add(_ other: Sums) {
                count += other.count
                tokens += other.tokens
                cost += other.cost
                ofKey.merge(other.ofKey, uniquingKeysWith: +)
                ofHour.merge(other.ofHour, uniquingKeysWith: +)
            }
        }

        @Test func `F19 random charges are the same sum in rows, rollups, counters and reports, however they are parted`() throws {
            let database = try TestPostgres.shared.freshDatabase()
            let connection = try Connection(database)
            let budgets = [seed(UsageSubject(orgUID: org)), seed(UsageSubject(orgUID: org, keyUID: keys[2])), seed(UsageSubject(orgUID: org, models: ["openai/*"]))]
            // One is there before the first charge, the others are seeded when all is shipped.
            _ = try connection.transaction { try Cells.load($0, [budgets[0]]) }
            let each = TestLength.of(100_000, long: 10_000_000) / Self.shippers
            let parts = try inParallel(Self.shippers, within: .seconds(7_200)) { try ship(each, as: $0, to: database) }
            let wanted = parts.reduce(into: Sums()) { $0.add($1) }

            #expect(wanted.count == Int64(each * Self.shippers))
            for table in ["usage", "usage_hour", "usage_day"] {
                #expect(try numbers(connection, 3, "SELECT sum(cost), sum(tokens), sum(requests) FROM charter.\(table)") == [[wanted.cost, wanted.tokens, Int128(wanted.count)]], "\(table)")
            }
            let ofHour = try numbers(connection, 2, "SELECT extract(epoch FROM hour)::bigint / 3600, sum(cost) FROM charter.usage_hour GROUP BY 1")
            #expect(Dictionary(uniqueKeysWithValues: ofHour.map { (Int64($0[0]), $0[1]) }) == wanted.ofHour)
            let amounts = try connection.transaction { try Cells.load($0, budgets) }.mapValues(\.amount)
            #expect(amounts[budgets[0].id].map { Int128($0) } == wanted.cost)
            #expect(amounts[budgets[1].id].map { Int128($0) } == wanted.ofKey[keys[2]])
            try expectReports(connection, wanted, amounts[budgets[2].id])
        }

        /// As `charter usage` adds them up.
        private func expectReports(_ connection: Connection, _ wanted: Sums, _ ofOpenAI: Int64?) throws {
            let end = Instant(milliseconds: Self.start.milliseconds + Self.hours * Self.hour)
            var random = SplitMix(state: 7)
            let cuts = (0..<5).map { _ in Int64.random(in: Self.start.milliseconds..<end.milliseconds, using: &random) }.sorted()
            let ends = [Self.start.milliseconds] + cuts + [end.milliseconds]
            let periods = zip(ends, ends.dropFirst()).map { Instant(milliseconds: $0)..<Instant(milliseconds: $1) }
            let groups = try connection.transaction { try Ledger.report($0, UsageQuestion(periods, by: [.key, .provider])) }
            #expect(groups.reduce(0) { $0 + Int128($1.sums.cost) } == wanted.cost)
            let ofProvider = Dictionary(grouping: groups) { $0.values[1]?.name ?? "" }.mapValues { $0.reduce(0) { $0 + $1.sums.cost } }
            #expect(ofProvider["openai"] == ofOpenAI)
        }

        private func ship(_ count: Int, as shipper: Int, to database: String) throws -> Sums {
            let connection = try Connection(database)
            let epoch = try connection.transaction { try Epochs.mint($0, gateway: "g\(shipper)") }
            var random = SplitMix(state: UInt64(shipper) + 190)
            let lists = (0..<8).map { _ in Self.prices(&random) }
            let terms = terms()
            var sums = Sums()
            var offset: Int64 = 0
            var left = count
            while left > 0 {
                // From one row to as many as a shipment takes.
                let size = min(left, Int.random(in: 0..<4, using: &random) == 0 ? .random(in: 1...9, using: &random) : .random(in: 10...5_000, using: &random))
                let rows = (0..<size).map { row($0, terms, lists, &random) }
                for row in rows { sums.add(row) }
                try connection.transaction(timeout: .seconds(300)) {
                    _ = try Ledger.ship($0, epoch: epoch, segment: 1, from: offset, to: offset + 1, rows: rows)
                }
                offset += 1
                left -= size
            }
            return sums
        }

        private func row(_ number: Int, _ terms: [UsageTerms], _ lists: [PriceList], _ random: inout SplitMix) -> UsageRow {
            let input = Int64.random(in: 0...200_000, using: &random)
            let usage = Usage(
                input: input, output: .random(in: 0...16_000, using: &random), cacheRead: .random(in: 0...input, using: &random))
            let at = Self.start.milliseconds + Int64.random(in: 0..<Self.hours * Self.hour, using: &random)
            return UsageRow(
                at: Instant(milliseconds: at), terms: terms[Int.random(in: terms.indices, using: &random)], decision: "d\(number)", attempt: 1,
                status: 200, input: usage.input, output: usage.output, cacheRead: usage.cacheRead,
                cost: Pricing.cost(usage, lists[Int.random(in: lists.indices, using: &random)]), estimated: false, latencyMs: 1, detail: "{}")
        }

        private func terms() -> [UsageTerms] {
            keys.flatMap { key in
                models.map { model in
                    UsageTerms(
                        org: "acme", orgUID: org, key: String(key.prefix(8)), keyUID: key, endpoint: "chat.completions", requestedModel: model,
                        model: model, revision: 1, priceVersion: "v")
                }
            }
        }

        private static func prices(_ random: inout SplitMix) -> PriceList {
            func price() -> PicoUSDPerMillion { PicoUSDPerMillion(.random(in: 0...100_000_000_000_000, using: &random)) }
            return PriceList(
                ModelCatalog.PriceList(meters: [.input: price(), .cacheRead: price(), .output: price()]), version: "random")
        }

        private func seed(_ subject: UsageSubject) -> CellSeed {
            CellSeed(
                id: CellID(uid: SecureRandom.uuid(), meter: .usd, window: .total, windowStart: Instant(milliseconds: 0)),
                windowEnd: CellSeed.endOfTime, subject: subject)
        }

        private func numbers(_ connection: Connection, _ columns: Int, _ query: String) throws -> [[Int128]] {
            try connection.transaction(timeout: .seconds(300)) { transaction in
                var all: [[Int128]] = []
                for row in try transaction.query(query) {
                    var numbers: [Int128] = []
                    for column in 0..<columns { numbers.append(try #require(Int128(try row.text(column)))) }
                    all.append(numbers)
                }
                return all
            }
        }
    }
}
