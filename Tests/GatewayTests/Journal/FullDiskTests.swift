import Glibc
import Store
import Synchronization
import TestKit
import Testing

@testable import Gateway

/// A gateway whose disk takes nothing for a while.
@Suite struct FullDiskTests {
    private static let keys = StandardConfiguration.keys(spec: "  budget: { hard: 100 USD/month }\n")

    /// A switch that fills a disk.
    private final class Switch: Sendable {
        private let full = Atomic<Bool>(false)

        func fill() { full.store(true, ordering: .relaxed) }
        func free() { full.store(false, ordering: .relaxed) }

        var disk: JournalDisk {
            var disk = JournalDisk()
            disk.write = { [self] file, bytes, offset throws(DiskFault) in
                guard full.load(ordering: .relaxed) else { return try file.write(bytes, at: offset) }
                // As a file system does that has room for a part.
                try? file.write(Array(bytes.prefix(bytes.count / 2)), at: offset)
                throw DiskFault(call: "pwrite", errno: ENOSPC, path: file.path)
            }
            return disk
        }
    }

    private static func platform(_ filled: Switch, patience: Duration = .seconds(10)) throws -> Platform {
        try Platform([StandardConfiguration.keyPath: keys], configure: { options in
            options.disk = filled.disk
            options.databasePatience = patience
        })
    }

    @Test func `not even the request whose record is refused first leaves under a budget`() throws {
        let filled = Switch()
        let platform = try Self.platform(filled)
        let client = TestClient(port: platform.port)
        #expect(try client.chat().status == 200)
        try eventually(within: .seconds(10), "the provider's log") {
            platform.folder.read("openai.log").split(separator: "\n").count == 1
        }
        filled.fill()
        let refused = try client.chat()
        #expect(refused.status == 503)
        #expect(refused.json("error", "code") == "journal_unavailable")
        #expect(try client.chat().status == 503)
        // What no budget bounds is better recorded late than refused.
        #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200)
        filled.free()
        try eventually(within: .seconds(20), "budgets are open again") { try client.chat().status == 200 }
        let rows = try platform.ledger(rows: 4)
        // The refused one has a row that costs nothing, and the provider never heard of it.
        #expect(rows.count { $0.status == 200 } == 3)
        #expect(rows.filter { $0.status == 0 }.map(\.cost) == [0])
        let log = platform.folder.read("openai.log")
        for row in rows { #expect(log.contains(row.decision) == (row.status == 200)) }
    }

    @Test func `an orderly stop on a full disk ships what is in memory`() throws {
        let filled = Switch()
        let platform = try Self.platform(filled, patience: .seconds(1))
        let client = TestClient(port: platform.port)
        #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200)
        filled.fill()
        for _ in 0..<3 { #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200) }
        platform.stopGateway()
        let rows = try LedgerRow.all(Connection(platform.database))
        #expect(rows.map(\.isEstimated) == [false, false, false, false])
        #expect(rows.allSatisfy { $0.output == 10 && $0.status == 200 })
        #expect(try JournalDirectory(state: platform.folder.path + "/state").epochs() == [])
        #expect(!platform.log.contains("usage is lost"))
    }

    @Test func `a stop that neither disk nor database helps says what is lost`() throws {
        let filled = Switch()
        let platform = try Self.platform(filled, patience: .seconds(3))
        let client = TestClient(port: platform.port)
        #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200)
        _ = try platform.ledger(rows: 1)
        filled.fill()
        _ = try Connection(platform.database).transaction { try $0.query("ALTER TABLE charter.ledger_lock RENAME TO no_lock") }
        for _ in 0..<2 { #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200) }
        platform.stopGateway()
        #expect(platform.log.contains("usage is lost"), "\(platform.log)")
        #expect(platform.log.contains(#""attempts":"2""#), "\(platform.log)")
    }

    @Test func `a stop that the disk does not help, and that does not hear of the database, says what may be lost`() throws {
        let filled = Switch()
        let platform = try Self.platform(filled, patience: .seconds(1))
        let client = TestClient(port: platform.port)
        #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200)
        _ = try platform.ledger(rows: 1)
        filled.fill()
        try Connection(platform.database).transaction(timeout: .seconds(60)) { transaction in
            try transaction.query("SELECT FROM charter.ledger_lock FOR UPDATE")
            for _ in 0..<2 { #expect(try client.chat(key: StandardConfiguration.freeSecret).status == 200) }
            platform.stopGateway()
        }
        #expect(platform.log.contains("usage may be lost") && !platform.log.contains("usage is lost"), "\(platform.log)")
        #expect(platform.log.contains(#""attempts":"2""#), "\(platform.log)")
    }
}
