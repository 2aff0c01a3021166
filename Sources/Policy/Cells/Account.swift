internal import Spec

/// What was spent, and is held for open requests, in one window of a calendar.
///
/// The window before, in the order in which they were met, is kept too: a clock that is set back, or a loop that looked at it
/// a moment earlier, finds that window as it was left, so that a request is always counted where the ledger will book it.
struct Account: Sendable {
    /// One window with its sums.
    private struct Tally: Sendable {
        var window: CalendarWindow
        /// Without what resets have forgiven.
        var spent: Int64 = 0
        var held: Int64 = 0
        /// What resets have forgiven of the ledger's sum.
        var credit: Int64 = 0
        /// What corrections of prices had added to the ledger's sum when it was taken last; nil before the first time.
        var corrected: Int64?
        /// Whether a request was refused because too little is left.
        var hasRefused = false
        /// Charged in the newest generation of charges, which is `generation`.
        var fresh: Int64 = 0
        var generation: ChargeGeneration = 0
        /// Charged for what the ledger will never have.
        var unbooked: Int64 = 0

        /// Without a generation it is of what the ledger will never have.
        mutating func spend(_ used: Int64, _ charged: ChargeGeneration?) {
            spent = Self.sum(spent, used)
            guard let charged else { return unbooked = Self.sum(unbooked, used) }
            if charged == generation {
                fresh = Self.sum(fresh, used)
            } else if charged > generation {
                // What came before is in the sums that this generation was begun for.
                (fresh, generation) = (used, charged)
            }
        }

        /// Takes a sum of the ledger that holds all charges up to a generation, and none of a later one.
        mutating func take(_ amount: Int64, upTo charged: ChargeGeneration) {
            spent = Self.sum(Self.sum(max(0, amount - credit), generation > charged ? fresh : 0), unbooked)
        }

        private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
            let (sum, overflow) = a.addingReportingOverflow(b)
            return overflow ? .max : sum
        }

        /// Takes off what is no longer to count; nothing is owed to anybody for what was never counted here.
        mutating func forgive(_ amount: Int64) {
            let (rest, overflow) = spent.subtractingReportingOverflow(amount)
            spent = overflow ? (amount < 0 ? .max : 0) : max(0, rest)
        }
    }

    private let cell: DurableCell
    private let zone: Zone
    private var present: Tally
    private var other: Tally?
    /// Requests that have neither settled nor been released, in whatever window.
    private(set) var pending: Int32 = 0

    init(cell: DurableCell, zone: Zone, now: Instant) {
        self.cell = cell
        self.zone = zone
        present = Tally(window: zone.window(cell.window, starts: cell.starts, around: now))
    }

    var window: CalendarWindow { present.window }
    var spent: Int64 { present.spent }
    var held: Int64 { present.held }
    var credit: Int64 { present.credit }
    var hasRefused: Bool { present.hasRefused }

    /// Opens the window around `now` where the present one is not.
    mutating func advance(to now: Instant) {
        guard now >= present.window.end || now < present.window.start else { return }
        let left = present
        if let other, now >= other.window.start, now < other.window.end {
            present = other
        } else {
            present = Tally(window: zone.window(cell.window, starts: cell.starts, around: now))
        }
        other = left
    }

    /// Nothing is taken where the sum would leave the range of numbers.
    func fits(_ ask: Int64, under bound: Int64) -> Bool {
        guard ask <= bound else { return false }
        let (used, overflow) = spent.addingReportingOverflow(held)
        return !overflow && used <= bound - ask
    }

    /// Whether a hold of the window that began at `start` may grow so much.
    func fits(_ more: Int64, under bound: Int64, in start: Instant) -> Bool {
        guard let tally = present.window.start == start ? present : other, tally.window.start == start else { return true }
        let (used, overflow) = tally.spent.addingReportingOverflow(tally.held)
        return !overflow && more <= bound && used <= bound - more
    }

    /// Why there is no room for `ask`; nil where there is.
    func shortage(of ask: Int64, under bound: Int64) -> Shortage.Cause? {
        guard ask <= bound else { return .neverFits }
        if fits(ask, under: bound) { return nil }
        if spent <= bound - ask { return .held }
        return spent < bound ? .nearlySpent : .spent
    }

    /// What is neither spent nor held.
    func remaining(under bound: Int64) -> Int64 {
        let (used, overflow) = spent.addingReportingOverflow(held)
        return overflow ? 0 : max(0, bound - used)
    }

    mutating func hold(_ amount: Int64) {
        present.held += amount
        pending += 1
    }

    /// Holds more for a request that is open.
    mutating func grow(_ more: Int64, in start: Instant) {
        change(start) { $0.held += more }
    }

    /// Ends a hold with what was used of it. A hold of a window that is long over touches nothing any more.
    mutating func settle(_ amount: Int64, used: Int64, heldIn start: Instant, _ charged: ChargeGeneration?) {
        pending -= 1
        change(start) { tally in
            tally.held -= amount
            tally.spend(used, charged)
        }
    }

    /// Counts what no hold stands for any more.
    mutating func spend(_ used: Int64, in start: Instant, _ charged: ChargeGeneration?) {
        change(start) { $0.spend(used, charged) }
    }

    /// Takes a sum from the ledger. Where it is known to hold all charges up to a generation and none of later ones, it stands for
    /// them. Else what is known here already is not lowered, but by what corrections of prices, `corrected` in all by now, have
    /// changed of it since.
    mutating func load(_ amount: Int64, corrected: Int64?, start: Instant, upTo charged: ChargeGeneration?) -> Bool {
        var isTaken = false
        change(start) { tally in
            if let charged {
                let before = tally.spent
                tally.take(amount, upTo: charged)
                tally.corrected = corrected
                isTaken = tally.spent != before
                return
            }
            if let corrected {
                if let known = tally.corrected { tally.forgive(known - corrected) }
                tally.corrected = corrected
            }
            let counted = max(0, amount - tally.credit)
            isTaken = counted > tally.spent
            if isTaken { tally.spent = counted }
        }
        return isTaken
    }

    /// Takes what resets have forgiven by now of the window that began at `start`, in all.
    mutating func take(credit: Int64, start: Instant) {
        change(start) { tally in
            guard credit != tally.credit else { return }
            tally.forgive(credit - tally.credit)
            tally.credit = credit
            tally.hasRefused = false
        }
    }

    /// Remembers that the window that began at `start` had no room for a request.
    mutating func noteRefusal(in start: Instant) {
        change(start) { $0.hasRefused = true }
    }

    /// Whether forgetting it loses nothing, not even for a clock that was set back within a day.
    func isIdle(at now: Instant) -> Bool {
        guard pending == 0 else { return false }
        return Self.isOver(present, at: now) && (other.map { Self.isOver($0, at: now) } ?? true)
    }

    private static func isOver(_ tally: Tally, at now: Instant) -> Bool {
        tally.spent == 0 && tally.credit == 0 || now.milliseconds - tally.window.end.milliseconds >= CivilDate.millisecondsPerDay
    }

    private mutating func change(_ start: Instant, _ change: (inout Tally) -> Void) {
        if present.window.start == start {
            change(&present)
        } else if other?.window.start == start {
            other.map { tally in
                var tally = tally
                change(&tally)
                other = tally
            }
        }
    }
}
