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

    static let second = RingShape(slotLength: 100, slots: 11)
    static let minute = RingShape(slotLength: 1_000, slots: 61)
    static let hour = RingShape(slotLength: 60_000, slots: 61)

    private init(slotLength: Int64, slots: Int) {
        self.slotLength = slotLength
        self.slots = slots
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
