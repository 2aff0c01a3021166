internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

/// `POST /v1/ml/route` and `/v1/ml/route/batch`: to which model a chat is best sent. Nothing is forwarded, and nothing is billed; each
/// question counts against the limits of requests whose windows slide.
final class RoutingQuestion {
    private let exchange: Exchange
    private let loop: GatewayLoop
    private let endpoint: Endpoint
    private let identity: AnswerIdentity
    private let started: Int64
    private let family = EndpointFamily.routing

    init(_ exchange: Exchange, _ endpoint: Endpoint, _ loop: GatewayLoop) {
        self.exchange = exchange
        self.loop = loop
        self.endpoint = endpoint
        started = WallClock.monotonicNanoseconds
        let decision = loop.nextDecision().hex
        identity = AnswerIdentity(
            requestID: RequestIdentity.requestID(exchange.request.headers) ?? decision, decision: decision,
            at: Instant(milliseconds: loop.loop.wallClockMilliseconds))
    }

    func start() {
        switch grant() {
        case .failure(let error): refuse(error)
        case .success:
            exchange.collectBody(max: loop.shared.options.bodyBytesMax) { [self] bytes in answer(bytes) }
        }
    }

    private func answer(_ bytes: UnsafeRawBufferPointer) {
        do throws(AnswerError) {
            guard let state = loop.state else { throw .notLoaded }
            let requests = try RoutingRequests(reading: bytes, isBatch: endpoint == .mlRouteBatch)
            // Anew: what the key may do can have changed while its body was on the way.
            let grant = try grant().get()
            let limits = try count(requests.all.count, for: grant, state)
            let found = recommendations(requests, grant.caller, state)
            let answer = RoutingAnswer(
                found, ids: found.map { _ in loop.nextDecision().hex }, tier: grant.caller.plan, remaining: limits.requests?.remaining,
                identity, since: started)
            let bytes = try endpoint == .mlRouteBatch ? answer.batch : answer.single
            respond(200, bytes, type: "application/json", limits)
        } catch {
            refuse(error)
        }
    }

    /// In the order of the requests, chosen in the order that is asked for.
    private func recommendations(_ requests: RoutingRequests, _ caller: Caller, _ state: EnforcedState) -> [Recommendation] {
        let models = state.snapshot.chatModels(for: caller)
        let service = state.serviceFacts(of: models, now: WallClock.monotonicNanoseconds)
        var burden: [Int: Int] = [:]
        var found: [Int: Recommendation] = [:]
        for index in requests.order {
            var (facts, wish) = (requests.all[index].facts, requests.all[index].wish)
            facts.ratios = loop.ratios
            wish.objective = wish.objective ?? requests.objective
            let recommendation = state.snapshot.recommendation(
                among: models, facts, wish, service: service, burden: requests.balancesLoad ? burden : [:], now: now)
            if let best = recommendation.best { burden[best.model.provider.index, default: 0] += 1 }
            found[index] = recommendation
        }
        return requests.all.indices.compactMap { found[$0] }
    }

    private func grant() -> Result<Grant, AnswerError> {
        guard let state = loop.state else { return .failure(.notLoaded) }
        let snapshot = state.snapshot
        let now = now
        let facts = RequestFacts(endpoint: endpoint, model: "", client: loop.client(of: exchange), origin: WebOrigin(of: exchange.request))
        return loop.authenticate(exchange, by: snapshot).flatMap { caller in
            snapshot.authorize(caller, facts, now: now).mapError { AnswerError($0, to: caller.digest, by: snapshot) }
        }
    }

    /// Counts `questions`, all of them or none; returns how the limits stand then.
    private func count(_ questions: Int, for grant: Grant, _ state: EnforcedState) throws(AnswerError) -> LimitReport {
        guard let cells = state.cells(ofOrganization: grant.caller.orgUID) else {
            throw AnswerError(.internalError, "The key's organization has no counters.")
        }
        let now = now
        let claim = state.snapshot.claim(toAsk: grant, now: now)
        switch cells.table.withLock({ $0.count(claim, times: questions, now: now) }) {
        case .success(let limits): return limits
        case .failure(let refusal): throw AnswerError(refusal, to: grant.caller.digest, by: state.snapshot)
        }
    }

    private func refuse(_ error: AnswerError) {
        loop.metrics.countRefusal(error.charterCode)
        respond(error.status, family.errorShape.body(error, identity), type: nil, error.limits, error)
    }

    private func respond(_ status: Int, _ body: [UInt8], type: String?, _ limits: LimitReport?, _ error: AnswerError? = nil) {
        var headers: Headers = ["x-request-id": identity.requestID, "x-charter-decision": identity.decision ?? ""]
        if let state = loop.state { headers.add("x-charter-revision", state.revisionText) }
        if let type { headers.add("content-type", type) }
        if let error { headers.addError(error, shape: family.errorShape) }
        if let limits { headers.add(limits, as: family.limitHeaders, now: now) }
        loop.metrics.countRequest(endpoint, status: status)
        exchange.respond(ResponseHead(status: status, headers: headers), body: body)
    }

    private var now: Instant { Instant(milliseconds: loop.loop.wallClockMilliseconds) }
}

extension AnswerError {
    static var notLoaded: AnswerError { AnswerError(.stateUnavailable, "The gateway has not loaded its configuration yet.") }
}
