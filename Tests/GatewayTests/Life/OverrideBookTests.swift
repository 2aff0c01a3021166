import Policy
import Spec
import Testing

@testable import Gateway
@testable import Store

/// Ends of overrides, under clocks that people set.
@Suite struct OverrideBookTests {
    private static let start = Instant(milliseconds: 1_790_000_000_000)
    private static let minute: Int64 = 60_000

    private func denial(_ uid: String = "one", lasting milliseconds: Int64 = 10 * minute) -> Override {
        .denial(uid, lasting: milliseconds, from: Self.start)
    }

    private static func later(_ milliseconds: Int64) -> Instant { Instant(milliseconds: start.milliseconds + milliseconds) }

    /// So long after the start by the clock that nobody sets, and by the machine's, which is `set` ahead of it.
    private func moment(_ milliseconds: Int64, set: Int64 = 0) -> Moment {
        Moment(monotonic: 7 + milliseconds * 1_000_000, wall: Self.later(milliseconds + set))
    }

    private func book(_ overrides: [Override], clock: Instant = start, at moment: Moment, after earlier: OverrideBook = OverrideBook()) -> OverrideBook {
        OverrideBook(overrides, Overrides.Pulse(sequence: 1, clock: clock), at: moment, after: earlier)
    }

    @Test func `an override ends when its time has passed, though the machine's clock was set back, and never comes back`() {
        var book = book([denial()], at: moment(0))
        var looks = [book.look(at: moment(9 * Self.minute))]
        #expect(book.denials.count == 1)
        looks.append(book.look(at: moment(10 * Self.minute, set: -60 * Self.minute)))
        #expect(book.denials.isEmpty && book.count == 0)
        looks.append(book.look(at: moment(11 * Self.minute, set: -60 * Self.minute)))
        // Neither by what the database's clock says, nor by its row being read anew.
        book.correct(by: Self.start, at: moment(11 * Self.minute))
        looks.append(book.look(at: moment(11 * Self.minute)))
        #expect(looks == [false, true, false, false] && book.denials.isEmpty)
        let again = self.book([denial()], at: moment(11 * Self.minute), after: book)
        #expect(again.denials.isEmpty && again.count == 0)
    }

    @Test func `a clock that is set ahead ends nothing early, and requests are given the end by that clock`() {
        var book = book([denial()], at: moment(0))
        let set = moment(Self.minute, set: 3_600_000)
        let looks = [book.look(at: set), book.look(at: set)]
        #expect(looks == [true, false], "it is told of once")
        #expect(book.denials.first?.endsAt == Self.later(10 * Self.minute + 3_600_000))
        #expect(book.denials.first?.mark.until == Self.later(10 * Self.minute), "people are told the end by the database's clock")
    }

    @Test func `an end is put right by the database's clock, and small differences between two looks change nothing`() {
        var book = book([denial()], at: moment(0))
        book.correct(by: Self.later(Self.minute), at: moment(Self.minute + 400))
        var looks = [book.look(at: moment(Self.minute + 400))]
        // This machine slept for five minutes, which its monotonic clock does not count.
        book.correct(by: Self.later(7 * Self.minute), at: moment(2 * Self.minute))
        #expect(!book.denials.isEmpty)
        looks.append(book.look(at: moment(5 * Self.minute)))
        #expect(looks == [false, true] && book.denials.isEmpty)
    }

    @Test func `an end is told of until the database's clock has it too`() {
        var book = book([denial()], at: moment(0))
        _ = book.look(at: moment(10 * Self.minute))
        #expect(book.isAhead(of: Self.later(10 * Self.minute - 500)))
        #expect(!book.isAhead(of: Self.later(10 * Self.minute)))
    }

    @Test func `an end in the farthest future is one`() {
        var book = book([denial(lasting: 250_000_000_000_000)], at: moment(0))
        _ = book.look(at: moment(Self.minute))
        #expect(book.denials.count == 1)
    }
}
