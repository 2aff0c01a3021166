internal import Crypto
internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

/// One loop's part of the gateway: its listener, upstream connections, journal segment and rules. Confined to its thread.
final class GatewayLoop {
    let loop: EventLoop
    let shared: GatewayShared
    let metrics: MetricsShard
    /// By what it is decided which requests have spans; nil where none has.
    let sampler: TraceSampler?
    private let index: Int
    private let upstreams: UpstreamClients
    /// On one loop of all.
    private var checker: HealthChecker?
    private var ids: DecisionIDGenerator
    private var server: Server?
    /// What is to be accepted from, until it is.
    private var listeners: (data: [ListeningSocket], admin: [ListeningSocket]) = ([], [])
    private(set) var writer: JournalWriter?
    /// What strict organizations' requests wait for.
    private var durable = DurableQueue()
    private var isAwaitingDurable = false
    private var syncer: JournalSyncer?
    /// Under a budget, with an attempt whose record is not written yet.
    private var unrecorded: [GatewayRequest] = []
    private(set) var state: EnforcedState?
    /// Of `state`.
    private(set) var terms: TermsBook?
    /// Of the charges whose records this loop appends now.
    private(set) var generation: ChargeGeneration = 0
    /// Learned from answers: how many bytes a token of each model has.
    var ratios = TokenRatios()
    /// Requests admitted or being read.
    var inFlight = 0 {
        didSet { metrics.setInFlight(inFlight) }
    }

    /// Of those who show keys that nobody has.
    var unknownKeys: UnknownKeyPace
    /// Of those who call with a wrong admin token.
    var wrongTokens = UnknownKeyPace(burst: 5)
    /// Calls that the deny thread is at work on, by their tickets.
    private var denyCalls: [Int: DenyCall] = [:]
    private var denyTicket = 0
    /// Those that a revocation may end.
    var openRequests = OpenRequests()
    /// When the keys of open requests were last looked at for having expired.
    private var expiriesSeen = MonotonicInstant.never

    /// How often records wait for no traffic to be flushed with: those of streams whose clients have gone.
    private static let idleFlush = Duration.milliseconds(50)

