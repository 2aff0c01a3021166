internal import HTTP
internal import Policy
internal import Spec

/// One inference request from its head to its settlement. Confined to its loop's thread.
///
/// The phases follow each other in one order: authenticate, collect the body, authorize, claim, reserve, route, forward,
/// settle. Each is a method; a phase that refuses ends the request with `refuse`.
final class GatewayRequest {
    /// How far the request has come.
    enum Phase {
        /// Its key is known; the body is on its way.
        case collecting
        /// An attempt is with a provider, whose answer has not begun.
        case forwarding
        /// A provider refuses the attempt; its reason is being read.
        case readingRefusal(status: Int)
        /// A plain answer is being read.
        case readingAnswer
        /// A plain answer too large to keep is passed on as it comes.
        case passing
        /// An event stream is relayed.
        case relaying
        /// Settled; the end of the answer may wait for the disk.
        case settled
        /// Settled or refused, and answered.
        case over
    }

    let exchange: any ClientExchange
    let loop: GatewayLoop
    /// The operation that was called, which scopes name.
    let endpoint: Endpoint
    let family: EndpointFamily
    let form: RequestForm
    let id: DecisionID
    let decision: String
    let requestID: String
    let trace: TraceContext
    /// What its spans will tell; nil where nobody is to see them.
    private(set) var spans: RequestSpans?
    /// Nanoseconds of the monotonic clock at which the request had arrived.
    var arrived: Int64
    var phase = Phase.collecting

    /// Nil once nothing of it is needed, so that a long stream keeps no snapshot alive.
    var state: EnforcedState?
    var terms: TermsBook?
    private(set) var revisionText: String
    var body: InferenceBody?
    /// What of it is needed to bill the answer.
    var asked = AskedAnswer()
    var admission: OpenAdmission?
    /// What was admitted, until an answer has begun: an attempt after one that has to be paid for is reserved anew.
    var claim: Claim?
    /// What the client named where a budget has another model used.
    var downgradedFrom: String?
    /// What to try, in order; the first `tried` have been.
    var targets: [Target] = []
    var tried = 0
    /// How many of them repeated one whose connection was stale.
    var repeats = 0
    var attempt: Attempt?
    /// Why the request is answered as it is: the rules it met, and its attempts so far.
    var record: Decision?
    var isClientGone = false
    /// How an attempt ends that its client has left, or that is cut.
    var departure: (status: Int, ending: Ending) = (GatewayRequest.clientClosedRequest, .clientLeft)
    /// Its place among the loop's open requests; -1 outside.
    var place = -1
    /// Whether the head of a stream has been sent.
    var hasBegun = false
    /// Whether the client has content of the present attempt, so that no other can take over.
    var isCommitted = false
    /// When the client of a stream last got a byte, or began to wait for one.
    var lastSent = MonotonicInstant.never
    /// Runs while a stream is open.
    var silence: TimerHandle?
    /// Runs while a stream is read on whose client has left.
    var drain: TimerHandle?

    init(_ exchange: any ClientExchange, _ called: CalledEndpoint, _ loop: GatewayLoop) {
        self.loop = loop
        endpoint = called.endpoint
        family = called.family
        form = called.form
        id = loop.nextDecision()
        decision = id.hex
        requestID = RequestIdentity.requestID(exchange.request.headers) ?? decision
        trace = TraceContext(exchange.request.headers, decision: id, sampler: loop.sampler)
        let isTraced = loop.sampler != nil && trace.isSampled
        let spans = isTraced ? RequestSpans(exchange.request, trace, decision: decision, called, loop) : nil
        self.exchange = if let spans { TracedExchange(exchange, spans) } else { exchange }
        self.spans = spans
        arrived = WallClock.monotonicNanoseconds
        state = loop.state
        terms = loop.terms
        revisionText = loop.state?.revisionText ?? ""
    }

    var now: Instant { Instant(milliseconds: loop.loop.wallClockMilliseconds) }

