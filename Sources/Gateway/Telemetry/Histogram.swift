/// Counts of observations up to each bound, in Prometheus's sense.
struct Histogram: Sendable {
    let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sum += other.sum
    }

    /// From 10 ms on, each twice the one before: what OpenTelemetry's GenAI conventions take for durations.
    static let requestSeconds = (0..<14).map { 0.01 * Double(1 << $0) }
    /// From 10 µs on, each twice the one before.
    static let overheadSeconds = (0..<14).map { 0.00001 * Double(1 << $0) }
}
