internal import HTTP
internal import Policy
internal import Spec

/// `POST /api/v1/batch`: several requests in one. Each has its own decision, claim, reservation, attempts and rows of the ledger, and fails
/// alone. Confined to its loop's thread.
final class BatchRequest {
    private let exchange: Exchange
    private let loop: GatewayLoop
    private let identity: AnswerIdentity
    private let family = EndpointFamily.platform
    private var batch: BatchBody?
    /// By their places; nil until they are begun.
    private var items: [BatchItem?] = []
    private var next = 0
    private var running = 0
    private var isBeginning = false

    /// Requests of one batch that are under way together; others wait.
    private static let runningMax = 8

    init(_ exchange: Exchange, _ loop: GatewayLoop) {
        self.exchange = exchange
        self.loop = loop
        let decision = loop.nextDecision().hex
        identity = AnswerIdentity(
            requestID: RequestIdentity.requestID(exchange.request.headers) ?? decision, decision: decision,
            at: Instant(milliseconds: loop.loop.wallClockMilliseconds))
    }

    /// Authenticates by the head alone, as each request of the batch is again.
    func start() {
        guard let state = loop.state, loop.writer != nil else { return refuse(.notLoaded) }
        if case .failure(let error) = loop.authenticate(exchange, by: state.snapshot) { return refuse(error) }
        exchange.collectBody(max: loop.shared.options.bodyBytesMax) { [self] bytes in
            do throws(AnswerError) {
                let batch = try BatchBody(reading: bytes)
                // Held on the client's behalf already, but for the copies of what was taken out.
                guard exchange.hold(max(0, batch.bytes.count - bytes.count)) else {
                    throw .noRoom
                }
                self.batch = batch
                items = Array(repeating: nil, count: batch.entries.count)
                exchange.onGone = { [self] in clientLeft() }
                goOn()
            } catch {
                refuse(error)
            }
        }
    }

    /// Begins what may be under way, and answers once nothing is.
    private func goOn() {
        guard !isBeginning, let batch else { return }
        isBeginning = true
        while running < Self.runningMax, next < batch.entries.count {
            begin(next, of: batch)
            next += 1
        }
        isBeginning = false
        if running == 0 { finish(batch) }
    }

    private func begin(_ index: Int, of batch: BatchBody) {
        running += 1
        switch batch.entries[index].request {
        case .success(let request):
            let item = BatchItem(of: exchange, batch: batch.bytes, body: request.body) { [self] _ in itemEnded() }
            items[index] = item
            GatewayRequest(item, CalledEndpoint(family: family, endpoint: request.endpoint, form: .batched), loop).start()
        case .failure(let error):
            let item = BatchItem(of: exchange, batch: [], body: 0..<0) { [self] _ in itemEnded() }
            items[index] = item
            count(error)
            item.respond(ResponseHead(status: error.status, headers: [:]), body: family.errorShape.body(error, identity))
        }
    }

    private func itemEnded() {
        running -= 1
        goOn()
    }

    /// Those under way are settled, each as it would be by itself; the others are not begun.
    private func clientLeft() {
        batch = nil
        let left = items
        items = []
        for item in left { item?.lost() }
    }

    private func finish(_ batch: BatchBody) {
        var headers = commonHeaders()
        headers.add("content-type", "application/json")
        // As the limits stood for the last of them that met any.
        for item in items.reversed() where item?.headers.contains("x-ratelimit-limit") == true {
            item?.headers.forEach { name, value in
                if String(decoding: name, as: UTF8.self).hasPrefix("x-ratelimit-") { headers.add(named: name, value) }
            }
            break
        }
        let body = BatchAnswer(batch.entries.map(\.id), items.compactMap(\.self)).bytes
        self.batch = nil
        items = []
        exchange.respond(ResponseHead(status: 200, headers: headers), body: body)
        exchange.releaseHeld()
    }

    private func refuse(_ error: AnswerError) {
        count(error)
        var headers = commonHeaders()
        headers.addError(error, shape: family.errorShape)
        exchange.respond(ResponseHead(status: error.status, headers: headers), body: family.errorShape.body(error, identity))
    }

    /// What none of its requests counts itself.
    private func count(_ error: AnswerError) {
        loop.metrics.countRefusal(error.charterCode)
        loop.metrics.countBatch(status: error.status)
    }

    private func commonHeaders() -> Headers {
        var headers: Headers = ["x-request-id": identity.requestID, "x-charter-decision": identity.decision ?? ""]
        if let state = loop.state { headers.add("x-charter-revision", state.revisionText) }
        return headers
    }
}