    /// Authenticates by the head alone, then waits for the body.
    func start() {
        loop.inFlight += 1
        exchange.onGone = { [self] in clientLeft() }
        switch authenticate() {
        case .failure(let error): refuse(error)
        case .success(let caller):
            spans?.authenticated(caller)
            exchange.collectBody(max: bodyBytesMax) { [self] bytes in
                arrived = WallClock.monotonicNanoseconds
                admit(caller, bytes)
            }
        }
    }

    /// Asks the rules of this moment: since the head came they may have changed, and the key may be revoked.
    private func admit(_ caller: Caller, _ bytes: UnsafeRawBufferPointer) {
        renewState()
        do throws(AnswerError) {
            let body = try read(bytes)
            self.body = body
            var facts = facts(body)
            let grant = try authorize(caller, facts)
            spans?.permitted(body)
            // What counts is what the body asks for, by whichever endpoint it came.
            facts.endpoint = body.endpoint
            let claim = cheaper(than: try claim(grant, facts), caller, facts)
            self.claim = claim
            admission = try reserve(claim)
            loop.openRequests.insert(self)
            targets = try route(claim)
            forward()
        } catch {
            release()
            refuse(error)
        }
    }

    private var bodyBytesMax: Int {
        let options = loop.shared.options
        return endpoint.hearsSpeech ? options.soundBytesMax : min(family.bodyBytesMax ?? .max, options.bodyBytesMax)
    }

    private func read(_ bytes: UnsafeRawBufferPointer) throws(AnswerError) -> InferenceBody {
        if endpoint.takesForm { return try InferenceBody(form: bytes, exchange.request.headers, endpoint: endpoint) }
        return try form.withOpenAI(bytes) { bytes throws(AnswerError) in try InferenceBody(reading: bytes, endpoint: endpoint) }
    }

    private func renewState() {
        guard let newest = loop.state, newest !== state else { return }
        state = newest
        terms = loop.terms
        revisionText = newest.revisionText
    }

    /// Ends a request that no provider was asked to serve, or could.
    func refuse(_ error: AnswerError) {
        var headers = commonHeaders()
        headers.addError(error, shape: family.errorShape)
        if let limits = admission?.reservation.limits ?? error.limits { headers.add(limits, as: family.limitHeaders, now: now) }
        if tried > 0 { headers.add("x-charter-attempts", decimal: tried) }
        noteTold(error)
        loop.metrics.countRequest(endpoint, status: error.status)
        if hasBegun { return end(withEvent: family.errorShape.event(error, identity)) }
        exchange.respond(ResponseHead(status: error.status, headers: headers), body: family.errorShape.body(error, identity))
        finish()
    }

    /// The client is told of an error.
    func noteTold(_ error: AnswerError) {
        loop.metrics.countRefusal(error.charterCode)
        spans?.told(error)
    }

    var identity: AnswerIdentity { AnswerIdentity(requestID: requestID, decision: decision, at: now) }

    /// Headers of every answer.
    func commonHeaders() -> Headers {
        var headers = Headers()
        headers.add("x-request-id", requestID)
        headers.add("x-charter-decision", decision)
        if !revisionText.isEmpty { headers.add("x-charter-revision", revisionText) }
        if trace.isClients { headers.add("traceparent", trace.span) }
        return headers
    }

    func finish() {
        if case .over = phase { return }
        phase = .over
        exportSpans()
        loop.inFlight -= 1
        loop.openRequests.remove(self)
        silence?.cancel()
        silence = nil
        drain?.cancel()
        drain = nil
        state = nil
        claim = nil
        terms = nil
        body = nil
        attempt = nil
        exchange.releaseHeld()
    }

    private func exportSpans() {
        guard let spans else { return }
        self.spans = nil
        loop.export(spans.finished(revision: revisionText))
    }

    func clientLeft() {
        isClientGone = true
        switch phase {
        case .collecting: finish()
        case .forwarding, .readingAnswer: leaveAttempt()
        // A refusal costs nothing and ends soon.
        case .readingRefusal: break
        case .passing, .relaying: abandonAttempt()
        // What is waited for ends it.
        case .settled: break
        case .over: break
        }
    }
}