    init(loop: EventLoop, index: Int, shared: GatewayShared) {
        self.loop = loop
        self.index = index
        self.shared = shared
        metrics = shared.metrics[index]
        sampler = shared.telemetry?.sampler
        unknownKeys = UnknownKeyPace(burst: shared.options.unknownKeysMax)
        upstreams = UpstreamClients(loop: loop, descriptorsMax: shared.openDescriptorsMax) { [metrics] in metrics.countStaleName() }
        let seed = SecureRandom.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        ids = DecisionIDGenerator(seed: seed)
        loop.beforeFlush = { [unowned self] in flushJournal() }
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
        server.errorBody = { [unowned self] status, reason, request in
            pageOf(AnswerError(status: status, reason: reason), to: request)
        }
        if role == .data {
            server.answerFields = { [unowned self] request in sharing(of: request) }
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

    /// Keeps a call until the deny thread has done its part.
    func keepDenyCall(_ call: DenyCall) -> Int {
        denyTicket += 1
        denyCalls[denyTicket] = call
        return denyTicket
    }

    func takeDenyCall(_ ticket: Int) -> DenyCall? { denyCalls.removeValue(forKey: ticket) }

    /// The client that a request comes from, by the word of trusted proxies.
    func client(of exchange: any ClientExchange) -> ClientAddress {
        ClientAddress(shared.options.trust.client(of: exchange.peer, exchange.request.headers))
    }

    /// Enforces `state` from the next request on; requests under way keep theirs. The first state opens the journal.
    func take(_ state: EnforcedState, epoch: Int64, directory: JournalDirectory, syncer: JournalSyncer) {
        self.state = state
        terms = TermsBook(state.snapshot)
        upstreams.keep(only: state.providers.compactMap { $0?.settings })
        checker?.take(state.providers)
        if index == 0 { shared.telemetry?.learn(state.snapshot) }
        if writer == nil { openJournal(epoch: epoch, directory: directory, syncer: syncer) }
        cutRevoked { _ in true }
    }

    /// Looks again at the keys of those open requests that `isConcerned`, and cuts where a key has ended and declares it.
    private func cutRevoked(where isConcerned: (KeyStanding) -> Bool) {
        guard let snapshot = state?.snapshot else { return }
        let now = Instant(milliseconds: loop.wallClockMilliseconds)
        // Those that are cut leave the list.
        for request in openRequests.all where request.admission.map({ isConcerned($0.standing) }) ?? false {
            request.reviewKey(by: snapshot, now: now)
        }
    }

    private func cutExpired() {
        guard !openRequests.all.isEmpty, expiriesSeen == .never || loop.now - expiriesSeen >= Self.expiryCheck else { return }
        expiriesSeen = loop.now
        let now = loop.wallClockMilliseconds
        cutRevoked { $0.endsAt <= now }
    }

    /// How late a key may be found to have expired while requests of it are under way.
    private static let expiryCheck = Duration.milliseconds(250)

    /// Opens the loop's first segment of `epoch`, if need be again and again: without it nothing is served.
    private func openJournal(epoch: Int64, directory: JournalDirectory, syncer: JournalSyncer) {
        self.syncer = syncer
        do {
            writer = try JournalWriter(
                directory: directory.path, epoch: epoch, loop: index, limits: shared.options.journal,
                health: shared.journalHealth, syncer: syncer, disk: shared.options.disk)
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
        flushJournal()
        guard let writer else { return loop.stop() }
        let isSettled = writer.openCount == 0 || loop.now >= deadline
        // What is shipped makes room on a full disk.
        let isWritten = !writer.hasUnwritten || loop.now >= deadline + shared.options.databasePatience
        if isSettled && isWritten || shared.isCut.load(ordering: .relaxed) { return leave(writer) }
        loop.schedule(after: Self.idleFlush) { [unowned self] in stopWhenSettled(by: deadline) }
    }

    /// Ends the loop; who ships the journal gets what the disk has not.
    private func leave(_ writer: JournalWriter) {
        if let rest = writer.takeUnwritten() { shared.ship(rest) }
        loop.stop()
    }

    private static let settleDeadline = Duration.seconds(5)

    /// How long a loop is busy at most after `drain`.
    static func drainMax(_ options: GatewayOptions) -> Duration { options.drainDeadline + settleDeadline + options.databasePatience }

    func client(for provider: ProviderEndpoint) -> Client { upstreams.client(for: provider.settings) }

    /// Hands over the spans of a request that is over.
    func export(_ request: TracedRequest) { shared.telemetry?.take(request, loop: index) }

    func nextDecision() -> DecisionID { ids.next(milliseconds: loop.wallClockMilliseconds) }

    /// The attempt that `request` has just recorded leaves only behind its record: a budget must know of it.
    func holdBack(_ request: GatewayRequest) { unrecorded.append(request) }

    /// Writes what was recorded in this turn. What a budget pays for is called back where that fails: it has only been queued.
    private func flushJournal() {
        guard let writer else { return }
        let isWritten = writer.flush()
        awaitDurable()
        guard !unrecorded.isEmpty else { return }
        if isWritten { return unrecorded.removeAll(keepingCapacity: true) }
        let requests = unrecorded
        unrecorded = []
        for request in requests { request.callBack() }
    }

    /// Begins a generation of charges; answers where the records of those before it end, nil before the journal is open.
    func begin(_ generation: ChargeGeneration) -> JournalEnd? {
        guard let writer else { return nil }
        self.generation = generation
        return writer.end
    }

    /// Runs `action` in a turn of its own once the disk has all that was recorded by now, or with false where that cannot be.
    func whenDurable(_ action: @escaping (Bool) -> Void) {
        guard let writer else { return action(false) }
        durable.append(mark: writer.mark, deadline: loop.now + Self.durablePatience, action)
    }

    private func awaitDurable() {
        // What is not even written waits for the flush after which it is.
        guard !isAwaitingDurable, let first = durable.firstMark, let writer, first <= writer.bytesWritten else { return }
        isAwaitingDurable = true
        syncer?.tell(loop: index) { [remote = loop.remote] durability in
            remote.post { $0.kept(GatewayLoop.self)?.becameDurable(durability) }
        }
    }

    private func becameDurable(_ durability: JournalSyncer.Durability) {
        isAwaitingDurable = false
        for action in durable.take(upTo: durability.lost) { action(false) }
        for action in durable.take(upTo: durability.durable) { action(true) }
        awaitDurable()
    }

    /// How long an answer waits for a disk that takes nothing, or does not answer.
    private static let durablePatience = Duration.seconds(5)

    private func scheduleIdleFlush() {
        loop.schedule(after: Self.idleFlush) { [weak self] in
            guard let self else { return }
            cutExpired()
            flushJournal()
            for action in durable.takeLate(loop.now) { action(false) }
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
