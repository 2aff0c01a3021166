internal import HTTP
internal import Synchronization

/// A running gateway: its loops and the threads behind them.
package final class GatewayService: Sendable {
    /// Where requests are served, in the usual notation.
    package let address: String
    /// The port that requests are served on.
    package let port: UInt16
    /// The port of the admin listener, when there is one.
    package let adminPort: UInt16?
    let shared: GatewayShared
    let directory: StateDirectory
    let threads: [LoopThread]
    let syncer: JournalSyncer
    let stateThread: StateThread
    /// Nil where nothing is exported.
    let telemetryThread: TelemetryThread?
    let life = Mutex(Life())

    /// How far the process is in its life.
    struct Life {
        /// For the gateway after this one; the loops hold theirs. Nil once nobody is let in any more.
        var sockets: ListenerSockets?
        var host: HandoverHost?
        var takeover: WorkerThread?
        var stoppers: [WorkerThread] = []
        var stop = Stop.none
        /// Why another gateway's place could not be taken.
        var fault: String?
        /// Whether the gateway before this one has stopped accepting.
        var isSuccessor = false
        /// The process that has taken this one's place.
        var follower: Int32?
    }

    enum Stop {
        case none
        case underWay
        case done
    }

    /// Listens, and begins to load the state in the background; answers 503 until it is there. One that takes another's
    /// place accepts nothing until it is ready.
    ///
    /// Throws when the address cannot be had, the certificates cannot be used, or the state directory belongs to a running
    /// process that does not hand it over.
    package init(_ options: GatewayOptions, log: Log = Log()) throws {
        let certificates = try options.tls.map { try CertificateKeeper($0, log: log) }
        let predecessor = options.takesOver ? try Predecessor.find(state: options.state) : nil
        let shared = try GatewayShared(options: options, log: log, certificates: certificates, predecessor: predecessor)
        let directory = try StateDirectory(options.state, lock: predecessor?.lock)
        let sockets = try ListenerSockets(options, inherited: shared.inherited, isActivated: shared.isActivated)
        let syncer = try JournalSyncer(health: shared.journalHealth, disk: options.disk)
        var threads: [LoopThread] = []
        do {
            for index in 0..<options.loops { threads.append(try Self.startLoop(index, shared, sockets)) }
            stateThread = try StateThread(
                shared: shared, loops: threads.map(\.remote), syncer: syncer, gatewayID: directory.gatewayID)
            telemetryThread = try shared.telemetry.map { try TelemetryThread($0, shared, gatewayID: directory.gatewayID) }
        } catch {
            for thread in threads {
                thread.stop()
                thread.join()
            }
            throw error
        }
        self.shared = shared
        self.directory = directory
        life.withLock { $0.sockets = sockets }
        self.threads = threads
        self.syncer = syncer
        address = sockets.data.first?.address.description ?? ""
        port = sockets.data.first?.address.port ?? 0
        adminPort = sockets.admin.first?.address.port
        shared.ownDenials.load { log.error("a denial of an earlier process is lost", ["reason": $0]) }
        _ = shared.denials.deny { shared.ownDenials.denials(at: .now) }
        shared.denyThread?.start()
        syncer.start(every: options.journal.synchronizeEvery)
        stateThread.start()
        if predecessor == nil { try openDoor() } else { try takeOver() }
    }

    /// Whether requests are served by the rules of some revision.
    package var isReady: Bool { shared.faults.isEmpty }
    /// The revision that is enforced; nil before the first.
    package var revision: Int64? { shared.status.current.revision }
    /// Attempts booked in PostgreSQL by this process.
    package var shippedAttempts: Int { shared.shipping?.attempts ?? 0 }
    /// Why the gateway is not ready, in words.
    package var faults: [String] { shared.faults }

    private static func startLoop(_ index: Int, _ shared: GatewayShared, _ sockets: ListenerSockets) throws -> LoopThread {
        let count = shared.options.loops
        let data = ListenerSockets.share(sockets.data, loop: index, of: count)
        let admin = ListenerSockets.share(sockets.admin, loop: index, of: count)
        return try LoopThread.start(name: "gateway-\(index)") { loop in
            let gateway = GatewayLoop(loop: loop, index: index, shared: shared)
            loop.keep(gateway)
            try gateway.open(data: data, admin: admin)
            if shared.predecessor == nil { try gateway.accept() }
        }
    }

    /// Has every loop do `job` in its next turn.
    @discardableResult
    func onEveryLoop(_ job: @escaping @Sendable (GatewayLoop) -> Void) -> LoopRound {
        LoopRound(threads.map(\.remote)) { loop in
            if let gateway = loop.kept(GatewayLoop.self) { job(gateway) }
        }
    }
}
