internal import Policy
internal import Spec
internal import Synchronization

extension GatewayRequest {
    /// Settles the attempt that answered and the whole reservation; returns the cost. `usage` is nil where it was never sent. With
    /// `isTold` false, whoever answers counts the request, by the status that it has then.
    func settleAnswer(_ usage: Usage?, isEstimated: Bool, status: Int, ended: Ending, isTold: Bool = true) -> NanoUSD {
        guard let attempt else { return .zero }
        let cost = settleAttempt(status: status, usage: usage, isEstimated: isEstimated, ended: ended)
        settleReservation(usage ?? Usage(), cost, served: attempt.target.ordinal)
        if ended == .complete { attempt.modelHealth.noteAnswer(nanoseconds: attempt.ended - attempt.sent) }
        let seconds = WallClock.monotonicNanoseconds - arrived
        loop.metrics.countAnswer(
            AnswerCount(
                endpoint: endpoint, asked: asked.endpoint, status: status, isTold: isTold, model: attempt.target.model.qualifiedName, usage: usage ?? Usage(), cost: cost,
                isEstimated: isEstimated, nanoseconds: seconds, firstByteNanoseconds: max(0, attempt.headArrived - attempt.sent)))
        return cost
    }

    /// Records how an attempt ended; returns what it cost. The request is counted with its last attempt.
    ///
    /// `usage` is nil for an attempt that served nothing, which costs nothing; one that served has its price for each request and
    /// image though its provider counts no token.
    @discardableResult
    func settleAttempt(status: Int, usage: Usage?, isEstimated: Bool, isLast: Bool = true, ended: Ending) -> NanoUSD {
        guard let attempt else { return .zero }
        let cost = usage.map { price($0, by: attempt) } ?? .zero
        let counted = usage.map { billed($0, by: attempt) } ?? Usage()
        let end = attempt.ended == 0 ? WallClock.monotonicNanoseconds : attempt.ended
        let milliseconds = (end - attempt.sent) / 1_000_000
        spans?.settled(attempt, at: end, counted, cost: cost, isEstimated: isEstimated, ended)
        let detail = detail(attempt, status: status, cost: cost, milliseconds: milliseconds, ended: ended)
        loop.writer?.append(
            SettledRecord(
                id: attempt.id, status: status, usage: MeteredUsage(counted), cost: cost.rawValue, isEstimated: isEstimated,
                latencyMilliseconds: milliseconds, firstByteMilliseconds: attempt.firstByteMilliseconds, detail: detail,
                flags: attempt.flags(isEstimated: isEstimated, ended: ended), isLast: isLast))
        return cost
    }

    /// With what the request itself brought that has a price: providers count images as tokens, or not at all.
    private func billed(_ usage: Usage, by attempt: Attempt) -> Usage {
        let images = billedImages(attempt.target)
        guard images > 0, let meter = attempt.target.prices?.imageMeter else { return usage }
        var usage = usage
        usage.other[meter] = images
        return usage
    }

    /// What a usage costs, in the class of service in which the provider says that it served.
    func price(_ usage: Usage, by attempt: Attempt) -> NanoUSD {
        price(usage, tier: attempt.isEventStream ? attempt.relay.serviceTier : attempt.serviceTier, by: attempt)
    }

    /// Without a word of the provider's, `tier` is the one that was asked for.
    func price(_ usage: Usage, tier: String?, by attempt: Attempt) -> NanoUSD {
        attempt.target.cost(of: billed(usage, by: attempt), tier: tier ?? asked.serviceTier)
    }

    /// Images of the request that have a price beside their tokens.
    private func billedImages(_ target: Target) -> Int64 {
        asked.endpoint.isMetered || target.prices?.imageMeter == nil ? 0 : asked.images
    }

    /// What a journal needs beside tokens to book an attempt that never ended: images, or what the endpoint counts.
    func recordedUnits(_ target: Target) -> Int64 {
        guard asked.endpoint.isMetered else { return billedImages(target) }
        return target.prices?.unitMeter(for: asked.endpoint).map { asked.units(of: $0, most: true) } ?? 0
    }

    /// The most that the attempt can have used: what its model can answer, or what came, if its provider serves more.
    func bounds(of attempt: Attempt) -> UsageBounds {
        UsageBounds(attempt.target.model, inputs: asked.inputs, choices: asked.choices).widened(toOutput: Int64(attempt.received))
    }

    func settleReservation(_ usage: Usage, _ cost: NanoUSD, served: Int) {
        guard let admission else { return }
        let (now, charged) = (now, loop.generation)
        admission.cells.table.withLock { table in
            table.settle(admission.reservation, usage: usage, cost: cost, served: served, charged: charged, now: now)
        }
    }

    /// Adds the attempt to the decision record, and gives the record.
    private func detail(
        _ attempt: Attempt, status: Int, cost: NanoUSD, milliseconds: Int64, ended: Ending
    ) -> DecisionDetail {
        record?.record(
            Policy.Attempt(
                attempt.target, outcome: ended.outcome, status: status, cost: cost, milliseconds: milliseconds))
        guard let record, let writer = loop.writer else { return .text("{}") }
        return TermsBook.detail(record, of: attempt.terms, writer: writer)
    }
}

/// How an attempt came to its end.
enum Ending: Equatable {
    case complete
    case clientLeft
    /// Before or during its answer, for this reason.
    case failed(String)

    fileprivate var outcome: Policy.Attempt.Outcome {
        switch self {
        case .complete: .served
        case .clientLeft: .abandoned
        case .failed(let reason): .failed(reason)
        }
    }
}
