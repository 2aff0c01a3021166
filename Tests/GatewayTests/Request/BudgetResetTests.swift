import Gateway
import Spec
import Store
import TestKit
import Testing

/// Budgets that are set back while a gateway runs, and prices that are corrected.
@Suite struct BudgetResetTests {
    private static func platform(_ budget: String) throws -> Platform {
        try Platform([StandardConfiguration.keyPath: StandardConfiguration.key(spec: "  budget: \(budget)\n")])
    }

    /// As `charter budget reset` does: forgives so much of the present month of the key's own budget.
    private func forgive(_ amount: Int64, _ counter: String, _ platform: Platform) throws {
        try Connection(platform.database).transaction { transaction in
            let rows = try Resources.list(transaction, .organization("acme"))
            let key = try #require(rows.first { $0.key.kind == .apiKey })
            let org = try #require(rows.first { $0.key.kind == .organization })
            let date = CivilDate(try transaction.clock())
            let start = CivilDate(year: date.year, month: date.month, day: 1).start
            let end = CivilDate(year: date.month == 12 ? date.year + 1 : date.year, month: date.month % 12 + 1, day: 1).start
            try RuntimeSequence.advance(transaction, orgUID: org.uid)
            _ = try BudgetResets.add(
                transaction,
                BudgetReset(
                    org: "acme", orgUID: org.uid, resource: key.key, counter: CounterID(uid: key.uid, name: counter, subject: ""),
                    windowStart: start, windowEnd: end, amount: amount, actor: "ada", reason: "test"),
                [BudgetResets.Part(start: start, countsUntil: end, amount: amount)])
        }
    }

    private func events(_ platform: Platform, _ type: String) throws -> Int64 {
        try Connection(platform.database).transaction { transaction in
            try transaction.query("SELECT count(*) FROM charter.event WHERE type = $1", [.text(type)])[0].integer(0)
        }
    }

    /// Asks until one is let through; answers how many more are until the next refusal.
    private func admitted(_ client: TestClient) throws -> Int {
        var count = 0
        try eventually(within: .seconds(15), "calls pass again") { try client.chat().status == 200 }
        while try client.chat().status == 200 { count += 1 }
        return count + 1
    }

    @Test func `a spent budget is told of once and opens within a moment of its reset, also after a restart`() throws {
        let platform = try Self.platform("{ hard: 4 requests/month, at: { 50%: notify } }")
        var client = TestClient(port: platform.port)
        #expect(try admitted(client) == 4)
        #expect(try client.chat().status == 429)
        _ = try platform.ledger(rows: 4)
        try eventually(within: .seconds(20), "it is told of") {
            try events(platform, "budget.exhausted") == 1 && events(platform, "budget.threshold") == 1
        }

        try forgive(4, "requests/month", platform)
        #expect(try admitted(client) == 4)
        // What is reached again after a reset is told again.
        try eventually(within: .seconds(20), "it is told of again") {
            try events(platform, "budget.exhausted") == 2 && events(platform, "budget.threshold") == 2
        }
        _ = try platform.ledger(rows: 8)
        platform.stopGateway()
        try forgive(3, "requests/month", platform)
        try platform.startGateway()
        client = TestClient(port: platform.port)
        #expect(try admitted(client) == 3)
        #expect(try platform.ledger(rows: 11).count == 11)
    }

    @Test func `what is refused because less is left than it may cost is told as exhausted`() throws {
        // A call may cost a cent, and costs a hundredth of that.
        let platform = try Self.platform("{ hard: 0.012 USD/month }")
        let client = TestClient(port: platform.port)
        #expect(try admitted(client) > 0)
        try eventually(within: .seconds(20), "it is told of") { try events(platform, "budget.exhausted") == 1 }
        let left = try Connection(platform.database).transaction { transaction in
            try transaction.query("SELECT (data::jsonb->>'left')::bigint FROM charter.event WHERE type = 'budget.exhausted'")[0].integer(0)
        }
        #expect(left > 0)
    }

    @Test func `a counter follows the ledger's sum down, and loses nothing that is on its way there`() throws {
        let platform = try Self.platform("{ hard: 20 requests/month }")
        let client = TestClient(port: platform.port)
        for _ in 0..<8 { #expect(try client.chat().status == 200) }
        _ = try platform.ledger(rows: 8)
        // A hand, or a database that was set back to an earlier moment.
        try Connection(platform.database).transaction { transaction in
            _ = try transaction.query("UPDATE charter.cell SET amount = amount - 5 WHERE meter = 'requests'")
        }
        // Calls go on all the while, so that some are charged, recorded or shipped at every point of a reading.
        var served = 8
        try eventually(within: .seconds(60), "more is let through than the budget would have left") {
            if try client.chat().status == 200 { served += 1 }
            return served == 25
        }
        for _ in 0..<20 { #expect(try client.chat().status == 429) }
        #expect(try platform.ledger(rows: 25).count == 25)
        let sum = try Connection(platform.database).transaction { transaction in
            try transaction.query("SELECT amount FROM charter.cell WHERE meter = 'requests'")[0].integer(0)
        }
        #expect(sum == 20)
    }

    @Test func `usage that a correction makes cheaper is taken off a running gateway's count`() throws {
        let platform = try Self.platform("{ hard: 0.012 USD/month }")
        let client = TestClient(port: platform.port)
        let count = try admitted(client)
        let rows = try platform.ledger(rows: count)
        let connection = try Connection(platform.database)
        // As `charter usage reprice` books it.
        let pages = try connection.transaction { try Ledger.recent($0, .everything, limit: count) }
        #expect(pages.count == rows.count)
        _ = try connection.transaction { transaction in
            let epoch = try Epochs.mint(transaction, gateway: "reprice")
            let corrections = pages.map { CostCorrection(row: $0, cost: .zero, priceVersion: "free") }
            return try Ledger.correct(transaction, corrections, epoch: epoch, detail: "{}")
        }
        #expect(try admitted(client) >= count)
    }
}
