internal import Policy
internal import Spec

/// What a request was admitted with: enough to settle it when the snapshot is long gone.
///
/// A class, as every phase looks at it.
final class OpenAdmission {
    let digest: KeyDigest
    /// How it stood with the key when that was last asked.
    var standing: KeyStanding
    /// The key's place in the snapshot.
    let key: Int
    let cells: OrganizationCells
    /// Grows with an answer that goes beyond what was held.
    var reservation: Reservation
    let inputEstimate: Int64
    /// The most output tokens of all choices.
    let outputHold: Int64
    let hold: NanoUSD
    let route: String?
    let retry: RoutingPolicy.Retry?
    /// What policy allows of the output of one choice, where the client's own bound is higher or missing.
    let outputMax: Int64?
    /// Whether the organization has everything wait for the disk.
    let isStrict: Bool
    /// Where nothing bounded the output and a budget pays for it: the bound to pass on.
    let outputBound: Int64?
    /// Of a soft budget that is exceeded, for the client.
    let softWarning: String?

    init(_ claim: Claim, _ cells: OrganizationCells, _ reservation: Reservation) {
        let caller = claim.grant.caller
        digest = caller.digest
        standing = caller.standing
        key = caller.keyIndex
        self.cells = cells
        self.reservation = reservation
        inputEstimate = claim.inputTokens
        outputHold = claim.output
        hold = claim.hold
        route = claim.grant.route
        retry = claim.retry
        outputMax = claim.outputMax
        isStrict = caller.isStrict
        softWarning = reservation.soft.map { claim.snapshot.softWarning($0, to: caller.digest) }
        outputBound = claim.outputIsAssumed && claim.isUnderBudget ? claim.outputCap : nil
    }
}
