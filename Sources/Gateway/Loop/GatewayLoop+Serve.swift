internal import HTTP
internal import Policy
internal import Spec

extension GatewayLoop {
    /// Routes a request whose head has arrived.
    func serve(_ exchange: Exchange, isAdmin: Bool) {
        let route = RequestRoute(exchange.request.method, path: exchange.request.path)
        if case .unknown = route, isAdmin || !shared.hasAdminListener, let call = DenyCall(exchange, self) { return call.start() }
        if isAdmin != route.isOperational, isAdmin || shared.hasAdminListener, !route.isHealth {
            return page(exchange, AnswerError(.unknownPath, "There is nothing at this path."))
        }
        switch route {
        case .inference(let called): GatewayRequest(exchange, called, self).start()
        case .batch: BatchRequest(exchange, self).start()
        case .recommendation(let endpoint): RoutingQuestion(exchange, endpoint, self).start()
        case .models: ModelQuestion(exchange, self).list()
        case .model(let id): ModelQuestion(exchange, self).one(id)
        case .health: json(exchange, 200, #"{"status":"ok"}"#)
        case .readiness: readiness(exchange)
        case .metrics: metricsPage(exchange)
        case .root: json(exchange, 200, #"{"service":"charter-gateway","version":"\#(GatewayVersion.current)"}"#)
        case .options(let allow): options(exchange, allow)
        case .unknown: page(exchange, AnswerError(.unknownPath, "There is nothing at this path."))
        case .wrongMethod(let allow):
            page(exchange, AnswerError(.methodNotAllowed, "This path does not take \(exchange.request.method)."), ["allow": allow])
        }
    }

    /// What the answer to a request says of pages, below the API's paths.
    func sharing(of request: RequestHead) -> Headers? {
        // Caches keep what answers GET, also for pages that ask later; what answers other methods they keep for nobody.
        guard request.hasOrigin || request.method == .get || request.method == .head, EndpointFamily(path: request.path).isForApplications
        else { return nil }
        return reader(of: request).map { .sharing(with: $0) } ?? .varyingByOrigin
    }

    /// The pages of a request, where they may read its answer: those that a key declares.
    private func reader(of request: RequestHead) -> WebOrigin? {
        guard let origin = WebOrigin(of: request), state?.snapshot.mayAnswerBeRead(by: origin) ?? false else { return nil }
        return origin
    }

    /// A browser asks by this method before it lets a script send a key; others learn what the path takes.
    private func options(_ exchange: Exchange, _ allow: String) {
        let request = exchange.request
        if request.headers.contains(Preflight.field), EndpointFamily(path: request.path).isForApplications, let origin = reader(of: request) {
            exchange.answerFields = Preflight(request)?.permission(for: origin, methods: allow) ?? .varyingByOrigin
        }
        let headers: Headers = ["x-request-id": requestID(of: exchange.request), "allow": allow]
        exchange.respond(ResponseHead(status: 204, headers: headers), body: [])
    }

    private func page(_ exchange: Exchange, _ error: AnswerError, _ more: Headers = [:]) {
        var (headers, body) = pageOf(error, to: exchange.request)
        more.forEach { headers.add(named: $0, $1) }
        exchange.respond(ResponseHead(status: error.status, headers: headers), body: body)
    }

    /// An error that is told before anything was decided; nil for a request whose head could not be read.
    func pageOf(_ error: AnswerError, to request: RequestHead?) -> (Headers, [UInt8]) {
        let identity = AnswerIdentity(requestID: requestID(of: request), at: Instant(milliseconds: loop.wallClockMilliseconds))
        let shape = request.map { EndpointFamily(path: $0.path).errorShape } ?? .openAI
        var headers: Headers = ["x-request-id": identity.requestID]
        headers.addError(error, shape: shape)
        return (headers, shape.body(error, identity))
    }

    /// The client's own, or one that is made for it.
    func requestID(of request: RequestHead?) -> String {
        request.flatMap { RequestIdentity.requestID($0.headers) } ?? nextDecision().hex
    }

    private func json(_ exchange: Exchange, _ status: Int, _ text: String) {
        let headers: Headers = [
            "x-request-id": requestID(of: exchange.request), "content-type": "application/json", "cache-control": "no-store",
        ]
        exchange.respond(ResponseHead(status: status, headers: headers), body: Array(text.utf8))
    }

    private func readiness(_ exchange: Exchange) {
        let faults = shared.faults
        let status = shared.status.current
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("ready", faults.isEmpty)
        if let revision = status.revision { writer.member("revision", revision) }
        writer.member("database", status.isDatabaseReachable ? "reachable" : "away")
        if let rejected = status.rejected { writer.member("rejected", rejected) }
        writer.name("faults")
        writer.beginArray()
        for fault in faults { writer.string(fault) }
        writer.endArray()
        writer.name("providers")
        writer.beginObject()
        let now = WallClock.monotonicNanoseconds
        var troubles: [String: String] = [:]
        for provider in shared.upstreams.providers { troubles[provider.name] = provider.trouble(now: now) }
        for name in status.providers { writer.member(name, status.providerFaults[name] ?? troubles[name] ?? "available") }
        writer.endObject()
        writer.endObject()
        json(exchange, faults.isEmpty ? 200 : 503, String(decoding: writer.bytes, as: UTF8.self))
    }

    private func metricsPage(_ exchange: Exchange) {
        let text = GatewayMetrics(shared: shared).page
        let headers: Headers = ["x-request-id": requestID(of: exchange.request), "content-type": PrometheusText.contentType]
        exchange.respond(ResponseHead(status: 200, headers: headers), body: Array(text.utf8))
    }
}

extension RequestRoute {
    fileprivate var isHealth: Bool { self == .health || self == .readiness || self == .root }
}

extension AnswerError {
    /// A request that the HTTP layer itself refuses.
    init(status: Int, reason: String) {
        let code: GatewayErrorCode =
            switch status {
            case 405: .methodNotAllowed
            case 408: .requestTimeout
            case 413: .requestTooLarge
            case 414: .targetTooLong
            case 417: .expectationFailed
            case 421: .misdirected
            case 431: .headTooLarge
            case 501: .notImplemented
            case 503: .overloaded
            case 505: .httpVersion
            default: .badRequest
            }
        self.init(code, reason)
        self.status = status
    }
}
