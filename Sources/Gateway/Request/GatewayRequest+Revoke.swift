internal import HTTP
internal import Policy
internal import Spec

/// What becomes of a request under way when the rules that admitted it hold no longer.
extension GatewayRequest {
    /// What the rules of this moment have against a further attempt; takes out the targets that they permit no more.
    ///
    /// `repeated` is a target that is to be asked again, which they must still permit too.
    func objectionToAnother(orTo repeated: Target? = nil) -> AnswerError? {
        guard let claim, let body, let newest = loop.state else { return nil }
        let now = now
        let snapshot = newest.snapshot
        var facts = facts(body)
        if downgradedFrom != nil { facts.model = claim.grant.name ?? facts.model }
        switch snapshot.renew(claim.grant.caller, facts, now: now) {
        case .failure(let refusal): return AnswerError(refusal, to: claim.grant.caller.digest, by: snapshot)
        case .success(let grant):
            let next = tried - repeats
            if next < targets.count { targets[next...].removeAll { !grant.permits($0.model, now: now) } }
            guard let repeated, !grant.permits(repeated.model, now: now) else { return nil }
            return AnswerError(.providerUnavailable, "The model that was asked may not be used any more.")
        }
    }

    /// Looks at the key again; cuts the request where the key has ended and its policy says so.
    func reviewKey(by snapshot: Snapshot, now: Instant) {
        // What is settled is answered as the ledger has it, though its end may wait for the disk.
        if case .settled = phase { return }
        guard let admission else { return }
        switch snapshot.authenticate(admission.digest, now: now) {
        case .success(let caller): admission.standing = caller.standing
        case .failure(let refusal):
            admission.standing.end(of: admission.digest, in: snapshot)
            guard admission.standing.cuts, exchange.isOpen else { return }
            var error = AnswerError(refusal, to: admission.digest, by: snapshot)
            if refusal.code == .invalidAPIKey { error.message = "The API key was revoked while its request was under way." }
            cut(error)
        }
    }

    /// Ends the request for its client at once. What the provider has done is billed as if the client had left.
    private func cut(_ error: AnswerError) {
        departure = (error.status, .failed(error.charterCode))
        noteTold(error)
        if case .passing = phase {
            exchange.abort()
        } else if hasBegun {
            exchange.write(family.errorShape.event(error, identity))
            exchange.end()
        } else {
            var headers = commonHeaders()
            headers.addError(error, shape: family.errorShape)
            exchange.respond(ResponseHead(status: error.status, headers: headers), body: family.errorShape.body(error, identity))
        }
        clientLeft()
    }
}
