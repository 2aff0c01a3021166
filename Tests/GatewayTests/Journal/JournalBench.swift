import TestKit

@testable import Gateway

/// A writer on a directory of its own.
struct JournalBench {
    let folder: TemporaryDirectory
    let directory: JournalDirectory
    let health = JournalHealth()
    let writer: JournalWriter
    let syncer: JournalSyncer
    let disk: JournalDisk
    let epoch: Int64

    init(epoch: Int64 = 1, segmentBytesMax: Int = 64 << 20, disk: JournalDisk = JournalDisk()) throws {
        folder = try TemporaryDirectory()
        directory = JournalDirectory(state: folder.path)
        self.disk = disk
        self.epoch = epoch
        syncer = try JournalSyncer(health: health, disk: disk)
        var limits = JournalLimits()
        limits.segmentBytesMax = segmentBytesMax
        writer = try JournalWriter(
            directory: directory.path, epoch: epoch, loop: 0, limits: limits, health: health, syncer: syncer, disk: disk)
    }

    func follower(isDead: Bool, watermarks: [Int64: Int] = [:]) throws -> LoopFollower {
        LoopFollower(
            directory: directory, segments: try directory.segments(epoch: epoch), isDead: isDead, watermarks: watermarks, disk: disk)
    }

    func shipper(_ database: String, log: Log = Log(descriptor: -1)) throws -> LedgerShipper {
        try LedgerShipper(
            LedgerShipper.Source(
                directory: directory, epoch: epoch, loops: 1, gatewayID: "one", health: health, log: log, disk: disk),
            database: database)
    }

    func segment(_ number: Int) -> SegmentIdentity { SegmentIdentity(epoch: epoch, loop: 0, number: number) }
    func path(_ number: Int) -> String { segment(number).path(in: directory.path) }

    /// Records that attempts begin and end.
    func book(_ numbers: ClosedRange<UInt64>) {
        for number in numbers {
            writer.append(Self.opened(number))
            writer.append(Self.settled(number))
        }
        writer.flush()
    }

    /// Such as PostgreSQL takes.
    static let terms: AttemptTerms = {
        func uid(_ letter: Character) -> String { "00000000-0000-4000-8000-00000000000\(letter)" }
        return AttemptTerms(
            number: 300,
            account: UsageAccount(
                org: "acme", orgUID: uid("a"), project: nil, projectUID: nil, member: "sam", memberUID: uid("b"), key: "main",
                keyUID: uid("c")),
            endpoint: "chat.completions", requestedModel: "gpt-4o", model: "openai/gpt-4o", route: nil,
            price: JournalRecordTests.terms.price, revision: 7)
    }()

    static func opened(_ number: UInt64, isStream: Bool = true) -> OpenedRecord {
        var record = JournalRecordTests.opened
        record.terms = terms
        record.id = id(number)
        record.isStream = isStream
        return record
    }

    static func settled(_ number: UInt64, cost: Int64 = 7) -> SettledRecord {
        var record = JournalRecordTests.settled
        record.id = id(number)
        record.cost = cost
        return record
    }

    static func id(_ number: UInt64) -> AttemptID { AttemptID(decision: DecisionID(high: 0, low: number), attempt: 1) }
}

extension ShipBatch {
    /// The numbers that `JournalBench` gave the attempts.
    var settledNumbers: [UInt64] { attempts.map(\.opened.id.decision.low) }
    var estimatedNumbers: [UInt64] { estimates.map(\.opened.id.decision.low) }
}
