/// When each of the loop's slower duties is due, on the monotonic clock.
struct WatchSchedule {
    enum Duty: Hashable { case lease, drift, status, proposals, retention }

    private var due: [Duty: ContinuousClock.Instant] = [:]

    /// True for a duty that was never set.
    func isDue(_ duty: Duty) -> Bool { due[duty].map { $0 <= .now } ?? true }

    mutating func set(_ duty: Duty, after pause: Duration) { due[duty] = .now + pause }
}
