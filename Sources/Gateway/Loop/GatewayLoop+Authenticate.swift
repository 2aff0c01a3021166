internal import HTTP
internal import Policy
internal import Spec

extension GatewayLoop {
    /// Whose key a request presents.
    func authenticate(_ exchange: any ClientExchange, by snapshot: Snapshot) -> Result<Caller, AnswerError> {
        let presented: PresentedKey
        switch PresentedKey.read(exchange.request.headers) {
        case .failure(let error): return .failure(error)
        case .success(let key): presented = key
        }
        let now = Instant(milliseconds: loop.wallClockMilliseconds)
        switch snapshot.authenticate(presented.digest, now: now) {
        case .success(let caller):
            guard let application = presented.application, !caller.isOf(application: application) else { return .success(caller) }
            return .failure(refuse(.unknownKey, to: presented.digest, exchange, snapshot, now))
        case .failure(let refusal): return .failure(refuse(refusal, to: presented.digest, exchange, snapshot, now))
        }
    }

    /// Who shows unknown keys again and again is told so; only after the lookup, so that a known key opens from any address.
    private func refuse(
        _ refusal: Refusal, to key: KeyDigest, _ exchange: any ClientExchange, _ snapshot: Snapshot, _ now: Instant
    ) -> AnswerError {
        guard refusal.code == .invalidAPIKey, !unknownKeys.admits(client(of: exchange), now: now.milliseconds) else {
            return AnswerError(refusal, to: key, by: snapshot)
        }
        return AnswerError(.tooManyUnknownKeys, "Too many requests with unknown API keys have come from this address.")
    }
}
