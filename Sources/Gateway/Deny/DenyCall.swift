internal import Crypto
internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// `/admin/deny`: stops a key, a member or a model at this gateway, whether or not PostgreSQL can be reached. Confined to its loop's thread.
struct DenyCall {
    private let exchange: Exchange
    private let loop: GatewayLoop
    /// Behind the path; nil for the collection.
    private let id: String?

    private static let path = "/admin/deny"
    private static let bodyBytesMax = 16 << 10

    /// Nil for a request that is none, and where the gateway has no token for such.
    init?(_ exchange: Exchange, _ loop: GatewayLoop) {
        let path = exchange.request.path
        guard loop.shared.denyThread != nil, path.hasPrefix(Self.path) else { return nil }
        let rest = path.dropFirst(Self.path.count)
        guard rest.isEmpty || rest.first == "/" && rest.count > 1 else { return nil }
        self.exchange = exchange
        self.loop = loop
        id = rest.isEmpty ? nil : String(rest.dropFirst())
    }

    func start() {
        guard loop.shared.options.adminToken?.isPresented(in: exchange.request.headers) == true else { return refuse(wrongToken()) }
        switch (exchange.request.method, id) {
        case (.get, nil): list()
        case (.post, nil): exchange.collectBody(max: Self.bodyBytesMax) { self.deny($0) }
        case (.delete, let id?): end(id)
        default:
            refuse(
                AnswerError(.methodNotAllowed, "This path does not take \(exchange.request.method)."),
                ["allow": id == nil ? "GET, POST" : "DELETE"])
        }
    }

    /// Who guesses is slowed down; the right token opens from any address.
    private func wrongToken() -> AnswerError {
        loop.wrongTokens.admits(loop.client(of: exchange), now: loop.loop.wallClockMilliseconds)
            ? AnswerError(.adminTokenRefused, "This call needs the gateway's admin token.")
            : AnswerError(.tooManyUnknownKeys, "Too many calls with a wrong token have come from this address.")
    }

    private func deny(_ bytes: UnsafeRawBufferPointer) {
        do throws(AnswerError) {
            guard let snapshot = loop.state?.snapshot else { throw .notLoaded }
            let now = WallClock.now
            let order = try DenyOrder(reading: bytes, now: now)
            guard let found = TargetName(order.what).flatMap({ snapshot.deniable($0) }) else {
                throw AnswerError(.invalidParameter, "Nothing of the name `\(order.what.printable)` is enforced here.", param: "what")
            }
            let override = Override(
                uid: SecureRandom.uuid(), target: found.key, targetUID: found.uid, part: found.part, effect: .denial, owner: order.actor,
                reason: order.reason, baseRevision: snapshot.revision.id, createdAt: now, expiresAt: order.expiresAt)
            try change(201, Self.json(override)) { own throws(OwnDenials.Fault) in try own.add(override) }
            loop.shared.log.warning("denied by a call", ["what": override.subject, "by": order.actor, "override": override.uid])
        } catch { refuse(error) }
    }

    private func end(_ id: String) {
        do throws(AnswerError) {
            // The token is nobody's, so where the call comes from is all that is known of who ends it.
            let actor = "admin token from \(loop.shared.options.trust.client(of: exchange.peer, exchange.request.headers).host)"
            try change(200, #"{"ended":true}"#) { own throws(OwnDenials.Fault) in try own.end(id, by: actor) }
            loop.shared.log.warning("a denial is to end by a call", ["by": actor, "override": id.printable])
        } catch { refuse(error) }
    }

    private func list() {
        let denials = loop.shared.ownDenials.all.filter { $0.endedBy == nil }.map { Self.json($0.override) }
        respond(200, #"{"denials":[\#(denials.joined(separator: ","))]}"#)
    }

    /// Has the deny thread change the list, put it in force, keep it, and then answer.
    private func change(
        _ status: Int, _ body: String, _ act: @escaping @Sendable (OwnDenials) throws(OwnDenials.Fault) -> Void
    ) throws(AnswerError) {
        let ticket = loop.keepDenyCall(self)
        let (shared, remote) = (loop.shared, loop.loop.remote)
        let isTaken = shared.denyThread?.post {
            let outcome = Self.carryOut(act, shared, status, body)
            _ = remote.post { $0.kept(GatewayLoop.self)?.takeDenyCall(ticket)?.finish(outcome) }
        }
        guard isTaken == true else {
            _ = loop.takeDenyCall(ticket)
            throw .tooManyDenyCalls
        }
    }

    private static func carryOut(
        _ act: (OwnDenials) throws(OwnDenials.Fault) -> Void, _ shared: GatewayShared, _ status: Int, _ body: String
    ) -> Result<(Int, String), AnswerError> {
        do throws(OwnDenials.Fault) { try act(shared.ownDenials) } catch {
            switch error {
            case .tooMany: return .failure(.tooManyDenyCalls)
            case .unknown:
                return .failure(AnswerError(.unknownPath, "No such denial waits here; what PostgreSQL has is ended by `charter override end`."))
            }
        }
        // In force first: a full disk must not keep a stolen key open.
        let round = shared.denials.deny { shared.ownDenials.denials(at: .now) }
        let isStopping = { shared.denyThread?.isStopping ?? true }
        _ = round?.wait(unless: isStopping) { shared.warn(late: $0, for: "taking a denial") }
        do throws(DiskFault) { try shared.ownDenials.save() } catch {
            shared.log.error("denials would not survive a restart", ["reason": "\(error)"])
        }
        return .success((status, body))
    }

    /// On the loop again.
    func finish(_ outcome: Result<(Int, String), AnswerError>) {
        switch outcome {
        case .success(let (status, body)): respond(status, body)
        case .failure(let error): refuse(error)
        }
    }

    private func refuse(_ error: AnswerError, _ more: Headers = [:]) {
        var (headers, body) = loop.pageOf(error, to: exchange.request)
        more.forEach { headers.add(named: $0, $1) }
        exchange.respond(ResponseHead(status: error.status, headers: headers), body: body)
    }

    private func respond(_ status: Int, _ text: String) {
        let headers: Headers = [
            "x-request-id": loop.requestID(of: exchange.request), "content-type": "application/json", "cache-control": "no-store",
        ]
        exchange.respond(ResponseHead(status: status, headers: headers), body: Array(text.utf8))
    }

    private static func json(_ override: Override) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", override.uid)
        writer.member("what", override.subject)
        writer.member("until", override.expiresAt.rfc3339)
        writer.member("reason", override.reason)
        writer.member("actor", override.owner)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension AnswerError {
    fileprivate static var tooManyDenyCalls: AnswerError { AnswerError(.overloaded, "Too many denials wait at this gateway.") }
}
