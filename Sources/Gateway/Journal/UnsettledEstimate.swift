internal import Policy
internal import Spec
internal import Store

/// What is booked for an attempt whose process ended before it settled.
enum UnsettledEstimate {
    /// The status of such a row in the ledger: no answer was finished.
    static let status = 0

    /// Input is what was reckoned at admission. Output is what a stream had produced by its last progress record;
    /// for a plain answer, whose progress nobody saw, it is the whole hold: never less than the provider may charge.
    static func book(_ entry: AttemptPairing.Open) -> BookedAttempt {
        let opened = entry.record
        let endpoint = Endpoint(rawValue: opened.terms.endpoint) ?? .chatCompletions
        var usage = MeteredUsage(
            .reckoned(input: opened.inputEstimate, output: opened.isStream ? entry.pieces : opened.outputHold, at: endpoint))
        let cost = opened.terms.price.cost(&usage, units: opened.images, at: endpoint, tier: opened.tier)
        let settled = SettledRecord(
            id: opened.id, status: status, usage: usage, cost: cost, isEstimated: true,
            latencyMilliseconds: 0, firstByteMilliseconds: 0, detail: .text(#"{"ended":"process"}"#), flags: .cut)
        return BookedAttempt(opened: opened, settled: settled)
    }
}
