import Crypto
import Store
import TestKit
import Testing

@testable import Gateway

/// PostgreSQL that does not know any more what it has confirmed.
@Suite struct SetBackTests {
    @Test func `gets what the journal still has`() throws {
        let database = try Platform(gateway: false).database
        let connection = try Connection(database)
        let epoch = try connection.transaction { try Epochs.mint($0, gateway: "one") }
        let bench = try JournalBench(epoch: epoch)
        bench.book(1...3)
        let shipper = try bench.shipper(database)
        shipper.start()
        try eventually(within: .seconds(20), "three rows") { try LedgerRow.all(connection).count == 3 }
        try connection.transaction { transaction in
            for table in ["usage", "usage_hour", "shipped", "epoch"] { try transaction.query("DELETE FROM charter.\(table)") }
            try transaction.query("ALTER TABLE charter.epoch ALTER id RESTART")
        }
        bench.book(4...5)
        try eventually(within: .seconds(20), "all rows") { try LedgerRow.all(connection).count == 5 }
        #expect(Set(try LedgerRow.all(connection).map(\.decision)).count == 5)
        #expect(try connection.transaction { try Epochs.mint($0, gateway: "two") } > epoch)
        shipper.drain(within: .seconds(20))
    }

    @Test func `gets what an earlier process left, though it was set back while that was booked`() throws {
        let database = try Platform(gateway: false).database
        let connection = try Connection(database)
        let epoch = try connection.transaction { try Epochs.mint($0, gateway: "one") }
        let bench = try JournalBench(epoch: epoch)
        bench.book(1...3)
        let second = try JournalWriter(
            directory: bench.directory.path, epoch: epoch, loop: 1, limits: JournalLimits(), health: bench.health, syncer: bench.syncer)
        second.append(JournalBench.opened(4))
        second.append(JournalBench.settled(4))
        second.flush()
        let log = Log(descriptor: -1)
        let target = ShippingTarget(connection: connection, refused: RefusedRows(bench.directory, log: log))
        var recovery = try JournalRecovery(
            bench.directory, of: "one", before: epoch + 1, sparing: nil, health: bench.health, log: log)
        try recovery.run(to: target) { true }
        #expect(try LedgerRow.all(connection).count == 3)
        try connection.transaction { transaction in
            for table in ["usage", "usage_hour", "usage_day", "shipped", "epoch"] { try transaction.query("DELETE FROM charter.\(table)") }
        }
        #expect(throws: DatabaseError.self) { try recovery.run(to: target) { false } }
        try recovery.run(to: target) { false }
        #expect(recovery.isDone)
        #expect(Set(try LedgerRow.all(connection).map(\.decision)).count == 4)
        let sums = try connection.transaction { try $0.query("SELECT sum(attempts), sum(cost) FROM charter.usage_hour")[0] }
        #expect(try sums.integer(0) == 4 && sums.integer(1) == 28)
    }

    @Test func `an epoch that lies on the disk is not minted`() throws {
        let connection = try Connection(try Platform(gateway: false).database)
        let first = try connection.transaction { try Epochs.mint($0, gateway: "one", above: 5_000) }
        #expect(first > 5_000)
        #expect(try connection.transaction { try Epochs.mint($0, gateway: "one", above: 7) } == first + 1)
    }

    @Test func `while a long journal is booked, rules change and only budgets wait`() throws {
        let free = "ck-free"
        let other = """
            ---
            apiVersion: charter/v1
            kind: APIKey
            metadata: { name: free }
            spec: { owner: sam, scopes: [all], secrets: [{ sha256: \(SHA256.digest(free).hex) }] }
            """
        let bounded = StandardConfiguration.key(spec: "  budget: { hard: 100 USD/month }\n")
        let platform = try Platform([StandardConfiguration.keyPath: bounded + other], gateway: false, configure: { options in
            options.recoveryPatience = .milliseconds(100)
        })
        let connection = try Connection(platform.database)
        let epoch = try connection.transaction { try Epochs.mint($0, gateway: "one") }
        let left = try JournalWriter(
            directory: JournalDirectory(state: platform.folder.path + "/state").path, epoch: epoch, loop: 0, limits: JournalLimits(),
            health: JournalHealth(), syncer: JournalSyncer(health: JournalHealth()))
        left.append(JournalBench.opened(1))
        left.append(JournalBench.settled(1))
        left.flush()
        try connection.transaction { transaction in
            try transaction.query(
                "INSERT INTO charter.shipped (epoch, segment, \"offset\") VALUES ($1, 0, 0)", [.integer(epoch)])
        }
        // The booking of what was left waits for this.
        try connection.transaction(timeout: .seconds(60)) { transaction in
            try transaction.query("SELECT FROM charter.shipped WHERE epoch = $1 FOR UPDATE", [.integer(epoch)])
            try platform.startGateway()
            let client = TestClient(port: platform.port)
            #expect(try client.chat(key: free).status == 200)
            #expect(try client.chat().json("error", "code") == "journal_unavailable")
            #expect(try client.get("/metrics").text.contains("charter_journal_recovering 1\n"))
            try platform.apply([StandardConfiguration.keyPath: bounded])
            #expect(try client.chat(key: free).status == 401)
        }
        try eventually(within: .seconds(20), "budgets are open") { try TestClient(port: platform.port).chat().status == 200 }
        #expect(try platform.ledger(rows: 3).count == 3)
    }
}
