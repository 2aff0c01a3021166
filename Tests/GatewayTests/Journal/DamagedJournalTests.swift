import Glibc
import Store
import Synchronization
import TestKit
import Testing

@testable import Gateway

/// Bytes of the journal that cannot be read.
@Suite struct DamagedJournalTests {
    /// Turns a byte of the file over.
    private static func flip(_ path: String, at offset: Int) throws {
        let file = try #require(fopen(path, "r+"))
        defer { fclose(file) }
        fseek(file, offset, SEEK_SET)
        let byte = fgetc(file)
        fseek(file, offset, SEEK_SET)
        fputc(byte ^ 0x55, file)
    }

    @Test func `what settled behind damage is booked, what lay in it is reckoned, and the file is kept`() throws {
        let database = try Platform(gateway: false).database
        let connection = try Connection(database)
        let epoch = try connection.transaction { try Epochs.mint($0, gateway: "one") }
        let bench = try JournalBench(epoch: epoch)
        for number in UInt64(1)...3 { bench.writer.append(JournalBench.opened(number)) }
        bench.book(4...4)
        bench.writer.append(JournalBench.settled(1))
        bench.writer.flush()
        let before = bench.writer.bytesWritten
        bench.writer.append(JournalBench.settled(2))
        bench.writer.flush()
        let length = bench.writer.bytesWritten - before
        bench.writer.append(JournalBench.settled(3))
        bench.writer.flush()
        try Self.flip(bench.path(0), at: before + 20)
        var recovery = try JournalRecovery(
            bench.directory, of: "one", before: epoch + 1, sparing: nil, health: bench.health, log: Log(descriptor: -1))
        try recovery.run(to: ShippingTarget(connection: connection, refused: RefusedRows(bench.directory, log: Log(descriptor: -1)))) { false }
        #expect(recovery.outcome == JournalRecovery.Outcome(epochs: 1, settled: 3, estimated: 1))
        #expect(bench.health.lostBytes == length)
        #expect(try Disk.names(in: bench.directory.path + "/damaged") == ["\(epoch)-0-0.journal"])
    }

    @Test func `a damaged byte anywhere costs the record it lies in at most, and books nothing twice`() throws {
        let bench = try JournalBench()
        bench.book(1...3)
        let bytes = try OpenFile(reading: bench.path(0)).read(at: 0, max: 1 << 20)
        for offset in bytes.indices {
            var damaged = bytes
            damaged[offset] ^= UInt8(1 << (offset % 8))
            let folder = try TemporaryDirectory()
            let directory = JournalDirectory(state: folder.path)
            try Disk.makeDirectory(directory.path + "/1")
            try OpenFile(creating: bench.segment(0).path(in: directory.path)).write(damaged, at: 0)
            var follower = LoopFollower(
                directory: directory, segments: [bench.segment(0)], isDead: true, watermarks: [:])
            var booked: [UInt64] = []
            while let batch = try follower.next() { booked += batch.settledNumbers + batch.estimatedNumbers }
            #expect(Set(booked).count == booked.count, "byte \(offset)")
            #expect(Set(booked).isSubset(of: [1, 2, 3]), "byte \(offset)")
            // The terms are everybody's; any other record is one attempt's.
            #expect(booked.count >= 2 || follower.takeDamages().contains { $0.offset < 400 }, "byte \(offset): \(booked)")
        }
    }

    @Test func `a running gateway books what lay in damage once the loop has left the segment`() throws {
        let bench = try JournalBench(segmentBytesMax: 900)
        for number in UInt64(1)...2 { bench.writer.append(JournalBench.opened(number)) }
        bench.writer.flush()
        let before = bench.writer.bytesWritten
        bench.writer.append(JournalBench.settled(1))
        bench.writer.flush()
        try Self.flip(bench.path(0), at: before + 20)
        var follower = try bench.follower(isDead: false)
        #expect(try follower.next() == nil)
        var settled: [UInt64] = []
        var estimated: [UInt64] = []
        func read() throws {
            while let batch = try follower.next() {
                settled += batch.settledNumbers
                estimated += batch.estimatedNumbers
            }
        }
        bench.book(3...3)
        try read()
        #expect(settled == [3])
        #expect(follower.takeDamages().map(\.offset) == [before])
        for number in UInt64(4)...12 where estimated.isEmpty {
            bench.book(number...number)
            try read()
        }
        #expect(estimated == [1])
        bench.writer.append(JournalBench.settled(2))
        bench.writer.flush()
        try read()
        #expect(settled.contains(2))
        #expect(follower.unsettledCount == 0)
        #expect(follower.damaged == [bench.segment(0)])
    }

    @Test func `a fault in the middle of reading loses nothing of what was read before`() throws {
        let reads = Mutex(0)
        var disk = JournalDisk()
        disk.read = { file, offset, max throws(DiskFault) in
            let number = reads.withLock { $0 += 1; return $0 }
            if number == 2 { throw DiskFault(call: "pread", errno: EIO, path: file.path) }
            return try file.read(at: offset, max: max)
        }
        let bench = try JournalBench(disk: disk)
        let count = UInt64(4_000)
        for number in 1...count { bench.writer.append(JournalBench.opened(number)) }
        for number in 1...count {
            var record = JournalBench.settled(number)
            record.detail = .text(String(repeating: "x", count: 600))
            bench.writer.append(record)
        }
        bench.writer.flush()
        // Longer than is read at once.
        try #require(bench.writer.bytesWritten > 2 << 20)
        var follower = try bench.follower(isDead: false)
        var booked = 0
        for _ in 0..<3 {
            do { while let batch = try follower.next() { booked += batch.attempts.count } } catch {}
        }
        #expect(booked == Int(count))
        #expect(follower.unmatchedCount == 0)
    }
}
