internal import HTTP
internal import Policy
internal import Spec

/// `GET /v1/models` and `GET /v1/models/{id}`: what the key may use. Each counts against the limits of requests whose windows slide.
struct ModelQuestion {
    private let exchange: Exchange
    private let loop: GatewayLoop

    init(_ exchange: Exchange, _ loop: GatewayLoop) {
        self.exchange = exchange
        self.loop = loop
    }

    func list() {
        answer { listings, state in
            var writer = JSONWriter(capacity: 4096)
            writer.beginObject()
            writer.member("object", "list")
            writer.name("data")
            writer.beginArray()
            for listing in listings { writer.model(listing, createdSeconds: state.createdSeconds) }
            writer.endArray()
            writer.endObject()
            return .success(writer.bytes)
        }
    }

    func one(_ id: String) {
        answer { listings, state in
            guard let listing = listings.first(where: { $0.id == id }) else {
                var error = AnswerError(.unknownPath, "The model `\(id)` does not exist, or the key may not use it.", param: "model")
                error.code = RefusalCode.modelNotFound.rawValue
                error.charterCode = error.code
                return .failure(error)
            }
            var writer = JSONWriter()
            writer.model(listing, createdSeconds: state.createdSeconds)
            return .success(writer.bytes)
        }
    }

    private func answer(_ body: ([ModelListing], EnforcedState) -> Result<[UInt8], AnswerError>) {
        let now = Instant(milliseconds: loop.loop.wallClockMilliseconds)
        let decision = loop.nextDecision().hex
        let identity = AnswerIdentity(
            requestID: RequestIdentity.requestID(exchange.request.headers) ?? decision, decision: decision,
            at: now)
        var headers: Headers = ["x-request-id": identity.requestID]
        headers.add("x-charter-decision", decision)
        if let state = loop.state { headers.add("x-charter-revision", state.revisionText) }
        switch permitted(&headers, now).flatMap({ body($0, $1) }) {
        case .success(let bytes):
            headers.add("content-type", "application/json")
            loop.metrics.countRequest(.models, status: 200)
            exchange.respond(ResponseHead(status: 200, headers: headers), body: bytes)
        case .failure(let error):
            headers.addError(error, shape: .openAI)
            loop.metrics.countRefusal(error.charterCode)
            loop.metrics.countRequest(.models, status: error.status)
            let bytes = ErrorShape.openAI.body(error, identity)
            exchange.respond(ResponseHead(status: error.status, headers: headers), body: bytes)
        }
    }

    /// The models, and in the headers how the limits stand then.
    private func permitted(_ headers: inout Headers, _ now: Instant) -> Result<([ModelListing], EnforcedState), AnswerError> {
        guard let state = loop.state else {
            return .failure(.notLoaded)
        }
        let snapshot = state.snapshot
        let facts = RequestFacts(endpoint: .models, model: "", client: loop.client(of: exchange), origin: WebOrigin(of: exchange.request))
        let grant = loop.authenticate(exchange, by: snapshot).flatMap { caller in
            snapshot.authorize(caller, facts, now: now).mapError { AnswerError($0, to: caller.digest, by: snapshot) }
        }
        do throws(AnswerError) {
            let grant = try grant.get()
            headers.add(try loop.count(1, for: grant, by: state), as: EndpointFamily.openAI.limitHeaders, now: now)
            return .success((snapshot.models(for: grant.caller), state))
        } catch {
            if let limits = error.limits { headers.add(limits, as: EndpointFamily.openAI.limitHeaders, now: now) }
            return .failure(error)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func model(_ listing: ModelListing, createdSeconds: Int64) {
        beginObject()
        member("id", listing.id)
        member("object", "model")
        member("created", createdSeconds)
        member("owned_by", listing.ownedBy ?? "charter")
        endObject()
    }
}
