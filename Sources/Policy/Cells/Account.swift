internal import Spec

/// What was spent, and is held for open requests, in one window of a calendar.
struct Account: Sendable {
    let cell: DurableCell
    private let zone: Zone
    private(set) var window: CalendarWindow
    private(set) var spent: Int64 = 0
    private(set) var held: Int64 = 0
    /// Requests that have neither settled nor been released, in whatever window.
    private(set) var pending: Int32 = 0

    init(cell: DurableCell, zone: Zone, now: Instant) {
        self.cell = cell
        self.zone = zone
        window = zone.window(cell.window, around: now)
    }

    /// Opens the next window when the present one has ended. A clock that went back opens none again.
    mutating func advance(to now: Instant) {
        guard now >= window.end else { return }
        window = zone.window(cell.window, around: now)
        spent = 0
        held = 0
    }

    /// Nothing is taken where the sum would leave the range of numbers.
    func fits(_ ask: Int64, under bound: Int64) -> Bool {
        guard ask <= bound else { return false }
        let (used, overflow) = spent.addingReportingOverflow(held)
        return !overflow && used <= bound - ask
    }

    /// What is neither spent nor held.
    func remaining(under bound: Int64) -> Int64 {
        let (used, overflow) = spent.addingReportingOverflow(held)
        return overflow ? 0 : max(0, bound - used)
    }

    mutating func hold(_ amount: Int64) {
        held += amount
        pending += 1
    }

    /// Ends a hold with what was used of it. A hold of an earlier window touches the present one no more.
    mutating func settle(_ amount: Int64, used: Int64, heldIn start: Instant) {
        pending -= 1
        guard start == window.start else { return }
        held -= amount
        spent = spent.addingReportingOverflow(used).overflow ? .max : spent + used
    }

    /// Takes a sum from the ledger; what is known here already is not lowered.
    mutating func load(_ amount: Int64, start: Instant) -> Bool {
        guard start == window.start, amount > spent else { return false }
        spent = amount
        return true
    }

    /// Whether forgetting it loses nothing.
    func isIdle(at now: Instant) -> Bool { pending == 0 && (now >= window.end || spent == 0) }
}
