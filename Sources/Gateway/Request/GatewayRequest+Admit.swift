internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

extension AnswerError {
    /// The journal cannot keep what a budget has to know, or a strict organization's usage.
    static var unrecordable: AnswerError {
        AnswerError(.journalUnavailable, "The gateway cannot record usage at present, so nothing is served that has to be recorded first.")
    }
}

extension GatewayRequest {
    func authenticate() -> Result<Caller, AnswerError> {
        guard let state, loop.writer != nil else {
            return .failure(.notLoaded)
        }
        return loop.authenticate(exchange, by: state.snapshot)
    }

    func authorize(_ caller: Caller, _ facts: RequestFacts) throws(AnswerError) -> Grant {
        try ask(for: caller) { snapshot in snapshot.authorize(caller, facts, now: now) }
    }

    func claim(_ grant: Grant, _ facts: RequestFacts) throws(AnswerError) -> Claim {
        try ask(for: grant.caller) { snapshot in snapshot.claim(grant, facts, now: now) }
    }

    func reserve(_ claim: Claim) throws(AnswerError) -> OpenAdmission {
        try checkJournal(claim)
        let caller = claim.grant.caller
        guard let cells = state?.cells(ofOrganization: caller.orgUID) else {
            throw AnswerError(.internalError, "The key's organization has no counters.")
        }
        let now = now
        let reservation = try ask(for: caller) { _ in cells.table.withLock { $0.reserve(claim, now: now) } }
        return OpenAdmission(claim.narrowed(by: reservation), cells, reservation)
    }

    /// Books what a broken attempt used and takes the same again for a further one; false where that is refused.
    func reserveAgain(after attempt: Attempt, _ usage: Usage) -> Bool {
        guard let claim, let admission, (try? checkJournal(claim)) != nil else { return false }
        let (now, cost, served, charged) = (now, price(usage, by: attempt), attempt.target.ordinal, loop.generation)
        let renewed = admission.cells.table.withLock { table in
            table.renew(
                admission.reservation, usage: usage, cost: cost, served: served, charged: charged, for: claim, now: now)
        }
        guard case .success(let reservation) = renewed else { return false }
        let again = OpenAdmission(claim.narrowed(by: reservation), admission.cells, reservation)
        again.standing = admission.standing
        self.admission = again
        // What was spent meanwhile may leave out others than before.
        let next = tried - repeats
        targets = targets.prefix(next) + targets.dropFirst(next).filter { reservation.admits($0.ordinal) }
        guard next < targets.count else {
            settleReservation(Usage(), .zero, served: served)
            return false
        }
        return true
    }

    /// The models to try, without those of providers that cannot be called.
    func route(_ claim: Claim) throws(AnswerError) -> [Target] {
        guard let state else { throw AnswerError(.internalError, "The request has no state.") }
        let now = WallClock.monotonicNanoseconds
        let route = claim.grant.routeIndex
        let facts = RouteFacts(
            unhealthyModels: claim.models { !state.admits($0, route: route, now: now) },
            unavailableProviders: state.unavailableProviders)
        let targets = state.snapshot.route(claim, reserved: admission?.reservation, facts: facts, draw: id.low)
        if let admission {
            record = Decision(
                admitted: claim.narrowed(by: admission.reservation), as: admission.reservation, facts: facts, draw: id.low, order: targets)
            if trace.isClients { record?.trace = trace.trace }
        }
        guard !targets.isEmpty else {
            throw AnswerError(.providerUnavailable, "No provider of this model can be called at present.")
        }
        return targets
    }

    /// Gives a reservation back that no provider was asked for.
    func release() {
        guard let admission else { return }
        let now = now
        admission.cells.table.withLock { $0.release(admission.reservation, now: now) }
    }

    private func ask<Answer>(
        for caller: Caller, _ question: (Snapshot) -> Result<Answer, Refusal>
    ) throws(AnswerError) -> Answer {
        guard let snapshot = state?.snapshot else { throw AnswerError(.internalError, "The request has no state.") }
        switch question(snapshot) {
        case .success(let answer): return answer
        case .failure(let refusal): throw AnswerError(refusal, to: caller.digest, by: snapshot)
        }
    }

    func facts(_ body: InferenceBody) -> RequestFacts {
        asked = AskedAnswer(body)
        return RequestFacts(
            endpoint: endpoint, model: body.model, inputBytes: body.textBytes, inputTokens: body.inputTokens,
            maxOutput: body.maxOutput, choices: body.choices, inputs: body.inputs, stream: body.isStream, images: body.images,
            media: body.media, asksForSound: body.asksForSound, serviceTier: body.serviceTier, client: loop.client(of: exchange), origin: WebOrigin(of: exchange.request), ratios: loop.ratios)
    }

    /// A hard budget is only as good as the journal that counts against it.
    private func checkJournal(_ claim: Claim) throws(AnswerError) {
        let isFull = loop.writer?.isFull ?? true
        let isBound = claim.isUnderBudget && loop.shared.closesBudgets || claim.grant.caller.isStrict && loop.shared.journalHealth.isFailing
        guard isFull || isBound else { return }
        throw AnswerError.unrecordable
    }
}
