import Glibc
import Store
import TestKit
import Testing

@testable import Gateway

@Suite struct LoopFollowerTests {
    @Test func `hands out what settled, once, while the segment grows`() throws {
        let bench = try JournalBench()
        var follower = try bench.follower(isDead: false)
        #expect(try follower.next() == nil)
        bench.writer.append(JournalBench.opened(1))
        bench.writer.append(JournalBench.opened(2))
        bench.writer.append(JournalBench.settled(1))
        bench.writer.flush()
        let first = try #require(try follower.next())
        #expect(first.attempts.map(\.opened.id.decision.low) == [1])
        #expect(first.from == 0)
        #expect(try follower.next() == nil)
        bench.writer.append(JournalBench.settled(2))
        bench.writer.flush()
        let second = try #require(try follower.next())
        #expect(second.from == first.to)
        #expect(second.attempts.map(\.opened.id.decision.low) == [2])
        #expect(follower.unsettledCount == 0)
    }

    @Test func `stops at the end that it is given, with more behind it and a segment to come, and then goes on`() throws {
        let bench = try JournalBench(segmentBytesMax: 600)
        var follower = try bench.follower(isDead: false)
        for number in UInt64(1)...3 {
            bench.writer.append(JournalBench.opened(number))
            bench.writer.append(JournalBench.settled(number))
        }
        let end = bench.writer.end
        for number in UInt64(4)...20 {
            bench.writer.append(JournalBench.opened(number))
            bench.writer.append(JournalBench.settled(number))
            bench.writer.flush()
        }
        #expect(try bench.directory.segments(epoch: 1).count > 1)
        follower.end = end
        let batch = try #require(try follower.next())
        #expect(batch.attempts.map(\.opened.id.decision.low) == [1, 2, 3])
        #expect(batch.to == end.offset && follower.isAtEnd)
        #expect(try follower.next() == nil)
        #expect(follower.takeDamages().isEmpty && follower.takeFinished().isEmpty)
        follower.end = nil
        var booked: [UInt64] = []
        while let batch = try follower.next() { booked += batch.attempts.map(\.opened.id.decision.low) }
        #expect(booked == Array(4...20))
        #expect(follower.takeDamages().isEmpty)
    }

    @Test func `a stream that stays open holds back neither shipping nor old segments`() throws {
        let bench = try JournalBench(segmentBytesMax: 600)
        bench.writer.append(JournalBench.opened(1))
        var follower = try bench.follower(isDead: false)
        var booked = 0
        for number in UInt64(2)...40 {
            bench.writer.append(JournalBench.opened(number))
            bench.writer.append(JournalBench.settled(number))
            bench.writer.flush()
            while let batch = try follower.next() { booked += batch.attempts.count }
            for segment in follower.takeFinished() { try bench.directory.remove(segment) }
        }
        #expect(booked == 39)
        let left = try bench.directory.segments(epoch: 1)
        #expect(left.count <= 2)
        #expect((left.last?.number ?? 0) >= 3)
        bench.writer.append(JournalBench.settled(1))
        bench.writer.flush()
        #expect(try follower.next()?.attempts.map(\.opened.id.decision.low) == [1])
    }

    @Test func `books what a dead process left open, once`() throws {
        let bench = try JournalBench()
        bench.writer.append(JournalBench.opened(1))
        bench.writer.append(JournalBench.opened(2, isStream: false))
        bench.writer.append(ProgressRecord(id: JournalBench.opened(1).id, outputPieces: 17))
        bench.writer.flush()
        var follower = try bench.follower(isDead: true)
        let batch = try #require(try follower.next())
        #expect(batch.to == ShipBatch.closed)
        #expect(batch.attempts.isEmpty)
        let outputs = Dictionary(uniqueKeysWithValues: batch.estimates.map { ($0.opened.id.decision.low, $0.settled.usage.output) })
        // A stream has what it had produced; a plain answer is taken at its bound.
        #expect(outputs == [1: 17, 2: 1000])
        #expect(batch.estimates.allSatisfy { $0.settled.isEstimated })
        // 3 tokens at 2 USD and 17 at 10 USD per million, in nano-USD.
        #expect(batch.estimates.first { $0.opened.isStream }?.settled.cost == 176_000)
        #expect(try follower.next() == nil)
        var again = try bench.follower(isDead: true, watermarks: [batch.segment.shippingNumber: ShipBatch.closed])
        #expect(try again.next() == nil)
    }

