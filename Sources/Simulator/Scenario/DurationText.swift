/// Durations as people write them: `20ms`, `1.5s`, `500us`, `0`.
enum DurationText {
    private static let units: [(suffix: String, nanoseconds: Double)] = [
        ("ms", 1e6), ("us", 1e3), ("ns", 1), ("s", 1e9), ("m", 60e9),
    ]
    /// Longer than any test waits, and far from overflow.
    private static let hoursMax = 24.0

    static func parse(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        for (suffix, nanoseconds) in units where text.hasSuffix(suffix) {
            guard let number = Double(text.dropLast(suffix.count)), number >= 0 else { return nil }
            let total = number * nanoseconds
            return total <= hoursMax * 3600e9 ? .nanoseconds(Int64(total)) : nil
        }
        return nil
    }
}
