import Foundation
import Policy
import Spec
import TestKit
import Testing

@testable import Gateway
@testable import Store

@Suite struct OwnDenialsTests {
    private static let start = Instant(milliseconds: 1_790_000_000_000)

    @Test func `a denial that PostgreSQL does not take goes on holding, and is not given to it again`() throws {
        let own = OwnDenials(state: NSTemporaryDirectory())
        try own.add(.denial("0f3a", from: Moment.now.wall))
        own.refused(try #require(own.waiting.first))
        #expect(own.waiting.isEmpty && !own.forgetHandedOver())
        #expect(own.denials(at: .now).map(\.mark.uid) == ["0f3a"])
        try own.end("0f3a", by: "bob")
        #expect(own.denials(at: .now).isEmpty && own.forgetHandedOver() && own.all.isEmpty)
    }

    @Test func `as many denials as are taken, with words as long as may be, are there after a restart`() throws {
        let folder = try TemporaryDirectory()
        let own = OwnDenials(state: folder.path)
        // Each character takes six bytes in the file.
        let words = String(repeating: "\u{1}", count: Override.textBytesMax)
        for number in 0..<OwnDenials.entriesMax {
            var denial = Override.denial("d\(number)", from: Moment.now.wall)
            (denial.owner, denial.reason) = (words, words)
            try own.add(denial)
        }
        try own.save()
        let next = OwnDenials(state: folder.path)
        var warnings: [String] = []
        next.load { warnings.append($0) }
        #expect(warnings.isEmpty)
        #expect(next.all.map(\.override) == own.all.map(\.override), "\(next.all.count) of \(own.all.count)")
    }

    @Test func `a denial that is read while the clock is years back holds as long as any may, and is handed over so`() {
        let boot = Moment(monotonic: 1, wall: Instant(milliseconds: 0))
        let entry = OwnDenials.Entry(.denial("0f3a", from: Self.start), at: boot)
        #expect(entry.ending.left(at: boot) == 604_800_000)
        let shifted = entry.shifted(to: Self.start, at: boot)
        #expect(shifted.expiresAt.milliseconds == Self.start.milliseconds + 604_800_000)
    }

    @Test func `a denial is handed over with what is left of it by the database's clock, whichever clock is ahead`() {
        let moment = Moment(monotonic: 1, wall: Self.start)
        let entry = OwnDenials.Entry(.denial("0f3a", from: Self.start), at: moment)
        let later = Moment(monotonic: 1 + 60_000_000_000, wall: Instant(milliseconds: 0))
        let clock = Instant(milliseconds: Self.start.milliseconds + 7_200_000)
        let shifted = entry.shifted(to: clock, at: later)
        #expect(shifted.expiresAt.milliseconds == clock.milliseconds + 540_000)
        #expect(shifted.createdAt < shifted.expiresAt && shifted.expiresAt.milliseconds - shifted.createdAt.milliseconds == 600_000)
        #expect(entry.shifted(to: Self.start, at: moment) == entry.override, "clocks that agree change nothing")
    }
}
