internal import Spec

/// How finely a sliding window is cut.
struct RingShape: Hashable, Sendable {
    /// Milliseconds.
    let slotLength: Int64
    /// Slots that are counted: those of one window, and one more, since the current slot has only begun.
    ///
    /// With it, what was admitted within any span as long as the window is always counted; without it a burst at
    /// the end of one slot and another at the beginning of the slot a window later would both pass.
    let slots: Int
    /// Milliseconds that count at least.
    let length: Int64

    static let second = RingShape(slotLength: 100, length: 1_000)
    static let minute = RingShape(slotLength: 1_000, length: 60_000)
    static let hour = RingShape(slotLength: 60_000, length: 3_600_000)

    private init(slotLength: Int64, length: Int64) {
        self.slotLength = slotLength
        self.length = length
        slots = Int((length + slotLength - 1) / slotLength) + 1
    }

    /// Of so many milliseconds, cut into whole minutes, or whole hours above a day: the ledger keeps its sums by hour for ever,
    /// and its rows, of which minutes are summed, no longer than a day where an organization says so.
    init(rolling length: Int64) {
        let part = (length + Self.rollingSlots - 1) / Self.rollingSlots
        let grain: Int64 = length > 86_400_000 ? 3_600_000 : 60_000
        self.init(slotLength: (part + grain - 1) / grain * grain, length: length)
    }

    /// What leaves the window leaves it late by this part of it, or one grain, at most, and a counter takes two kilobytes.
    private static let rollingSlots: Int64 = 240

    /// What a limit says after its slash; nil for a rolling budget.
    var window: Window? {
        switch self {
        case .second: .second
        case .minute: .minute
        case .hour: .hour
        default: nil
        }
    }

    /// Nil for windows that a calendar measures.
    init?(_ window: Window) {
        switch window {
        case .second: self = .second
        case .minute: self = .minute
        case .hour: self = .hour
        case .day, .week, .month, .year, .total: return nil
        }
    }
}
