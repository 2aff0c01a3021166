/// Counts latencies in buckets of which each is a sixty-fourth wider than the last: 1.6 % of precision from 64 ns to hours.
struct Latencies {
    private var counts = [Int](repeating: 0, count: 64 * 48)
    private(set) var total = 0
    private var worst = 0

    mutating func add(_ nanoseconds: Int) {
        let value = max(0, nanoseconds)
        counts[min(Self.bucket(of: value), counts.count - 1)] += 1
        total += 1
        worst = max(worst, value)
    }

    /// Values below 64 have a bucket each; above, the leading one and the six bits after it choose.
    private static func bucket(of value: Int) -> Int {
        guard value >= 64 else { return value }
        let shift = 57 - value.leadingZeroBitCount
        return (shift + 1) << 6 | (value >> shift) & 63
    }

    private static func upperEnd(of bucket: Int) -> Int {
        guard bucket >= 64 else { return bucket }
        let shift = bucket >> 6 - 1
        return (64 | bucket & 63 + 1) << shift
    }

    /// The least value, in microseconds, that `share` of all do not exceed.
    func microseconds(at share: Double) -> Int {
        let wanted = Int((Double(total) * share).rounded(.up))
        var seen = 0
        for (bucket, count) in counts.enumerated() where count > 0 {
            seen += count
            if seen >= wanted { return min(Self.upperEnd(of: bucket), worst) / 1000 }
        }
        return worst / 1000
    }

    var worstMicroseconds: Int { worst / 1000 }
}
