import Glibc
import Store
import Synchronization
import TestKit
import Testing

@testable import Gateway

/// What the disk had not taken when the power went.
@Suite struct PowerCutTests {
    @Test func `nothing is shipped before the disk has it and its name`() throws {
        let database = try Platform(gateway: false).database
        let epoch = try Connection(database).transaction { try Epochs.mint($0, gateway: "one") }
        let seen = Mutex([String]())
        var disk = JournalDisk()
        disk.synchronize = { file throws(DiskFault) in
            let rows = (try? LedgerRow.all(Connection(database)).count) ?? -1
            seen.withLock { $0.append("file \(rows)") }
            try file.synchronize()
        }
        disk.synchronizeFolder = { path throws(DiskFault) in
            seen.withLock { $0.append(path.hasSuffix("/journal") ? "journal" : "epoch") }
            try Disk.synchronizeDirectory(path)
        }
        let bench = try JournalBench(epoch: epoch, disk: disk)
        bench.book(1...1)
        let shipper = try bench.shipper(database)
        shipper.start()
        try eventually(within: .seconds(20), "the attempt is in the ledger") { shipper.state.attempts == 1 }
        #expect(seen.withLock { $0 }.prefix(3) == ["file 0", "epoch", "journal"])
        shipper.drain(within: .seconds(20))
    }

    @Test func `a cut behind what was shipped books nothing twice`() throws {
        let database = try Platform(gateway: false).database
        let connection = try Connection(database)
        let epoch = try connection.transaction { try Epochs.mint($0, gateway: "one") }
        let bench = try JournalBench(epoch: epoch)
        bench.writer.append(JournalBench.opened(1))
        bench.writer.append(JournalBench.opened(2))
        bench.writer.flush()
        let durable = bench.writer.bytesWritten
        bench.writer.append(JournalBench.settled(1))
        bench.writer.flush()
        var follower = try bench.follower(isDead: false)
        let batch = try #require(try follower.next())
        try ShippingTarget(connection: connection, refused: RefusedRows(bench.directory, log: Log(descriptor: -1))).ship(batch)
        #expect(truncate(bench.path(0), off_t(durable)) == 0)
        var recovery = try JournalRecovery(
            bench.directory, of: "one", before: epoch + 1, sparing: nil, health: bench.health, log: Log(descriptor: -1))
        try recovery.run(to: ShippingTarget(connection: connection, refused: RefusedRows(bench.directory, log: Log(descriptor: -1)))) { false }
        // The second never ended, as far as anybody knows.
        #expect(recovery.outcome == JournalRecovery.Outcome(epochs: 1, settled: 0, estimated: 1))
        #expect(try LedgerRow.all(connection).map(\.isEstimated).sorted { !$0 && $1 } == [false, true])
        #expect(try bench.directory.epochs() == [])
    }

    @Test func `a segment that the disk refused once is left, and budgets are closed until it is shipped`() throws {
        let database = try Platform(gateway: false).database
        let epoch = try Connection(database).transaction { try Epochs.mint($0, gateway: "one") }
        let isBroken = Atomic<Bool>(true)
        let refuse: @Sendable (OpenFile) throws(DiskFault) -> Void = { file throws(DiskFault) in
            if isBroken.load(ordering: .relaxed) { throw DiskFault(call: "fdatasync", errno: EIO, path: file.path) }
        }
        var disk = JournalDisk()
        disk.synchronize = refuse
        let bench = try JournalBench(epoch: epoch, disk: disk)
        bench.book(1...2)
        bench.syncer.synchronize()
        #expect(bench.health.closesBudgets)
        #expect(bench.health.fault?.call == "fdatasync")
        // As a disk does that has said it once.
        isBroken.store(false, ordering: .relaxed)
        bench.book(3...3)
        bench.syncer.synchronize()
        #expect(bench.health.closesBudgets)
        try eventually(within: .seconds(20), "the next segment") {
            bench.writer.flush()
            return try bench.directory.segments(epoch: epoch).count == 2
        }
        #expect(bench.health.closesBudgets)
        let shipper = try bench.shipper(database)
        shipper.start()
        try eventually(within: .seconds(20), "the budgets are open again") { !bench.health.closesBudgets }
        #expect(try bench.directory.segments(epoch: epoch) == [bench.segment(1)])
        #expect(shipper.state.attempts == 3)
        shipper.drain(within: .seconds(20))
    }

    @Test func `a segment whose name the disk refuses is not trusted either`() throws {
        var disk = JournalDisk()
        disk.synchronizeFolder = { path throws(DiskFault) in throw DiskFault(call: "fsync", errno: EIO, path: path) }
        let bench = try JournalBench(disk: disk)
        bench.book(1...1)
        bench.syncer.synchronize()
        #expect(bench.health.isSuspect(bench.segment(0)))
    }
}
