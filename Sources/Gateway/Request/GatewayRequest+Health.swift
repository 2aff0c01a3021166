internal import HTTP
internal import Policy

/// What the attempts tell of the health of providers.
extension GatewayRequest {
    /// The provider answered as it should, be it with a refusal that is the client's fault.
    func noteSuccess(_ attempt: Attempt) {
        if attempt.breaker?.succeeded(sent: attempt.sent) == true {
            loop.shared.log.note("a route takes a target back", ["model": attempt.target.model.qualifiedName])
        }
        if attempt.health.ejection?.succeeded(sent: attempt.sent) == true {
            loop.shared.log.note("a provider is well again", ["provider": attempt.health.name])
        }
    }

    /// The provider, or the way to it, failed.
    func noteFailure(_ attempt: Attempt, _ reason: String) {
        let now = WallClock.monotonicNanoseconds
        if let breaker = attempt.breaker, breaker.failed(sent: attempt.sent, now: now) {
            logPause("a route leaves a target out after failures", breaker, ["model": attempt.target.model.qualifiedName, "reason": reason])
        }
        if let ejection = attempt.health.ejection, ejection.failed(sent: attempt.sent, now: now) {
            logPause("a provider is left out after failures", ejection, ["provider": attempt.health.name, "reason": reason])
        }
    }

    private func logPause(_ message: String, _ breaker: FailureBreaker, _ fields: [String: String]) {
        var fields = fields
        fields["seconds"] = String(breaker.terms.pause / 1_000_000_000)
        loop.shared.log.warning(message, fields)
    }

    /// The provider asks to be left alone with this model.
    func noteBusy(_ attempt: Attempt, wait: Duration) {
        attempt.modelHealth.noteBusy(for: wait.inNanoseconds, now: WallClock.monotonicNanoseconds)
    }

    /// A failure of the way to the provider, in the words that an operator needs and no client sees.
    func logFailure(_ failure: CallFailure, _ attempt: Attempt) {
        guard let detail = failure.detail, var fields = logFields(attempt) else { return }
        fields["failure"] = failure.recordName
        fields["reason"] = detail
        loop.shared.log.warning("a provider cannot be called", fields)
    }

    /// A refusal that somebody who runs the gateway has to look into. Never in the provider's words, which may repeat a secret.
    func logRefusal(_ refusal: ProviderRefusal, _ message: String, _ attempt: Attempt) {
        guard var fields = logFields(attempt) else { return }
        fields["model"] = attempt.target.model.qualifiedName
        fields["status"] = String(refusal.status)
        loop.shared.log.error(message, fields)
    }

    /// Nil where too much has been logged of the provider already.
    private func logFields(_ attempt: Attempt) -> [String: String]? {
        guard let others = attempt.health.mayLog(now: WallClock.monotonicNanoseconds) else { return nil }
        var fields = ["provider": attempt.health.name, "decision": decision, "trace": trace.id]
        if others > 0 { fields["not_logged_before"] = String(others) }
        return fields
    }
}
