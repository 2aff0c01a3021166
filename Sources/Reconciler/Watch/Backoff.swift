/// The pauses between attempts that keep failing: doubling, with jitter, bounded.
struct Backoff {
    let first: Duration
    let max: Duration
    private(set) var failures = 0

    init(first: Duration, max: Duration) {
        self.first = first
        self.max = max
    }

    /// The pause after one more failure; `draw` is within 0..<1.
    mutating func pause(draw: Double) -> Duration {
        let doubled = first * (1 << Swift.min(failures, 16))
        failures += 1
        return Swift.min(doubled, max) * (0.5 + draw / 2)
    }

    mutating func reset() { failures = 0 }
}
