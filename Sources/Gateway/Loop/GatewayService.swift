internal import HTTP
internal import Synchronization

/// A running gateway: its loops and the threads behind them.
package final class GatewayService: Sendable {
    /// The port that requests are served on.
    package let port: UInt16
    /// The port of the admin listener, when there is one.
    package let adminPort: UInt16?
    private let shared: GatewayShared
    private let directory: StateDirectory
    private let threads: [LoopThread]
    private let syncer: JournalSyncer
    private let stateThread: StateThread

    /// Listens, and begins to load the state in the background; answers 503 until it is there.
    ///
    /// Throws when the address cannot be had, or the state directory belongs to a running process.
    package init(_ options: GatewayOptions, log: Log = Log()) throws {
        let shared = GatewayShared(options: options, log: log)
        // The loops share their ports with each other, and would share them with a stranger.
        try options.listen.checkFree()
        try options.admin?.checkFree()
        let directory = try StateDirectory(options.state)
        let syncer = try JournalSyncer(health: shared.journalHealth)
        var threads: [LoopThread] = []
        var ports = LoopPorts(data: options.listen, admin: options.admin)
        do {
            for index in 0..<options.loops {
                let (thread, bound) = try Self.startLoop(index, shared, ports)
                threads.append(thread)
                ports = bound
            }
            stateThread = try StateThread(
                shared: shared, loops: threads.map(\.remote), syncer: syncer, gatewayID: directory.gatewayID)
        } catch {
            for thread in threads {
                thread.stop()
                thread.join()
            }
            throw error
        }
        self.shared = shared
        self.directory = directory
        self.threads = threads
        self.syncer = syncer
        port = ports.data.port
        adminPort = ports.admin?.port
        syncer.start(every: options.journal.synchronizeEvery)
        stateThread.start()
    }

    /// Whether requests are served by the rules of some revision.
    package var isReady: Bool { shared.faults.isEmpty }
    /// The revision that is enforced; nil before the first.
    package var revision: Int64? { shared.status.current.revision }
    /// Attempts booked in PostgreSQL by this process.
    package var shippedAttempts: Int { shared.shipping?.attempts ?? 0 }

    /// Stops in order: no longer ready, requests finished, usage shipped. Blocks until then, or for as long as the options
    /// allow; call once.
    package func stop() {
        shared.isDraining.store(true, ordering: .relaxed)
        stateThread.stop()
        let deadline = shared.options.drainDeadline
        for thread in threads {
            thread.remote.post { $0.kept(GatewayLoop.self)?.drain(deadline: deadline) }
        }
        for thread in threads { thread.join() }
        syncer.stop()
        shared.drainShipper()
    }

    private static func startLoop(
        _ index: Int, _ shared: GatewayShared, _ wanted: LoopPorts
    ) throws -> (LoopThread, LoopPorts) {
        let bound = Mutex(wanted)
        let thread = try LoopThread.start(name: "gateway-\(index)") { loop in
            let gateway = GatewayLoop(loop: loop, index: index, shared: shared)
            loop.keep(gateway)
            var ports = wanted
            ports.data.port = try gateway.listen(on: wanted.data, isAdmin: false)
            if let admin = wanted.admin { ports.admin?.port = try gateway.listen(on: admin, isAdmin: true) }
            bound.withLock { [ports] in $0 = ports }
        }
        return (thread, bound.withLock { $0 })
    }
}

/// Where the loops listen; the first one's choice of a free port is the others'.
private struct LoopPorts: Sendable {
    var data: ListenAddress
    var admin: ListenAddress?

    init(data: ListenAddress, admin: ListenAddress?) {
        self.data = data
        self.admin = admin
        self.data.reusePort = true
        self.admin?.reusePort = true
    }
}
