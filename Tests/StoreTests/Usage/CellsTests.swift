import Crypto
import Spec
import Testing
import TestKit

@testable import Store

@Suite struct CellsTests {
    private let usage = UsageFixtures()
    private let budget = SecureRandom.uuid()

    @Test func `a cell made late starts at the ledger's sum, and follows every shipment`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        try connection.ship([usage.row(cost: 7), usage.row(key: 1, cost: 100)], epoch: epoch, to: 1)
        let seeds = [usage.seed(budget), usage.seed(budget, .tokens), usage.seed(budget, .requests)]
        let ofKey = usage.seed(usage.keys[0], key: 0)
        #expect(try connection.load(seeds + [ofKey]) == [107, 60, 2, 7])
        try connection.ship([usage.row(cost: 1, attempt: 2), usage.row(key: 1, cost: 2)], epoch: epoch, from: 1, to: 2)
        #expect(try connection.load(seeds + [ofKey]) == [110, 120, 3, 8])
    }

    @Test func `sums stay at the largest number, and what comes after is shipped`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let known = usage.seed(budget)
        #expect(try connection.load([known]) == [0])
        let most = usage.row(cost: .max)
        try connection.ship([most, usage.row(cost: .max, attempt: 2)], epoch: epoch, to: 1)
        try connection.ship([most, usage.row(key: 1, cost: 5)], epoch: epoch, from: 1, to: 2)
        #expect(try connection.load([known]) == [.max])
        // One that is made later is summed from the rows and the rollup.
        #expect(try connection.load([usage.seed(SecureRandom.uuid()), usage.seed(SecureRandom.uuid(), key: 1)]) == [.max, 5])
        let rollups = try connection.transaction { transaction in
            try ["hour", "day"].flatMap { grain in
                try transaction.query("SELECT cost FROM charter.usage_\(grain) ORDER BY cost").map { try $0.integer(0) }
            }
        }
        #expect(rollups == [5, .max, 5, .max])
    }

    @Test func `a shipper that has not heard of a budget charges it all the same`() throws {
        let connection = try Fixtures.connection()
        #expect(try connection.load([usage.seed(budget)]) == [0])
        try connection.ship([usage.row(cost: 9)], epoch: try connection.mintEpoch(), to: 1)
        #expect(try connection.load([usage.seed(budget)]) == [9])
    }

    @Test func `windows that begin together stay apart, and count only what lies inside`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let nextDay = Instant(milliseconds: UsageFixtures.dayEnd.milliseconds)
        let week = usage.seed(budget, window: .week, end: Instant(milliseconds: nextDay.milliseconds + 1))
        let seeds = [usage.seed(budget), week]
        try connection.ship([usage.row(at: UsageFixtures.dayStart, cost: 1), usage.row(at: nextDay, cost: 10)], epoch: epoch, to: 1)
        #expect(try connection.load(seeds) == [1, 11])
        let beforeStart = Instant(milliseconds: UsageFixtures.dayStart.milliseconds - 1)
        try connection.ship(
            [usage.row(at: beforeStart, cost: 1000), usage.row(at: nextDay, cost: 100)], epoch: epoch, from: 1, to: 2)
        #expect(try connection.load(seeds) == [1, 111])
    }

    @Test(arguments: [-3_600_001, -3_600_000, -90_000, -1, 0, 1, 1_800_000, 3_600_000, 5_400_000] as [Int64])
    func `a window that cuts an hour is summed exactly`(shift: Int64) throws {
        let connection = try Fixtures.connection()
        let start = Instant(milliseconds: UsageFixtures.dayStart.milliseconds + shift)
        let end = Instant(milliseconds: start.milliseconds + 5 * 1_800_000)
        let step: Int64 = 450_000
        let rows = (-10..<40).map { index in
            usage.row(at: Instant(milliseconds: UsageFixtures.dayStart.milliseconds + index * step), cost: 1)
        }
        try connection.ship(rows, epoch: try connection.mintEpoch(), to: 1)
        let wanted = rows.filter { $0.at >= start && $0.at < end }.count
        #expect(try connection.load([usage.seed(budget, start: start, end: end)]) == [Int64(wanted)])
    }

    @Test func `models are counted by glob, without SQL's own wildcards`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let globs = [["openai/*"], ["*4o"], ["openai/gpt_4o"], ["openai/gpt-4o", "vllm/*"], ["%"], ["o*i/*-4*"]]
        let seeds = globs.map { usage.seed(SecureRandom.uuid(), models: $0) }
        let rows = [usage.row(model: "openai/gpt-4o", cost: 1), usage.row(model: "vllm/llama_3%", cost: 10)]
        try connection.ship(rows, epoch: epoch, to: 1)
        #expect(try connection.load(seeds) == [1, 1, 0, 11, 0, 1])
        try connection.ship(rows, epoch: epoch, from: 1, to: 2)
        #expect(try connection.load(seeds) == [2, 2, 0, 22, 0, 2])
    }

    @Test func `what was asked for by way of a route counts under its name too`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let globs = [["assistant"], ["assis*"], ["openai/*"], ["assistant", "openai/*"], ["other"]]
        let seeds = globs.map { usage.seed(SecureRandom.uuid(), models: $0) }
        // One in the rollup's whole hours, one in each cut hour of the window.
        let cut = usage.seed(SecureRandom.uuid(), models: ["assistant"], start: Instant(milliseconds: UsageFixtures.now.milliseconds - 1))
        let rows = [usage.row(cost: 1), usage.row(model: "vllm/llama", cost: 10), usage.row(cost: 100, route: nil)]
        try connection.ship(rows, epoch: epoch, to: 1)
        #expect(try connection.load(seeds + [cut]) == [11, 11, 101, 111, 0, 11])
        try connection.ship(rows, epoch: epoch, from: 1, to: 2)
        #expect(try connection.load(seeds + [cut]) == [22, 22, 202, 222, 0, 22])
        let sums = try globs.map { try connection.sums(UsageSubject(orgUID: usage.org, models: $0)).cost.rawValue }
        #expect(sums == [22, 22, 202, 222, 0])
    }

    @Test func `a limit per model has a cell for each name, made when it is first asked for`() throws {
        let connection = try Fixtures.connection()
        let epoch = try connection.mintEpoch()
        let start = Instant(milliseconds: UsageFixtures.now.milliseconds - 90 * 60_000)
        let uid = SecureRandom.uuid()
        func seed(_ name: String) -> CellSeed {
            var seed = usage.seed(uid, .requests, key: 0, start: start)
            seed.id.model = name
            return seed
        }
        func amounts() throws -> [String: Int64] {
            let found = try connection.transaction { try Cells.load($0, [seed(CellID.everyName), seed("")]) }
            return Dictionary(uniqueKeysWithValues: found.map { ($0.key.model, $0.value.amount) })
        }
        let early = Instant(milliseconds: start.milliseconds - 1)
        let rows = [
            usage.row(), usage.row(at: start), usage.row(model: "vllm/llama"), usage.row(route: nil), usage.row(at: early),
            usage.row(key: 1), usage.row(attempt: 2),
        ]
        try connection.ship(rows, epoch: epoch, to: 1)
        #expect(try amounts() == ["": 4, "*": 4, "assistant": 3, "openai/gpt-4o": 1])
        try connection.ship(
            [usage.row(), usage.row(model: "vllm/llama", route: nil), usage.row(key: 1)], epoch: epoch, from: 1, to: 2)
        #expect(try amounts() == ["": 6, "*": 6, "assistant": 4, "openai/gpt-4o": 1, "vllm/llama": 1])
        try connection.ship([usage.row(model: "vllm/llama", route: nil)], epoch: epoch, from: 2, to: 3)
        #expect(try amounts()["vllm/llama"] == 2)
    }

    @Test func `the minutes of the last hour are told by subject and requested name`() throws {
        let connection = try Fixtures.connection()
        let minute = Instant(milliseconds: UsageFixtures.now.milliseconds / 60_000 * 60_000)
        let before = Instant(milliseconds: minute.milliseconds - 1)
        try connection.ship(
            [
                usage.row(at: minute), usage.row(at: Instant(milliseconds: minute.milliseconds + 59_999), model: "vllm/llama"),
                usage.row(at: minute, route: nil), usage.row(at: before), usage.row(key: 1, at: minute),
            ], epoch: try connection.mintEpoch(), to: 1)
        let found = try connection.transaction {
            try RecentUsage.minutes($0, since: minute, orgs: [], keys: [usage.keys[0]])
        }
        #expect(Set(found.map(\.name)) == ["assistant", "openai/gpt-4o"])
        #expect(found.allSatisfy { $0.minute == minute && $0.keyUID == usage.keys[0] && $0.projectUID == usage.project })
        #expect(found.first { $0.name == "assistant" }?.requests == 2)
        #expect(found.first { $0.name == "assistant" }?.tokens == 60)
        let ofOrg = try connection.transaction { try RecentUsage.minutes($0, since: before, orgs: [usage.org], keys: []) }
        #expect(ofOrg.reduce(0) { $0 + $1.requests } == 5)
    }

    @Test func `the minutes of a minted key tell of its pool`() throws {
        let connection = try Fixtures.connection()
        let pool = SecureRandom.uuid()
        try connection.insertMinted(usage, key: 1, pool: pool)
        try connection.ship([usage.row(), usage.row(key: 1), usage.row(key: 1, decision: "d2")], epoch: try connection.mintEpoch(), to: 1)
        let minutes = try connection.transaction { try RecentUsage.minutes($0, since: UsageFixtures.dayStart, orgs: [usage.org], keys: []) }
        #expect(Dictionary(uniqueKeysWithValues: minutes.map { ($0.poolUID, $0.requests) }) == [nil: 1, pool: 2])
    }

    @Test func `a rule whose subject changed is summed anew`() throws {
        let connection = try Fixtures.connection()
        try connection.ship([usage.row(cost: 1), usage.row(key: 1, cost: 10)], epoch: try connection.mintEpoch(), to: 1)
        #expect(try connection.load([usage.seed(budget, key: 0)]) == [1])
        #expect(try connection.load([usage.seed(budget, key: 1)]) == [10])
        #expect(try connection.load([usage.seed(budget)]) == [11])
    }

    @Test func `under shipping and seeding from many sessions nothing is lost or counted twice`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let budgets = (0..<8).map { _ in SecureRandom.uuid() }
        let epochs = try (0..<3).map { _ in try Connection(url).mintEpoch() }
        let parts = [budgets.prefix(4), budgets.suffix(4), budgets.prefix(8)]
        try inParallel(epochs.count + parts.count) { worker in
            let connection = try Connection(url)
            guard worker < epochs.count else {
                for uid in parts[worker - epochs.count] {
                    _ = try connection.load([usage.seed(uid), usage.seed(uid, .requests, key: 1)])
                }
                return
            }
            for step in 0..<20 as Range<Int64> {
                let rows = [usage.row(cost: 1), usage.row(key: 1, cost: 2)]
                try connection.ship(rows, epoch: epochs[worker], from: step, to: step + 1)
            }
        }
        let connection = try Connection(url)
        #expect(try connection.sums(usage.everything).cost == NanoUSD(180))
        #expect(try connection.load(budgets.map { usage.seed($0) }) == budgets.map { _ in 180 })
        #expect(try connection.load(budgets.map { usage.seed($0, .requests, key: 1) }) == budgets.map { _ in 60 })
    }

    @Test func `a seeder waits for a shipment under way`() throws {
        let url = try TestPostgres.shared.freshDatabase()
        let shipper = try Connection(url)
        let epoch = try shipper.mintEpoch()
        let seeding = try shipper.transaction { transaction in
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 1, rows: [usage.row(cost: 6)])
            let seeding = Background { try Connection(url).load([usage.seed(budget)]) }
            try Fixtures.awaitLockWaiter(in: url)
            return seeding
        }
        #expect(try seeding.value() == [6])
    }
}
