internal import HTTP
internal import Policy
internal import Spec

/// `GET /v1/models` and `GET /v1/models/{id}`: what the key may use.
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
        let decision = loop.nextDecision().hex
        let identity = AnswerIdentity(
            requestID: RequestIdentity.requestID(exchange.request.headers) ?? decision, decision: decision,
            at: Instant(milliseconds: loop.loop.wallClockMilliseconds))
        var headers: Headers = ["x-request-id": identity.requestID]
        headers.add("x-charter-decision", decision)
        if let state = loop.state { headers.add("x-charter-revision", state.revisionText) }
        switch permitted().flatMap({ body($0, $1) }) {
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

    private func permitted() -> Result<([ModelListing], EnforcedState), AnswerError> {
        guard let state = loop.state else {
            return .failure(.notLoaded)
        }
        let snapshot = state.snapshot
        let now = Instant(milliseconds: loop.loop.wallClockMilliseconds)
        let facts = RequestFacts(endpoint: .models, model: "", client: loop.client(of: exchange), origin: WebOrigin(of: exchange.request))
        return loop.authenticate(exchange, by: snapshot).flatMap { caller in
            snapshot.authorize(caller, facts, now: now).map { _ in (snapshot.models(for: caller), state) }
                .mapError { AnswerError($0, to: caller.digest, by: snapshot) }
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
