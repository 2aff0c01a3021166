internal import Spec

/// What a rollup adds up.
struct RollupSums {
    var attempts: Int64 = 0
    var requests: Int64 = 0
    var tokens: Int64 = 0
    var input: Int64 = 0
    var output: Int64 = 0
    var cacheRead: Int64 = 0
    var cacheWrite: Int64 = 0
    var reasoning: Int64 = 0
    /// Nano-USD.
    var cost: Int64 = 0
    var errors: Int64 = 0
    var estimated: Int64 = 0
    var flagged: Int64 = 0

    /// The columns, in one order for writing and reading.
    static var meters: [(column: String, sum: WritableKeyPath<RollupSums, Int64>)] {
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
        tokens += row.tokens
        input += row.input
        output += row.output
        cacheRead += row.cacheRead
        cacheWrite += row.cacheWrite
        reasoning += row.reasoning
        cost += row.cost.rawValue
        errors += row.status >= 400 && !row.isCorrection ? 1 : 0
        estimated += row.estimated && !row.isCorrection ? 1 : 0
        flagged += row.flags.isEmpty ? 0 : 1
    }

    mutating func add(_ other: RollupSums) {
        attempts += other.attempts
        requests += other.requests
        tokens += other.tokens
        input += other.input
        output += other.output
        cacheRead += other.cacheRead
        cacheWrite += other.cacheWrite
        reasoning += other.reasoning
        cost += other.cost
        errors += other.errors
        estimated += other.estimated
        flagged += other.flagged
    }
}
