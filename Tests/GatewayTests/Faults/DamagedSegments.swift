import Foundation
import TestKit
import Testing

@testable import Gateway

extension GatewayFaults {
    /// A dead gateway's segment with bytes of it cut off, flipped, repeated, in another order, or zero: what is before the damage is booked
    /// as it was, nothing is booked twice or made up, and nothing traps.
    @Suite struct DamagedSegments {
        private static let attempts: UInt64 = 14

        /// The segment, and where each of its records ends.
        private let bytes: [UInt8]
        private let ends: [Int]
        /// Records by their places among `ends`.
        private let opened: [UInt64: Int]
        private let settled: [UInt64: Int]
        private let folder: TemporaryDirectory
        private let directory: JournalDirectory

        init() throws {
            var encoder = RecordEncoder()
            var ends: [Int] = []
            func put(_ record: JournalRecord) {
                record.encode(into: &encoder)
                ends.append(encoder.bytes.count)
            }
            put(.segment(Self.segment))
            put(.carried)
            put(.terms(JournalBench.terms))
            var opened: [UInt64: Int] = [:]
            var settled: [UInt64: Int] = [:]
            for number in 1...Self.attempts {
                opened[number] = ends.count
                put(.opened(JournalBench.opened(number)))
                if number.isMultiple(of: 3) { put(.progress(ProgressRecord(id: JournalBench.id(number), outputPieces: Int64(number)))) }
                // Each settles when the one behind it is open; two of them never.
                guard number > 1, number != 6, number != 11 else { continue }
                settled[number - 1] = ends.count
                put(.settled(Self.settled(number - 1)))
            }
            bytes = encoder.bytes
            self.ends = ends
            self.opened = opened
            self.settled = settled
            folder = try TemporaryDirectory()
            directory = JournalDirectory(state: folder.path)
        }

        private static let segment = SegmentIdentity(epoch: 1, loop: 0, number: 0)

        private static func settled(_ number: UInt64) -> SettledRecord { JournalBench.settled(number, cost: Int64(number) * 7) }

        /// What is booked of a segment of these bytes.
        private func book(_ bytes: [UInt8]) throws -> [BookedAttempt] {
            let file = URL(filePath: Self.segment.path(in: directory.path))
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
            var follower = LoopFollower(directory: directory, segments: [Self.segment], isDead: true, watermarks: [:])
            var booked: [BookedAttempt] = []
            while let batch = try follower.next() { booked += batch.attempts + batch.estimates }
            return booked
        }

        /// Holds for any damage that leaves the bytes before `intact` as they were.
        private func expectSound(_ bytes: [UInt8], intact: Int, _ what: @autoclosure () -> String) throws {
            let booked = try book(bytes)
            var wrong: [String] = []
            var seen: [UInt64: BookedAttempt] = [:]
            for attempt in booked {
                let number = attempt.opened.id.decision.low
                if seen.updateValue(attempt, forKey: number) != nil { wrong.append("\(number) is booked twice") }
                if attempt.opened != JournalBench.opened(number) { wrong.append("\(number) was not opened so") }
                let isTrue = attempt.settled.isEstimated ? attempt.settled.usage.output <= Int64(number) : attempt.settled == Self.settled(number)
                if !isTrue { wrong.append("\(number) did not end so") }
            }
            for (number, place) in opened where ends[place] <= intact && seen[number] == nil { wrong.append("\(number) is not booked") }
            for (number, place) in settled where ends[place] <= intact && seen[number]?.settled.isEstimated != false {
                wrong.append("\(number) is not booked as it ended")
            }
            if !wrong.isEmpty { Issue.record("\(what()): \(wrong)") }
        }

        /// Where the last two records begin, or the first.
        private var start: Int { TestLength.of(ends[ends.count - 3], long: 0) }

        @Test func `F9 a segment cut at any byte of its last records has all that is before`() throws {
            for length in start...bytes.count { try expectSound(Array(bytes[..<length]), intact: length, "cut to \(length)") }
        }

        @Test func `F9 a segment with any byte of its last records flipped has all that is before`() throws {
            let bits: [UInt8] = TestLength.of([0xff, 0x01], long: [0xff, 1, 2, 4, 8, 16, 32, 64, 128])
            for place in start..<bytes.count {
                for bit in bits {
                    var flipped = bytes
                    flipped[place] ^= bit
                    try expectSound(flipped, intact: ends.last { $0 <= place } ?? 0, "byte \(place) by \(bit)")
                }
            }
        }

        @Test func `F9 zeros behind the last record change nothing`() throws {
            for count in Array(1...40) + [4_096, 70_000] {
                try expectSound(bytes + [UInt8](repeating: 0, count: count), intact: bytes.count, "\(count) zeros")
            }
        }

        @Test func `F9 records that stand twice are booked once`() throws {
            for seed in 0..<UInt64(TestLength.of(150, long: 5_000)) {
                var random = SplitMix(state: seed)
                var records = records
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    // What names the segment and its terms stands first and once.
                    let place = Int.random(in: 3..<records.count, using: &random)
                    records.insert(records[place], at: .random(in: place + 1...records.count, using: &random))
                }
                try expectSound(records.flatMap { $0 }, intact: bytes.count, "seed \(seed)")
            }
        }

        @Test func `F9 records in another order are booked once, and none is made up`() throws {
            for seed in 0..<UInt64(TestLength.of(150, long: 5_000)) {
                var random = SplitMix(state: seed)
                var records = records
                let from = Int.random(in: 0..<records.count, using: &random)
                records[from...].shuffle(using: &random)
                try expectSound(records.flatMap { $0 }, intact: from == 0 ? 0 : ends[from - 1], "seed \(seed)")
            }
        }

        private var records: [ArraySlice<UInt8>] { zip([0] + ends, ends).map { bytes[$0..<$1] } }
    }
}
