internal import Crypto
internal import HTTP
internal import Policy
internal import Synchronization

/// One loop's part of the gateway: its listener, upstream connections, journal segment and rules. Confined to its thread.
final class GatewayLoop {
    let loop: EventLoop
    let shared: GatewayShared
    let metrics: MetricsShard
    private let index: Int
    private let upstreams: UpstreamClients
    /// On one loop of all.
    private var checker: HealthChecker?
    private var ids: DecisionIDGenerator
    private var server: Server?
    /// What is to be accepted from, until it is.
    private var listeners: (data: [ListeningSocket], admin: [ListeningSocket]) = ([], [])
    private(set) var writer: JournalWriter?
    private(set) var state: EnforcedState?
    /// Of `state`.
    private(set) var terms: TermsBook?
    /// Learned from answers: how many bytes a token of each model has.
    var ratios = TokenRatios()
    /// Requests admitted or being read.
    var inFlight = 0 {
        didSet { metrics.setInFlight(inFlight) }
    }

    /// How often records wait for no traffic to be flushed with: those of streams whose clients have gone.
    private static let idleFlush = Duration.milliseconds(50)

    init(loop: EventLoop, index: Int, shared: GatewayShared) {
        self.loop = loop
        self.index = index
        self.shared = shared
        metrics = shared.metrics[index]
        upstreams = UpstreamClients(loop: loop, descriptorsMax: shared.openDescriptorsMax) { [metrics] in metrics.countStaleName() }
        let seed = SecureRandom.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        ids = DecisionIDGenerator(seed: seed)
        loop.beforeFlush = { [unowned self] in writer?.flush() }
        scheduleIdleFlush()
        if index == 0 { checker = HealthChecker(self) }
    }

    /// Makes the servers of what this loop is to accept from; nothing is accepted yet.
    func open(data: [ListeningSocket], admin: [ListeningSocket]) throws {
        server = try server(.data)
        if !admin.isEmpty { loop.keep(AdminServer(try server(.admin))) }
        listeners = (data, admin)
    }

    private func server(_ role: ListenerRole) throws -> Server {
        let options = try shared.serverOptions(role, loop: index)
        let server = try Server(loop: loop, accepting: [], options) { [unowned self] exchange in
            serve(exchange, isAdmin: role == .admin)
        }
        server.errorBody = { status, reason in
            (ErrorShape.openAI.contentType, ErrorShape.openAI.body(AnswerError(status: status, reason: reason), decision: nil))
        }
        if role == .data {
            server.answerFields = { [unowned self] request in reader(of: request).map { .sharing(with: $0) } }
        }
        return server
    }

    /// Accepts from now on; answers 503 until a state is installed.
    func accept() throws {
        try server?.accept(from: listeners.data)
        try loop.kept(AdminServer.self)?.server.accept(from: listeners.admin)
        listeners = ([], [])
    }

    /// Leaves new connections to another process that has the same sockets.
    func stopAccepting() {
        server?.stopAccepting(leavingQueue: true)
        loop.kept(AdminServer.self)?.server.stopAccepting(leavingQueue: true)
    }

    /// Connections from now on are made with `material`.
    func use(_ material: TLSServerMaterial) {
        do {
            server?.use(try .server(material))
        } catch {
            shared.log.error("the new certificates cannot be used", ["reason": "\(error)"])
        }
    }

    /// The client that a request comes from, by the word of trusted proxies.
    func client(of exchange: Exchange) -> ClientAddress {
        ClientAddress(shared.options.trust.client(of: exchange.peer, exchange.request.headers))
    }

    /// Enforces `state` from the next request on; requests under way keep theirs. The first state opens the journal.
    func take(_ state: EnforcedState, epoch: Int64, directory: JournalDirectory, syncer: JournalSyncer) {
        self.state = state
        terms = TermsBook(state.snapshot)
        upstreams.keep(only: state.providers.compactMap { $0?.settings })
        checker?.take(state.providers)
        if writer == nil { openJournal(epoch: epoch, directory: directory, syncer: syncer) }
    }

    /// Opens the loop's first segment of `epoch`, if need be again and again: without it nothing is served.
    private func openJournal(epoch: Int64, directory: JournalDirectory, syncer: JournalSyncer) {
        do {
            writer = try JournalWriter(
                directory: directory.path, epoch: epoch, loop: index, limits: shared.options.journal,
                health: shared.journalHealth, syncer: syncer)
            shared.journalHealth.recovered(loop: index)
        } catch {
            shared.journalHealth.failed(loop: index, error)
            loop.schedule(after: Self.journalRetry) { [weak self] in
                self?.openJournal(epoch: epoch, directory: directory, syncer: syncer)
            }
        }
    }

    private static let journalRetry = Duration.seconds(1)

    /// Finishes what is under way, then ends the loop.
    func drain(deadline: Duration, leavingQueue: Bool) {
        guard let server else { return loop.stop() }
        do {
            // One that was to follow another and is alone by now: what waits has nobody else.
            if !leavingQueue { try accept() }
        } catch {
            shared.log.error("who waits to be let in is turned away", ["reason": "\(error)"])
        }
        server.drain(deadline: deadline, leavingQueue: leavingQueue) { [unowned self] in
            // A plain answer whose client has left is still awaited for its usage.
            stopWhenSettled(by: loop.now + Self.settleDeadline)
        }
    }

    /// Ends every client's connection at once, and waits for nothing else.
    func cut() { server?.cut() }

    private func stopWhenSettled(by deadline: MonotonicInstant) {
        writer?.flush()
        if shared.isCut.load(ordering: .relaxed) { return loop.stop() }
        if writer.map({ $0.openCount == 0 }) ?? true || loop.now >= deadline { return loop.stop() }
        loop.schedule(after: Self.idleFlush) { [unowned self] in stopWhenSettled(by: deadline) }
    }

    private static let settleDeadline = Duration.seconds(5)

    func client(for provider: ProviderEndpoint) -> Client { upstreams.client(for: provider.settings) }

    func nextDecision() -> DecisionID { ids.next(milliseconds: loop.wallClockMilliseconds) }

    private func scheduleIdleFlush() {
        loop.schedule(after: Self.idleFlush) { [weak self] in
            guard let self else { return }
            writer?.flush()
            shared.pulses[index].beat(at: loop.now.nanoseconds)
            scheduleIdleFlush()
        }
    }
}

/// Keeps the admin listener alive beside the data listener.
private final class AdminServer {
    let server: Server
    init(_ server: Server) { self.server = server }
}
