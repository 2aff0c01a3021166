package import Spec

extension CellTable {
    /// Counts so many requests that are over as soon as they are admitted, all of them or none. Returns how the limits stand then.
    ///
    /// They are asked for as one, so that more than a limit ever has is refused for good.
    package mutating func count(_ claim: Claim, times: Int, now: Instant) -> Result<LimitReport, Refusal> {
        switch reserve(claim.repeated(times), now: now) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let reservation):
            settle(reservation, usage: Usage(), cost: .zero, now: now)
            return .success(reservation.limits)
        }
    }
}

extension Claim {
    /// So many of the same at once.
    fileprivate func repeated(_ times: Int) -> Claim {
        let all = demands.map { demand in
            Demand(cell: demand.cell, bound: demand.bound, ask: demand.ask * Int64(times), served: demand.served)
        }
        return Claim(grant: grant, now: now, endpoint: endpoint, needs: needs, demands: all, outputMax: outputMax)
    }
}
