internal import Crypto
internal import HTTP
internal import Policy

/// Takes calls from connections to workers and their answers back. Confined to the loop's thread.
///
/// Processes of this machine have connections, places and a worker that nobody takes from them by coming over a network. Of the
/// others each organization waits in its own line, and whoever is not known yet in lines that take no place from those.
final class AdminDesk {
    private let api: AdminAPI
    private let settings: AdminSettings
    private let ending: AdminEnding
    private unowned let loop: EventLoop
    private var servers: [Server] = []
    /// The server that speaks TLS, and what keeps its certificate.
    private var secured: (server: Server, certificate: AdminCertificate)?
    private var idle: [AdminWorker]
    /// For calls of this machine alone.
    private var reserve: AdminWorker?
    /// For figures alone, which are told in time whatever the others wait for; nil while it works.
    private var figures: AdminWorker?
    private var callers = CallerBook()
    private var local: FairQueue<CallParty, Waiting>
    private var known: FairQueue<CallParty, Waiting>
    private var strangers: FairQueue<CallParty, Waiting>
    /// Whether strangers were served last, so that they and the others take turns.
    private var servedStranger = false

    private struct Waiting {
        var exchange: Exchange
        var request: AdminRequest
        var credential: SHA256Digest?
        var party: CallParty
    }

    private enum Line { case local, known, strangers }

    init(api: AdminAPI, settings: AdminSettings, loop: EventLoop) {
        (self.api, self.settings, self.loop) = (api, settings, loop)
        let ending = AdminEnding()
        self.ending = ending
        idle = (0..<settings.workers).map { _ in AdminWorker(settings, ending) }
        reserve = AdminWorker(settings, ending)
        var hurried = settings
        hurried.statementMax = Self.figuresPatience
        figures = AdminWorker(hurried, ending)
        let (half, most) = (max(1, settings.waitingMax / 2), max(1, settings.workers - 1))
        local = FairQueue(waitingMax: settings.waitingMax, runningMax: .max, runningMaxOfParty: .max)
        known = FairQueue(waitingMax: half, runningMax: .max, runningMaxOfParty: most)
        strangers = FairQueue(waitingMax: half, runningMax: most, runningMaxOfParty: most)
    }

    /// `isLocal` where the sockets are of this machine alone.
    func serve(_ sockets: [ListeningSocket], _ options: ServerOptions, isLocal: Bool = false) throws -> Server {
        let server = try Server(loop: loop, accepting: sockets, options) { [unowned self] exchange in take(exchange) }
        server.errorBody = { [api] status, reason, request in
            let code = Problem.Code.allCases.first { $0.status == status } ?? (status < 500 ? .malformed : .unavailable)
            let answer = api.refuse(Problem(code, reason), by: CallRecord(refused: request, isLocal: isLocal), status: status)
            var fields = answer.headers
            fields.add("content-type", answer.contentType)
            return (fields, answer.body)
        }
        servers.append(server)
        return server
    }

    /// Has a server speak with what its certificate's files say from then on.
    func keep(_ certificate: AdminCertificate, of server: Server) {
        secured = (server, certificate)
        scheduleLook()
    }

    private func scheduleLook() {
        loop.schedule(after: Self.lookPause) { [weak self] in
            self?.renewCertificate(isAsked: false)
            self?.scheduleLook()
        }
    }

    /// Connections from now on are made with what the files say, if that has changed or is asked for.
    func renewCertificate(isAsked: Bool) {
        guard let (server, certificate) = secured else { return }
        loop.offload { certificate.renewed(isAsked: isAsked) } then: { material in
            if let material, let context = try? TLSContext.server(material) { server.use(context) }
        }
    }

    private static let lookPause = Duration.seconds(5)

    /// Calls under way have until `deadline`; those that still wait for PostgreSQL shortly before it are given up, and answered.
    func drain(deadline: Duration, then: @escaping () -> Void) {
        loop.schedule(after: deadline * Self.patiencePart) { [ending] in ending.begin() }
        var left = servers.count
        guard left > 0 else { return then() }
        for server in servers {
            server.drain(deadline: deadline) {
                left -= 1
                if left == 0 { then() }
            }
        }
    }

    private static let patiencePart = 0.75
}

// MARK: calls that come

extension AdminDesk {
    private func take(_ exchange: Exchange) {
        guard mayCall(exchange) else {
            return send(api.refuse(Problem(.forbidden, "this network may not call"), by: record(exchange)), exchange)
        }
        guard hasBody(exchange.request) else { return queue(exchange, []) }
        exchange.collectBody(max: AdminAPI.bodyBytesMax) { [unowned self, unowned exchange] bytes in queue(exchange, [UInt8](bytes)) }
    }

    /// Processes of this machine come by no network.
    private func mayCall(_ exchange: Exchange) -> Bool {
        if exchange.process != nil || settings.networks.isEmpty { return true }
        let client = settings.client(of: exchange.peer, exchange.request.headers)
        return settings.networks.contains { $0.contains(client) }
    }

