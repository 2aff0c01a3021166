package import Spec
internal import Store

/// The answer of `charter usage reprice`: what usage of each model costs before and after.
package struct RepricingListing: Sendable {
    let request: UsageRequest
    let revision: Int64
    let isTrial: Bool
    private var models: [String: Sums] = [:]
    /// Attempts whose model has no prices by which they could be corrected.
    var unpriced = 0

    private struct Sums {
        var attempts = 0
        var corrected = 0
        // In nano-USD.
        var before: Int64 = 0
        var after: Int64 = 0

        mutating func add(_ other: Sums) {
            attempts += other.attempts
            corrected += other.corrected
            before += other.before
            after += other.after
        }
    }

    init(request: UsageRequest, revision: Int64, isTrial: Bool) {
        self.request = request
        self.revision = revision
        self.isTrial = isTrial
    }

    mutating func take(_ correction: CostCorrection, before: NanoUSD) {
        models[correction.row.terms.model, default: Sums()].add(
            Sums(
                attempts: 1, corrected: correction.cost == before ? 0 : 1, before: before.rawValue, after: correction.cost.rawValue))
    }

    private var sorted: [(model: String, sums: Sums)] { models.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    private var total: Sums { models.values.reduce(into: Sums()) { $0.add($1) } }

    package var text: String {
        func line(_ name: String, _ sums: Sums) -> [String] {
            [name, String(sums.attempts), String(sums.corrected)]
                + [sums.before, sums.after, sums.after - sums.before].map { NanoUSD($0).dollars }
        }
        let head = ["MODEL", "ATTEMPTS", "CORRECTED", "BEFORE USD", "AFTER USD", "DIFFERENCE USD"]
        let table = FigureTable([head] + sorted.map { line($0.model.printable, $0.sums) } + [line("total", total)], labels: 1)
        let span = "usage from \(request.span.lowerBound.iso8601) to \(request.span.upperBound.iso8601) by the prices of revision \(revision)"
        let left = unpriced == 0 ? "" : "\n\(unpriced) attempts are left as they were: their models have no prices now, or none for their time, or some by class of service."
        return "\(isTrial ? "Would reprice" : "Repriced") \(span)\n\n\(table.text)\(left)"
    }

    package var json: JSONTree {
        func members(_ sums: Sums) -> [(String, JSONTree)] {
            [
                ("attempts", .int(Int64(sums.attempts))), ("corrected", .int(Int64(sums.corrected))), ("beforeNanoUSD", .int(sums.before)),
                ("afterNanoUSD", .int(sums.after)), ("differenceNanoUSD", .int(sums.after - sums.before)),
            ]
        }
        return .object([
            ("format", .int(1)), ("dryRun", .bool(isTrial)), ("revision", .int(revision)),
            ("from", .string(request.span.lowerBound.iso8601)), ("to", .string(request.span.upperBound.iso8601)),
            ("models", .array(sorted.map { .object([("model", .string($0.model))] + members($0.sums)) })),
            ("total", .object(members(total))), ("unpriced", .int(Int64(unpriced))),
        ])
    }
}
