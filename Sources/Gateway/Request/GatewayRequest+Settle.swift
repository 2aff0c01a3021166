internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

extension GatewayRequest {
    /// Settles the attempt that answered and the whole reservation; returns the cost.
    func settleAnswer(_ usage: Usage, isEstimated: Bool, status: Int, ended: String) -> NanoUSD {
        guard let attempt else { return .zero }
        let cost = settleAttempt(status: status, usage: usage, isEstimated: isEstimated, ended: ended)
        settleReservation(usage, cost, served: attempt.target.ordinal)
        let seconds = WallClock.monotonicNanoseconds - arrived
        loop.metrics.countAnswer(
            AnswerCount(
                endpoint: endpoint, status: status, model: attempt.target.model.qualifiedName, usage: usage, cost: cost,
                isEstimated: isEstimated, nanoseconds: seconds, firstByteNanoseconds: max(0, attempt.headArrived - attempt.sent)))
        return cost
    }

    /// Records how an attempt ended; returns what it cost.
    @discardableResult
    func settleAttempt(status: Int, usage: Usage, isEstimated: Bool, ended: String) -> NanoUSD {
        guard let attempt else { return .zero }
        // An attempt that produced nothing costs nothing, not even a price per request.
        let cost = usage == Usage() ? .zero : attempt.target.cost(of: usage)
        let end = attempt.ended == 0 ? WallClock.monotonicNanoseconds : attempt.ended
        loop.writer?.append(
            SettledRecord(
                id: attempt.id, status: status, usage: MeteredUsage(usage), cost: cost.rawValue, isEstimated: isEstimated,
                latencyMilliseconds: (end - attempt.sent) / 1_000_000,
                firstByteMilliseconds: attempt.firstByteMilliseconds, detail: detail(attempt, ended: ended)))
        return cost
    }

    func settleReservation(_ usage: Usage, _ cost: NanoUSD, served: Int) {
        guard let admission else { return }
        let now = now
        admission.cells.table.withLock { table in
            _ = table.settle(admission.reservation, usage: usage, cost: cost, served: served, now: now)
        }
    }

    /// The decision record: what was chosen from what, by which draw, and how it ended.
    private func detail(_ attempt: Attempt, ended: String) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("targets")
        writer.beginArray()
        for target in targets { writer.string(target.model.qualifiedName) }
        writer.endArray()
        writer.member("draw", String(id.low, radix: 16))
        writer.member("fallback", attempt.target.isFallback)
        writer.member("input_estimate", admission?.inputEstimate ?? 0)
        writer.member("hold_usd", (admission?.hold ?? .zero).dollars)
        writer.member("ended", ended)
        if requestID != decision { writer.member("request_id", requestID) }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
