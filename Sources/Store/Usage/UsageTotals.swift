internal import Spec

/// Sums over the ledger, as its rollups keep them.
package struct UsageTotals: Hashable, Sendable {
    package var attempts: Int64 = 0
    package var requests: Int64 = 0
    package var tokens: Int64 = 0
    package var input: Int64 = 0
    package var output: Int64 = 0
    package var cacheRead: Int64 = 0
    package var cacheWrite: Int64 = 0
    package var reasoning: Int64 = 0
    /// Nano-USD.
    package var cost: Int64 = 0
    package var errors: Int64 = 0
    package var estimated: Int64 = 0
    package var flagged: Int64 = 0

    package init() {}

    /// The columns, in one order for writing and reading.
    static var meters: [(column: String, sum: WritableKeyPath<UsageTotals, Int64>)] {
        [
            ("attempts", \.attempts), ("requests", \.requests), ("tokens", \.tokens), ("input", \.input), ("output", \.output),
            ("cache_read", \.cacheRead), ("cache_write", \.cacheWrite), ("reasoning", \.reasoning), ("cost", \.cost),
            ("errors", \.errors), ("estimated", \.estimated), ("flagged", \.flagged),
        ]
    }

    mutating func add(_ row: UsageRow) {
        // A correction of prices is not an attempt of its own, nor an error once more.
        attempts += row.isCorrection ? 0 : 1
        requests += row.requests
        tokens.add(clamped: row.tokens)
        input.add(clamped: row.input)
        output.add(clamped: row.output)
        cacheRead.add(clamped: row.cacheRead)
        cacheWrite.add(clamped: row.cacheWrite)
        reasoning.add(clamped: row.reasoning)
        cost.add(clamped: row.cost.rawValue)
        errors += row.status >= 400 && !row.isCorrection ? 1 : 0
        estimated += row.estimated && !row.isCorrection ? 1 : 0
        flagged += row.flags.isEmpty ? 0 : 1
    }

    package mutating func add(_ other: UsageTotals) {
        for meter in Self.meters { self[keyPath: meter.sum].add(clamped: other[keyPath: meter.sum]) }
    }

    /// Reads `meters` from this column on.
    init(_ row: Row, from column: Int) throws(DatabaseError) {
        for (index, meter) in Self.meters.enumerated() { self[keyPath: meter.sum] = try row.integer(column + index) }
    }
}
