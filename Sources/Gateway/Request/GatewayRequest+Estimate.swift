internal import HTTP
internal import Policy
internal import Spec

/// What is booked where no provider told the usage.
extension GatewayRequest {
    /// A stream as far as it came.
    func streamUsage(_ attempt: Attempt) -> Usage { attempt.relay.usage ?? estimate(output: attempt.produced) }

    /// A plain answer that is here whole, by what the model wrote; where that is not to be found, by all of it.
    func wholeUsage(_ attempt: Attempt, written bytes: Int? = nil) -> Usage {
        estimate(output: written(bytes ?? attempt.received, by: attempt))
    }

    /// An answer that broke off. All the length that the head of a plain one told was made before the head was sent; of one
    /// without a head nothing is known but for how long it was worked on.
    func brokenUsage(_ attempt: Attempt) -> Usage {
        if attempt.isEventStream { return streamUsage(attempt) }
        if asked.endpoint.isMetered { return meteredUsage(attempt, nil).usage }
        guard attempt.headArrived > 0 else {
            let seconds = (attempt.ended - attempt.sent) / 1_000_000_000
            return estimate(output: min(seconds * TokenPolicy.outputPerSecond, admission?.outputHold ?? 0))
        }
        let length = attempt.answerHeaders["content-length"].flatMap(Int.init) ?? 0
        return estimate(output: written(max(attempt.received, min(length, AnswerLimits.lengthBelievedMax)), by: attempt))
    }

    private func estimate(output: Int64) -> Usage { Usage(input: admission?.inputEstimate ?? 0, output: output) }

    /// Tokens of so much text, and no more than were asked for.
    private func written(_ bytes: Int, by attempt: Attempt) -> Int64 {
        let tokens = loop.ratios.tokens(ofBytes: Int64(bytes), model: attempt.target.model.qualifiedName)
        return min(tokens, admission?.outputHold ?? tokens)
    }
}
