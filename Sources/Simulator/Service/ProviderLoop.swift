internal import HTTP

/// One loop's share of the provider: its server, and the numbers that it draws. Confined to the loop's thread.
final class ProviderLoop {
    let loop: EventLoop
    let settings: SimulatorSettings
    let log: ServiceLog?
    var draws: Draws
    private var server: Server?
    private var serial: UInt64

    /// A request body of several images fits; more than any provider takes.
    static let bodyBytesMax = 64 * 1024 * 1024
    /// Serials of different loops are told apart by their first digits.
    private static let serialsPerLoop: UInt64 = 1_000_000_000_000

    init(_ loop: EventLoop, _ settings: SimulatorSettings, port: UInt16, index: Int, _ log: ServiceLog?) throws {
        self.loop = loop
        self.settings = settings
        self.log = log
        draws = Draws(seed: Draws.mixed(settings.seed) &+ UInt64(index))
        serial = UInt64(index + 1) * Self.serialsPerLoop
        let address = ListenAddress(host: settings.host, port: port, reusePort: settings.loops > 1)
        let server = try Server(loop: loop, listening: address) { [weak self] exchange in self?.serve(exchange) }
        server.errorBody = { status, reason, _ in
            let fault = APIFault(status: status, type: "invalid_request_error", message: reason)
            return (["content-type": "application/json"], fault.body)
        }
        self.server = server
    }

    var port: UInt16 { server?.port ?? 0 }

    func stop() {
        let loop = loop
        server?.drain(deadline: .zero) { loop.stop() }
    }

    func nextSerial() -> UInt64 {
        serial += 1
        return serial
    }

    private func serve(_ exchange: Exchange) {
        let path = exchange.request.path
        if let endpoint = Endpoint(path: path) {
            guard exchange.request.method == .post else { return refuseMethod(exchange, allowed: "POST") }
            exchange.collectBody(max: Self.bodyBytesMax) { [weak self] in self?.answer(endpoint, exchange, body: $0) }
        } else {
            serveReading(exchange, path)
        }
    }

    /// Requests that generate nothing. They are not logged.
    private func serveReading(_ exchange: Exchange, _ path: String) {
        let isModel = path.hasPrefix(Self.modelPrefix)
        guard isModel || path == "/v1/models" || path == "/healthz" else { return refusePath(exchange, path) }
        guard exchange.request.method == .get || exchange.request.isHead else {
            return refuseMethod(exchange, allowed: "GET, HEAD")
        }
        if path == "/healthz" {
            exchange.respond(
                ResponseHead(status: 200, headers: ["content-type": "text/plain"]), body: Array("ok\n".utf8))
        } else if let fault = keyFault(exchange.request.headers) {
            exchange.respond(fault)
        } else if isModel {
            serveModel(exchange, String(path.dropFirst(Self.modelPrefix.count)))
        } else {
            exchange.respond(json: ModelAnswer.list(settings.models))
        }
    }

    private static let modelPrefix = "/v1/models/"

    private func serveModel(_ exchange: Exchange, _ model: String) {
        if settings.models.contains(model) { return exchange.respond(json: ModelAnswer.one(model)) }
        exchange.respond(
            APIFault(
                status: 404, type: "invalid_request_error", code: "model_not_found", param: "model",
                message: "The model '\(model)' does not exist."))
    }

    private func refusePath(_ exchange: Exchange, _ path: String) {
        exchange.respond(
            APIFault(
                status: 404, type: "invalid_request_error", code: "unknown_url",
                message: "Unknown request URL: \(exchange.request.method) \(path)."))
    }

    private func refuseMethod(_ exchange: Exchange, allowed: String) {
        let fault = APIFault(
            status: 405, type: "invalid_request_error", code: "method_not_supported",
            message: "\(exchange.request.method) is not allowed here; use \(allowed).")
        exchange.respond(fault, extra: ("allow", allowed))
    }

    /// Nil when the request shows the credential asked for, or none is.
    func keyFault(_ headers: Headers) -> APIFault? {
        guard let key = settings.key, headers["authorization"] != "Bearer \(key)" else { return nil }
        return APIFault(
            status: 401, type: "invalid_request_error", code: "invalid_api_key",
            message: "The request does not show the key that this provider was started with.")
    }
}

extension Exchange {
    func respond(json body: [UInt8], status: Int = 200, id: String? = nil, extra: (String, String)? = nil) {
        var headers: Headers = ["content-type": "application/json"]
        if let id { headers.add("x-request-id", id) }
        if let extra { headers.add(named: extra.0, extra.1) }
        respond(ResponseHead(status: status, headers: headers), body: body)
    }

    func respond(_ fault: APIFault, id: String? = nil, extra: (String, String)? = nil) {
        respond(json: fault.body, status: fault.status, id: id, extra: extra)
    }
}
