extension Int64 {
    /// Adds, and stays at the nearest number that there is: one wrong figure must not end the sums of all.
    mutating func add(clamped other: Int64) {
        let (sum, isOver) = addingReportingOverflow(other)
        self = isOver ? (other > 0 ? .max : .min) : sum
    }
}

/// The same in SQL.
enum ClampedSum {
    static func sql(_ a: String, _ b: String) -> String { clamped("\(a)::numeric + \(b)") }

    /// Of a `numeric`.
    static func clamped(_ sum: String) -> String { "greatest(least(\(sum), \(Int64.max)), \(Int64.min))::bigint" }
}
