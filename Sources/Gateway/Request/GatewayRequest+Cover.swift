internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

/// Streams that go beyond what was held for them.
extension GatewayRequest {
    /// Takes more of the budgets for what a stream has produced and for some more, by a quarter or as much as there is;
    /// answers the budget that has no room even for what is there.
    func cover(_ attempt: Attempt) -> SpentBudget? {
        guard let admission else { return nil }
        let produced = attempt.produced
        var step = max(produced / 4, Self.coverStepMin)
        while true {
            guard let spent = extend(admission, attempt, to: produced + step) else {
                attempt.outputCovered = produced + step
                return nil
            }
            if step == 0 { return spent }
            step /= 2
        }
    }

    private func extend(_ admission: OpenAdmission, _ attempt: Attempt, to output: Int64) -> SpentBudget? {
        let input = admission.inputEstimate
        let (more, less) = (
            price(Usage(input: input, output: output), by: attempt),
            price(Usage(input: input, output: attempt.outputCovered), by: attempt))
        return admission.cells.table.withLock { table in
            table.extend(
                &admission.reservation, tokens: output - attempt.outputCovered, money: NanoUSD(more.rawValue - less.rawValue),
                served: attempt.target.ordinal)
        }
    }

    /// The provider is stopped, what it has produced is billed, and the client is told in the stream.
    func endAtBudget(_ spent: SpentBudget, _ attempt: Attempt) {
        attempt.call?.cancel()
        attempt.ended = WallClock.monotonicNanoseconds
        streamFailed(error(spent, to: admission?.digest), "budget spent", nil, isProviders: false)
    }

    /// The rule can be named while the revision that admitted the request is enforced, and its rules have their places.
    private func error(_ spent: SpentBudget, to key: KeyDigest?) -> AnswerError {
        guard let key, let current = loop.state, current.revisionText == revisionText, let refusal = current.snapshot.refusal(spent) else {
            let refusal = Refusal(.budgetExceeded, "a budget is spent, so the answer ends here", resetsAt: spent.resetsAt)
            return AnswerError(refusal, disclosure: .full)
        }
        return AnswerError(refusal, to: key, by: current.snapshot)
    }

    /// Output tokens.
    private static let coverStepMin: Int64 = 64
}