    private func hasBody(_ request: RequestHead) -> Bool {
        request.headers.contains("transfer-encoding") || (request.headers["content-length"] ?? "0") != "0"
    }

    private func record(_ exchange: Exchange) -> CallRecord {
        var record = CallRecord(refused: exchange.request, isLocal: exchange.process != nil)
        if exchange.process == nil { record.address = settings.client(of: exchange.peer, exchange.request.headers).host }
        return record
    }

    private func queue(_ exchange: Exchange, _ body: [UInt8]) {
        let head = exchange.request
        let client = exchange.process == nil ? settings.client(of: exchange.peer, head.headers) : nil
        let request = AdminRequest(
            method: head.method, path: head.path, query: head.query, headers: head.headers, body: body,
            address: client.flatMap { settings.proven($0) }, process: exchange.process, id: AdminRequest.freshID(), origin: client?.host)
        guard request.process != nil || request.credential != nil else {
            // Nobody who shows nothing makes anybody wait.
            return send(api.answer(request) { throw Problem.nothingShown }, exchange)
        }
        if api.mayTellFigures(request) { return tellFigures(request, exchange) }
        let credential = request.process == nil ? request.credential.map { SHA256.digest($0) } : nil
        let stranger = CallParty.stranger(request.address?.subscriber)
        wait(Waiting(
            exchange: exchange, request: request, credential: credential, party: credential.flatMap { callers.party(of: $0) } ?? stranger))
        work()
    }

    private func wait(_ call: Waiting) {
        let given: Waiting?
        switch line(of: call) {
        case .local: given = Self.add(call, to: &local)
        case .known: given = Self.add(call, to: &known)
        case .strangers: given = Self.add(call, to: &strangers)
        }
        tellWaiting()
        guard let given else { return }
        send(api.refuse(Problem(.unavailable, "too many calls wait"), by: record(given.exchange)), given.exchange)
    }

    private func line(of call: Waiting) -> Line {
        if call.request.process != nil { return .local }
        if case .stranger = call.party { return .strangers }
        return .known
    }

    private static func add(_ call: Waiting, to queue: inout FairQueue<CallParty, Waiting>) -> Waiting? {
        if queue.isFull { queue.removeAll { !$0.exchange.isOpen } }
        return queue.add(call, of: call.party)
    }
}

// MARK: calls that are carried out

extension AdminDesk {
    private func work() {
        while let worker = reserve ?? idle.last, let call = local.next()?.item {
            if reserve == nil { idle.removeLast() } else { reserve = nil }
            run(call, by: worker)
        }
        while !idle.isEmpty, let call = next() { run(call, by: idle.removeLast()) }
        tellWaiting()
    }

    private func tellWaiting() { api.meter.note(waiting: local.count + known.count + strangers.count) }

    /// Of those who came by a network.
    private func next() -> Waiting? {
        let strangersFirst = !servedStranger
        let first = strangersFirst ? strangers.next() : known.next()
        if let first {
            servedStranger = strangersFirst
            return first.item
        }
        servedStranger = !strangersFirst
        return (strangersFirst ? known.next() : strangers.next())?.item
    }

    private func run(_ call: Waiting, by worker: AdminWorker) {
        // Whoever has left is not waited on, so that what was asked often is not done often.
        guard call.exchange.isOpen else { return end(call, worker) }
        loop.offload { [api, request = call.request] in worker.carryOut(request, api) } then: { [unowned self] outcome in
            if let credential = call.credential, outcome.caller != nil || outcome.answer.status == Problem.Code.unauthenticated.status {
                callers.note(credential, outcome.caller)
            }
            send(outcome.answer, call.exchange)
            end(call, worker)
            work()
        }
    }

    /// With PostgreSQL's word where that comes in time, else as they are known here.
    private func tellFigures(_ request: AdminRequest, _ exchange: Exchange) {
        guard let worker = figures else { return send(api.tellFigures(request), exchange) }
        figures = nil
        var isTold = false
        let bound = loop.schedule(after: Self.figuresPatience) { [unowned self] in
            isTold = true
            send(api.tellFigures(request, isDatabaseReachable: false), exchange)
        }
        loop.offload { [api] in worker.carryOut(request, api) } then: { [unowned self] outcome in
            figures = worker
            bound.cancel()
            if !isTold { send(outcome.answer, exchange) }
        }
    }

    /// Whoever collects figures waits for ten seconds.
    private static let figuresPatience = Duration.seconds(2)

    private func end(_ call: Waiting, _ worker: AdminWorker) {
        switch line(of: call) {
        case .local: local.end(call.party)
        case .known: known.end(call.party)
        case .strangers: strangers.end(call.party)
        }
        if reserve == nil { reserve = worker } else { idle.append(worker) }
    }

    private func send(_ answer: AdminAnswer, _ exchange: Exchange) {
        var headers = answer.headers
        if answer.status != 304 { headers.add("content-type", answer.contentType) }
        exchange.respond(ResponseHead(status: answer.status, headers: headers), body: answer.body)
    }
}
