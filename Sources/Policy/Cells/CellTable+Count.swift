package import Spec

extension CellTable {
    /// Counts so many requests that are over as soon as they are admitted, all of them or none. Returns how the limits stand then.
    package mutating func count(_ claim: Claim, times: Int, now: Instant) -> Result<LimitReport, Refusal> {
        var counted: [Reservation] = []
        for _ in 0..<times {
            switch reserve(claim, now: now) {
            case .success(let reservation): counted.append(reservation)
            case .failure(let refusal):
                for reservation in counted { release(reservation, now: now) }
                return .failure(refusal)
            }
        }
        for reservation in counted { settle(reservation, usage: Usage(), cost: .zero, now: now) }
        return .success(counted.last?.limits ?? LimitReport())
    }
}
