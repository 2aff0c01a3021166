internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

extension GatewayLoop {
    /// Counts `questions` that no provider is asked against the limits of their key, all of them or none; returns how the limits stand
    /// then.
    func count(_ questions: Int, for grant: Grant, by state: EnforcedState) throws(AnswerError) -> LimitReport {
        guard let cells = state.cells(ofOrganization: grant.caller.orgUID) else {
            throw AnswerError(.internalError, "The key's organization has no counters.")
        }
        let now = Instant(milliseconds: loop.wallClockMilliseconds)
        let claim = state.snapshot.claim(toAsk: grant, now: now)
        switch cells.table.withLock({ $0.count(claim, times: questions, now: now) }) {
        case .success(let limits): return limits
        case .failure(let refusal): throw AnswerError(refusal, to: grant.caller.digest, by: state.snapshot)
        }
    }
}