    @Test func `books an attempt once whose records stand twice in what a dead process left`() throws {
        let bench = try JournalBench()
        for number in UInt64(1)...3 {
            bench.writer.append(JournalBench.opened(number))
            bench.writer.append(JournalBench.settled(number))
        }
        bench.writer.append(JournalBench.opened(4))
        bench.writer.flush()
        // A restored copy of the segment's records behind the segment itself, and as the next segment too.
        let path = SegmentIdentity(epoch: 1, loop: 0, number: 0).path(in: bench.directory.path)
        let bytes = try OpenFile(reading: path).read(at: 0, max: 1 << 20)
        try OpenFile(creating: path + ".twice").write(bytes + bytes, at: 0)
        #expect(rename(path + ".twice", path) == 0)
        try OpenFile(creating: SegmentIdentity(epoch: 1, loop: 0, number: 1).path(in: bench.directory.path)).write(bytes, at: 0)
        var follower = try bench.follower(isDead: true)
        var booked: [UInt64] = []
        while let batch = try follower.next() { booked += (batch.attempts + batch.estimates).map(\.opened.id.decision.low) }
        #expect(booked.sorted() == [1, 2, 3, 4])
    }

    @Test func `recovery leaves a gateway that came later what it is writing`() throws {
        let database = try Platform(gateway: false).database
        let folder = try TemporaryDirectory()
        let directory = JournalDirectory(state: folder.path)
        let connection = try Connection(database)
        let syncer = try JournalSyncer(health: JournalHealth())
        let epochs = try (1...3).map { _ in try connection.transaction { try Epochs.mint($0, gateway: "one") } }
        for epoch in epochs {
            let writer = try JournalWriter(
                directory: directory.path, epoch: epoch, loop: 0, limits: JournalLimits(), health: JournalHealth(), syncer: syncer)
            writer.flush()
        }
        var recovery = try JournalRecovery(
            directory, of: "one", before: epochs[1], sparing: nil, health: JournalHealth(), log: Log(descriptor: -1))
        try recovery.run(to: ShippingTarget(connection: connection, refused: RefusedRows(directory, log: Log(descriptor: -1)))) { false }
        #expect(recovery.outcome.epochs == 1)
        #expect(try directory.epochs().sorted() == Array(epochs[1...]))
    }

    @Test func `a shipper that ends with a fault removes nothing`() throws {
        let platform = try Platform(gateway: false)
        let folder = try TemporaryDirectory()
        let directory = JournalDirectory(state: folder.path)
        let connection = try Connection(platform.database)
        let health = JournalHealth()
        let syncer = try JournalSyncer(health: health)
        let epoch = try connection.transaction { try Epochs.mint($0, gateway: "one") }
        for loop in 0..<2 {
            let writer = try JournalWriter(
                directory: directory.path, epoch: epoch, loop: loop, limits: JournalLimits(), health: health, syncer: syncer)
            writer.flush()
        }
        let (broken, sound) = (SegmentIdentity(epoch: epoch, loop: 0, number: 0), SegmentIdentity(epoch: epoch, loop: 1, number: 0))
        // No file, so it cannot be read.
        try directory.remove(broken)
        #expect(mkdir(broken.path(in: directory.path), 0o700) == 0)
        let shipper = try LedgerShipper(
            LedgerShipper.Source(
                directory: directory, epoch: epoch, loops: 2, gatewayID: "one", health: health, log: Log(descriptor: -1)),
            database: platform.database)
        shipper.start()
        shipper.drain(within: .seconds(20))
        #expect(try directory.segments(epoch: epoch).contains(sound))
    }

    @Test func `skips what was shipped before a crash`() throws {
        let bench = try JournalBench()
        bench.writer.append(JournalBench.opened(1))
        bench.writer.append(JournalBench.settled(1))
        bench.writer.flush()
        var live = try bench.follower(isDead: false)
        let shipped = try #require(try live.next())
        bench.writer.append(JournalBench.opened(2))
        bench.writer.append(JournalBench.settled(2))
        bench.writer.flush()
        var dead = try bench.follower(isDead: true, watermarks: [shipped.segment.shippingNumber: shipped.to])
        let batch = try #require(try dead.next())
        #expect(batch.from == shipped.to)
        #expect(batch.attempts.map(\.opened.id.decision.low) == [2])
    }

    @Test func `tells that the disk refuses records, keeps them, and recovers`() throws {
        let bench = try JournalBench(segmentBytesMax: 300)
        // The next segment's name is taken by a directory, so it cannot be made.
        let obstacle = SegmentIdentity(epoch: 1, loop: 0, number: 1).path(in: bench.directory.path)
        try Disk.makeDirectory(obstacle)
        for number in UInt64(1)...4 {
            bench.writer.append(JournalBench.opened(number))
            bench.writer.append(JournalBench.settled(number))
            bench.writer.flush()
        }
        #expect(bench.health.isFailing)
        #expect(bench.health.fault?.call == "open")
        Disk.removeEmptyDirectory(obstacle)
        bench.writer.append(JournalBench.opened(5))
        bench.writer.append(JournalBench.settled(5))
        bench.writer.flush()
        #expect(!bench.health.isFailing)
        var follower = try bench.follower(isDead: true)
        var booked = 0
        while let batch = try follower.next() { booked += batch.attempts.count }
        #expect(booked == 5)
    }
}
