internal import Crypto
internal import HTTP
internal import Policy
internal import Store
internal import Synchronization

/// Takes calls from connections to workers and their answers back. Confined to the loop's thread.
final class AdminDesk {
    private let api: AdminAPI
    private let settings: AdminSettings
    private unowned let loop: EventLoop
    private var server: Server?
    private var idle: [AdminWorker]
    /// The oldest first.
    private var waiting: [(exchange: Exchange, request: AdminRequest)] = []

    init(api: AdminAPI, settings: AdminSettings, loop: EventLoop) {
        (self.api, self.settings, self.loop) = (api, settings, loop)
        idle = (0..<settings.workers).map { _ in AdminWorker(database: settings.database) }
    }

    func serve(_ sockets: [ListeningSocket], _ options: ServerOptions) throws {
        let server = try Server(loop: loop, accepting: sockets, options) { [unowned self] exchange in take(exchange) }
        server.errorBody = { status, reason, _ in
            let code = Problem.Code.allCases.first { $0.status == status } ?? (status < 500 ? .malformed : .unavailable)
            let id = Self.freshID()
            let answer = AdminAnswer(Problem(code, reason), requestID: id, status: status)
            return (["content-type": answer.contentType, "cache-control": "no-store", "x-request-id": id], answer.body)
        }
        self.server = server
    }

    func drain(deadline: Duration, then: @escaping () -> Void) {
        guard let server else { return then() }
        server.drain(deadline: deadline, then: then)
    }

    private func take(_ exchange: Exchange) {
        guard mayCall(exchange) else {
            return refuse(exchange, Problem(.forbidden, "this network may not call"))
        }
        guard hasBody(exchange.request) else { return queue(exchange, []) }
        exchange.collectBody(max: AdminAPI.bodyBytesMax) { [unowned self, unowned exchange] bytes in queue(exchange, [UInt8](bytes)) }
    }

    /// Processes of this machine come by no network.
    private func mayCall(_ exchange: Exchange) -> Bool {
        exchange.process != nil || settings.networks.isEmpty || settings.networks.contains { $0.contains(exchange.peer) }
    }

    private func hasBody(_ request: RequestHead) -> Bool {
        request.headers.contains("transfer-encoding") || (request.headers["content-length"] ?? "0") != "0"
    }

    private func queue(_ exchange: Exchange, _ body: [UInt8]) {
        let (head, peer) = (exchange.request, exchange.peer)
        let address = exchange.process == nil ? ClientAddress(high: peer.high, low: peer.low, isIPv4: peer.isIPv4) : nil
        let request = AdminRequest(
            method: head.method, path: head.path, query: head.query, headers: head.headers, body: body, address: address,
            process: exchange.process, id: Self.freshID())
        guard request.process != nil || request.credential != nil else {
            // Nobody who shows nothing makes anybody wait.
            return send(api.answer(request) { throw Problem(.unauthenticated, "show a key as Authorization: Bearer") }, exchange)
        }
        guard waiting.count < settings.waitingMax else { return refuse(exchange, Problem(.unavailable, "too many calls wait")) }
        waiting.append((exchange, request))
        work()
    }

    private func work() {
        while let worker = idle.last, !waiting.isEmpty {
            let (exchange, request) = waiting.removeFirst()
            // Whoever has left is not waited on, so that what was asked often is not done often.
            guard exchange.isOpen else { continue }
            idle.removeLast()
            loop.offload { [api] in worker.answer(request, api) } then: { [unowned self] answer in
                idle.append(worker)
                send(answer, exchange)
                work()
            }
        }
    }

    private func refuse(_ exchange: Exchange, _ problem: Problem) {
        let id = Self.freshID()
        var answer = AdminAnswer(problem, requestID: id)
        answer.headers.add("x-request-id", id)
        send(answer, exchange)
    }

    private func send(_ answer: AdminAnswer, _ exchange: Exchange) {
        var headers = answer.headers
        if answer.status != 304 { headers.add("content-type", answer.contentType) }
        exchange.respond(ResponseHead(status: answer.status, headers: headers), body: answer.body)
    }

    private static func freshID() -> String { SecureRandom.uuid() }
}

/// What one call at a time is carried out with.
final class AdminWorker: Sendable {
    private let database: String
    private let connection = Mutex<Connection?>(nil)

    init(database: String) { self.database = database }

    /// Connects with the first call. A session that is lost is opened anew by the next transaction.
    func answer(_ request: AdminRequest, _ api: AdminAPI) -> AdminAnswer {
        connection.withLock { held in
            api.answer(request) {
                if let held { return held }
                let fresh = try Connection(database)
                try Migrations.check(fresh)
                held = fresh
                return fresh
            }
        }
    }
}
