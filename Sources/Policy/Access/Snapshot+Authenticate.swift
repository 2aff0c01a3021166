package import Spec

extension Snapshot {
    /// Finds the key that a secret opens. A key that is outside its time is named by the rule that ended it.
    package func authenticate(_ digest: KeyDigest, now: Instant) -> Result<Caller, Refusal> {
        guard let secret = graph.secrets[digest] else {
            return .failure(.unknownKey)
        }
        if let refusal = expiry(of: secret, now: now) { return .failure(refusal) }
        return .success(Caller(snapshot: self, digest: digest, now: now, key: secret.key, secret: secret))
    }

    func expiry(of secret: CompiledSecret, now: Instant) -> Refusal? {
        let key = graph.keys[Int(secret.key)]
        if let refusal = objection(ofSuspensions: key.suspensions, now: now) { return refusal }
        let moment = now.milliseconds
        if moment >= key.expires {
            return expired("the API key has expired", .expires, of: key)
        }
        if moment < secret.from {
            return expired("the API key is not valid yet", .secretFrom(secret.ordinal), of: key)
        }
        if moment >= secret.until {
            return expired("this secret of the API key has expired", .secretUntil(secret.ordinal), of: key)
        }
        return nil
    }

    private func expired(_ message: String, _ field: RuleField, of key: CompiledKey) -> Refusal {
        Refusal(.keyExpired, message, rule: rule(RuleReference(resource: key.resource, field: field)))
    }
}

extension Refusal {
    /// Of a key that nobody declares, as of one that was shown for another's application: who guesses learns nothing.
    package static var unknownKey: Refusal { Refusal(.invalidAPIKey, "the API key is not known") }
}

extension Caller {
    /// Whether the key, or its project, is the application of this uid.
    package func isOf(application uid: String) -> Bool {
        let identity = identity
        return identity.keyUID == uid || identity.projectUID == uid
    }
}
