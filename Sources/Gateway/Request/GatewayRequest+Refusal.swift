internal import HTTP
internal import Policy
internal import Spec

/// Refusals by providers, whether a status tells them or an event of a stream.
extension GatewayRequest {
    func providerRefused(_ refusal: ProviderRefusal) {
        guard let attempt else { return }
        let reason = attempt.isEventStream ? "error in stream" : "http \(refusal.status)"
        switch refusal.fault {
        case .client:
            noteSuccess(attempt)
            passRefusal(refusal, attempt, reason)
        case .busy:
            let wait = RetryAfter.read(attempt.answerHeaders) ?? .seconds(1)
            noteBusy(attempt, wait: wait)
            var error = AnswerError(.upstreamRateLimited, "The provider is limiting the gateway's requests.", retryAfter: wait)
            error.resetsAt = Instant(milliseconds: now.milliseconds + wait.roundedMilliseconds)
            endRefused(refusal, .tooManyRequests, error, reason)
        case .credential:
            logRefusal(refusal, "a provider refuses the gateway's credential", attempt)
            endRefused(refusal, .serverError, AnswerError(.upstreamError, "The provider refused the gateway's credential."), reason)
        case .declaration:
            logRefusal(refusal, "a provider does not serve what is declared of it", attempt)
            endRefused(refusal, .serverError, AnswerError(.upstreamError, refusal.message), reason)
        case .provider:
            noteFailure(attempt, reason)
            endRefused(refusal, .serverError, AnswerError(.upstreamError, refusal.message), reason)
        }
    }

    private func endRefused(
        _ refusal: ProviderRefusal, _ condition: RoutingPolicy.Condition, _ error: AnswerError, _ reason: String
    ) {
        guard let attempt else { return }
        // What broke in the middle of its work may be charged by the provider, unlike what it would not begin.
        if isCommitted || attempt.isEventStream && (refusal.fault == .provider || attempt.relay.usage != nil) {
            streamFailed(error, reason, condition, isProviders: false)
        } else {
            attemptFailed(condition, status: refusal.status, error, reason)
        }
    }

    /// A mistake of the client's that only the provider can see: its answer is the client's.
    private func passRefusal(_ refusal: ProviderRefusal, _ attempt: Attempt, _ reason: String) {
        guard let admission else { return }
        // Who tells a usage has worked on it.
        let usage = isCommitted || attempt.relay.usage != nil ? streamUsage(attempt) : nil
        let cost = settleAttempt(status: refusal.status, usage: usage, isEstimated: usage != nil, ended: .failed(reason))
        settleReservation(usage ?? Usage(), cost, served: attempt.target.ordinal)
        loop.metrics.countAttempt(attempt.target.model.qualifiedName, outcome: "refused")
        loop.metrics.countRequest(endpoint, status: refusal.status)
        guard exchange.isOpen else { return finish() }
        if hasBegun { return end(withEvent: event(refusal)) }
        let (contentType, body) = told(refusal)
        var headers = answerHeaders(attempt, admission, contentType: contentType)
        headers.add("x-charter-cost-usd", cost.dollars)
        exchange.respond(ResponseHead(status: refusal.status, headers: headers), body: body)
        finish()
    }

    /// The provider's own object where clients of the family look for such a one, and else its words in the family's shape.
    private func told(_ refusal: ProviderRefusal) -> (contentType: String, body: [UInt8]) {
        let shape = family.errorShape
        if shape == .openAI, refusal.hasErrorObject { return (shape.contentType, refusal.body) }
        return (shape.contentType, shape.body(AnswerError(refusal), identity))
    }

    /// A refusal that comes after the head of the stream: the provider's own object where it sent one, each of its lines in a
    /// line of the event.
    private func event(_ refusal: ProviderRefusal) -> [UInt8] {
        guard refusal.hasErrorObject else { return family.errorShape.event(AnswerError(refusal), identity) }
        let lines = refusal.body.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        return lines.flatMap { Array("data: ".utf8) + $0 + Array("\n".utf8) } + Array("\n".utf8)
    }
}
