internal import Crypto
internal import HTTP
internal import Spec

/// Answers one request after another from what stands on the board; confined to the listener's thread.
final class ListenerDesk {
    /// Paths at which no Git host can call.
    static let ownPaths: Set<String> = ["/healthz", "/readyz", "/metrics", "/status"]

    private let board: WatchBoard
    private let isLoopback: Bool
    private let bodies: CallBodies
    private var limiter = CallLimiter()

    init(board: WatchBoard, isLoopback: Bool, loop: EventLoop) {
        self.board = board
        self.isLoopback = isLoopback
        bodies = CallBodies(loop: loop)
        bodies.givenUp = { [unowned self] exchange in
            finish(exchange, .refused, ListenerAnswer(408, error: "the body takes too long"), closing: true)
        }
    }

    func answer(_ exchange: Exchange, at now: MonotonicInstant) {
        let page: ((RequestHead) -> ListenerAnswer)? =
            switch exchange.request.path {
            case "/healthz": health
            case "/readyz": readiness
            case "/metrics": metrics
            case "/status": status
            default: nil
            }
        guard let page else { return take(exchange, at: now) }
        guard exchange.request.method == .get || exchange.request.isHead else {
            return ListenerAnswer(405, error: "this path takes GET", ["allow": "GET, HEAD"]).send(on: exchange)
        }
        page(exchange.request).send(on: exchange)
    }

    // MARK: Looking

    private func health(_: RequestHead) -> ListenerAnswer {
        let health = WatchHealth(silence: board.silence, posting: board.posting)
        return ListenerAnswer(health.isAlive ? 200 : 503, json: health.healthJSON)
    }

    /// Whether there is one is for everybody; what PostgreSQL or the remote said names hosts, databases and users.
    private func readiness(_ request: RequestHead) -> ListenerAnswer {
        var health = WatchHealth(silence: board.silence, posting: board.posting)
        health.tellsReasons = refusal(of: request, board.posting) == nil
        return ListenerAnswer(health.faults.isEmpty ? 200 : 503, json: health.readinessJSON)
    }

    private func metrics(_: RequestHead) -> ListenerAnswer {
        ListenerAnswer(metrics: ReconcilerPage(posting: board.posting, calls: board.calls, silence: board.silence).text)
    }

    /// It names people, files and what plans are held back for, so it is for this machine, or for who shows the token.
    private func status(_ request: RequestHead) -> ListenerAnswer {
        let posting = board.posting
        if let refusal = refusal(of: request, posting) { return refusal }
        guard let report = posting.report else {
            return ListenerAnswer(503, error: posting.trouble ?? "PostgreSQL was not reached yet")
        }
        return ListenerAnswer(200, json: report.json)
    }

    /// Nil for whoever is on this machine, or shows the token where one is named.
    private func refusal(of request: RequestHead, _ posting: WatchBoard.Posting) -> ListenerAnswer? {
        guard let token = posting.token else {
            guard !isLoopback || !Self.namesLoopback(request) else { return nil }
            return ListenerAnswer(403, error: "from elsewhere than this machine this page needs --listen-token-file")
        }
        if !token.isEmpty, let shown = Self.bearer(request), SHA256.digest(shown) == SHA256.digest(token) { return nil }
        return ListenerAnswer(401, error: "this page asks for the token of --listen-token-file", ["www-authenticate": "Bearer"])
    }

    private static func bearer(_ request: RequestHead) -> [UInt8]? {
        let values = request.headers.values("authorization")
        guard values.count == 1, values[0].lowercased().hasPrefix("bearer ") else { return nil }
        return Array(values[0].dropFirst("bearer ".count).utf8)
    }

    /// A page of a browser that was made to take a stranger's name for this machine asks for that name (DNS rebinding).
    private static func namesLoopback(_ request: RequestHead) -> Bool {
        guard let host = request.headers["host"]?.lowercased() else { return true }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
        // A name such as 127.example.org is anybody's.
        return name == "localhost" || NetworkAddress(literal: String(name), port: 0)?.isLoopback ?? false
    }

    // MARK: Calls of Git hosts

    private func take(_ exchange: Exchange, at now: MonotonicInstant) {
        let request = exchange.request
        let hooks = board.posting.hooks.filter { $0.path == request.path }
        guard !hooks.isEmpty else { return ListenerAnswer(404, error: "there is nothing at this path").send(on: exchange) }
        guard request.method == .post else {
            return ListenerAnswer(405, error: "this path takes POST", ["allow": "POST"]).send(on: exchange)
        }
        let address = exchange.peer.isIPv4 ? exchange.peer.low : exchange.peer.high
        guard limiter.admits(address, at: Double(now.nanoseconds) / 1e9) else {
            return finish(exchange, .throttled, ListenerAnswer(429, error: "too many calls", ["retry-after": "1"]))
        }
        let hints = hooks.compactMap(\.hint)
        guard !hints.isEmpty else {
            return finish(exchange, .unready, ListenerAnswer(503, error: "the secret of this path cannot be read; see the watcher's log"))
        }
        judge(exchange, by: hints)
    }

    /// Of several hosts that call the same path, the one that signed it counts.
    private func judge(_ exchange: Exchange, by hints: [PushHint]) {
        let request = exchange.request
        let length = request.headers["content-length"].flatMap { Int($0) }
        let field: (String) -> String? = { name in
            let values = request.headers.values(name)
            return values.count == 1 ? values[0] : nil
        }
        let judgements = hints.map { $0.judge(method: request.method.rawValue, path: request.path, length: length, field: field) }
        let readers = zip(hints, judgements).filter { $0.1 == .readBody }.map(\.0)
        guard !readers.isEmpty else { return conclude(exchange, judgements) }
        let isRead = bodies.read(exchange, bytesMax: PushHint.bodyBytesMax) { [self] body in
            let body = [UInt8](body)
            conclude(exchange, readers.map { $0.judge(body: body, field: field) })
        }
        guard !isRead else { return }
        finish(exchange, .throttled, ListenerAnswer(503, error: "too many calls at once", ["retry-after": "1"]), closing: true)
    }

    private func conclude(_ exchange: Exchange, _ judgements: [PushHint.Judgement]) {
        if judgements.contains(.look) {
            // Answered before the loop looks: a host waits for few seconds, and learns nothing by waiting.
            finish(exchange, .accepted, ListenerAnswer(202, json: .object([("outcome", .string("accepted"))])))
            board.bell.ring()
        } else if judgements.contains(.ignore) {
            finish(exchange, .ignored, ListenerAnswer(200, json: .object([("outcome", .string("ignored"))])))
        } else {
            let statuses = judgements.compactMap { if case .refuse(let status) = $0 { status } else { nil } }
            let status = statuses.max() ?? 401
            finish(exchange, .refused, ListenerAnswer(status, error: status == 413 ? "the body is too long" : "the call is not signed as this path asks"))
        }
    }

    private func finish(_ exchange: Exchange, _ outcome: HookOutcome, _ answer: ListenerAnswer, closing: Bool = false) {
        board.count(outcome)
        answer.send(on: exchange, closing: closing)
    }
}
