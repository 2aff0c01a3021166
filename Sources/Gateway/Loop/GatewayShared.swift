internal import Crypto
internal import HTTP
internal import Synchronization

/// What all threads of one gateway share.
final class GatewayShared: Sendable {
    let options: GatewayOptions
    let log: Log
    let journalHealth: JournalHealth
    let status = GatewayStatus()
    let upstreams = UpstreamRegister()
    let denials = DenialDesk()
    let ownDenials: OwnDenials
    /// Nil where no call may deny anything.
    let denyThread: DenyThread?
    let metrics: [MetricsShard]
    let pulses: [LoopPulse]
    /// Of the clients' connections, and of the admin listener's.
    let quota: ConnectionQuota
    /// Of what all clients send and are to be sent, until they have taken it.
    let bodies: BodyBudget
    let adminQuota = ConnectionQuota(connectionsMax: ConnectionLimits.adminMax)
    /// One for each loop, of its clients' connections.
    let meters: [ServerMeter]
    /// Nil where nothing is exported.
    let telemetry: Telemetry?
    let descriptorsMax: Int
    /// Nil where no TLS is spoken.
    let certificates: CertificateKeeper?
    /// The gateway whose place this one takes.
    let predecessor: Predecessor?
    /// Set when the process has been asked to stop: it answers on, but is no longer ready.
    let isDraining = Atomic<Bool>(false)
    /// Set once another gateway accepts in this one's stead, and reports in its name.
    let isHandedOver = Atomic<Bool>(false)
    /// Set when a stop is to wait for nothing more.
    let isCut = Atomic<Bool>(false)
    /// Set once what earlier processes left in the journal is in the ledger, and counted.
    let isBooked = Atomic<Bool>(false)
    private let shipper = Mutex<LedgerShipper?>(nil)

    init(options: GatewayOptions, log: Log, certificates: CertificateKeeper?, predecessor: Predecessor?) throws(DiskFault) {
        ownDenials = OwnDenials(state: options.state)
        denyThread = options.adminToken == nil ? nil : try DenyThread()
        self.options = options
        self.log = log
        self.certificates = certificates
        self.predecessor = predecessor
        journalHealth = JournalHealth(bytesMax: options.journal.bytesMax(loops: options.loops))
        metrics = (0..<options.loops).map { _ in MetricsShard() }
        pulses = (0..<options.loops).map { _ in LoopPulse() }
        meters = (0..<options.loops).map { _ in ServerMeter() }
        telemetry = options.telemetry.map { Telemetry($0, loops: options.loops) }
        descriptorsMax = DescriptorLimit.raise()
        bodies = BodyBudget(bytesMax: options.bodyBytesHeldMax)
        let total = options.connections.total(descriptors: descriptorsMax)
        quota = ConnectionQuota(
            connectionsMax: total, perClientMax: options.connections.perClient(of: total), exempt: options.trust.proxies)
    }

    /// What the process was given to listen on, by a service manager or the gateway before it.
    var inherited: [InheritedSocket] { predecessor?.sockets ?? options.inherited }
    /// Whether a service manager holds the sockets, wherever they listen, and keeps what waits in them.
    var isActivated: Bool { predecessor?.isActivated ?? !options.inherited.isEmpty }
    /// Whether operators' pages have a listener of their own.
    var hasAdminListener: Bool { options.admin != nil || isActivated && inherited.contains { $0.role == .admin } }

    /// Says which loops have not done yet what is waited for.
    func warn(late loops: [Int], for purpose: String) {
        log.warning("loops are late", ["loops": loops.map(String.init).joined(separator: ", "), "for": purpose])
    }

    var shipping: LedgerShipper.Progress? { shipper.withLock { $0 }?.state }

    /// Ships what is left, for at most `patience`; the loops must have ended.
    func drainShipper(within patience: Duration) { shipper.withLock { $0 }?.drain(within: patience) }

    /// Books records that a loop could not write by its end.
    func ship(_ rest: UnwrittenRecords) {
        guard let shipper = shipper.withLock({ $0 }) else { return log.lost(rest, "nothing was shipped yet") }
        shipper.take(rest)
    }

    /// Has a stop wait for the database no longer.
    func abandonShipper() { shipper.withLock { $0 }?.abandon() }

    func install(_ shipper: LedgerShipper) { self.shipper.withLock { $0 = shipper } }

    /// Whether spending could go unrecorded, or some that is recorded is not counted yet: no hard budget can be kept then.
    var closesBudgets: Bool { journalHealth.closesBudgets || !isBooked.load(ordering: .relaxed) }

    /// Why the gateway is not ready; empty when it is.
    var faults: [String] {
        var faults = status.faults
        if isDraining.load(ordering: .relaxed) { faults.append("the gateway is stopping") }
        if let fault = journalHealth.fault { faults.append("the journal cannot be written: \(fault)") }
        return faults
    }

    /// Descriptors numbered below may be clients' and providers'.
    var openDescriptorsMax: Int32 { Int32(clamping: max(1, descriptorsMax - ConnectionLimits.reservedDescriptors)) }

    /// How the listener for `role` on loop `index` treats its connections.
    func serverOptions(_ role: ListenerRole, loop index: Int) throws -> ServerOptions {
        var server = ServerOptions()
        switch role {
        case .admin: server.quota = adminQuota
        case .data:
            server.quota = quota
            server.waitsForTurns = true
            server.bodies = bodies
            server.meter = meters[index]
            server.limits.clientDescriptorsMax = openDescriptorsMax
            server.tls = try certificates.map { try .server($0.material) }
            if options.speaksProxyProtocol { server.proxyProtocol = options.trust.proxies }
        }
        return server
    }
}
