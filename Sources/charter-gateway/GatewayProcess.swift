import Gateway
import Glibc
import HTTP

/// The life of one gateway process: what signals, the service manager and the clock ask of it.
struct GatewayProcess {
    private let service: GatewayService
    private let signals: GatewaySignals
    private let notifier: ServiceNotifier
    private let program: ProgramFile?
    private let log: Log
    private var isReady = false
    private var isStopping = false
    private var successor: Int32?
    private var lookedAt = ContinuousClock.now - glance

    /// How often files and loops are looked at.
    private static let glance = Duration.seconds(1)
    /// While something is about to change.
    private static let closeGlance = Duration.milliseconds(20)
    /// How long a start may go on without the service manager losing patience.
    private static let startPatience = Duration.seconds(30)

    init(_ options: GatewayOptions, _ signals: GatewaySignals, log: Log) throws {
        self.signals = signals
        self.log = log
        program = ProgramFile()
        notifier = ServiceNotifier(environmentVariable, process: getpid(), takesOver: options.takesOver)
        service = try GatewayService(options, log: log)
        let scheme = options.tls == nil ? "http" : "https"
        log.note("listening", ["address": service.address, "scheme": scheme, "version": GatewayVersion.current])
    }

    /// Runs until the gateway has stopped; the exit code.
    mutating func run() -> Int32 {
        while !service.hasStopped {
            if let signal = signals.wait(atMost: pause) { take(signal) }
            if let fault = service.takeoverFault, !isStopping {
                log.error("cannot take over", ["reason": fault])
                service.cut()
                service.stop()
                return 1
            }
            look()
        }
        service.joinStoppers()
        log.note("stopped")
        return 0
    }

    private var pause: Duration {
        if !isReady || isStopping || successor != nil { return Self.closeGlance }
        return min(Self.glance, (notifier.watchdogEvery ?? Self.glance) / 3)
    }

    private mutating func take(_ signal: GatewaySignals.Signal) {
        switch signal {
        case .terminate, .interrupt: stop(signal)
        case .reload: reload()
        case .replace: replace()
        }
    }

    private mutating func stop(_ signal: GatewaySignals.Signal) {
        if isStopping {
            log.note("cutting what is under way", ["signal": signal.rawValue])
            service.cut()
            return
        }
        log.note("stopping", ["signal": signal.rawValue])
        isStopping = true
        notifier.tell(.stopping, status: "finishing what is under way")
        service.beginStop()
    }

    private func reload() {
        log.note("reloading", ["signal": GatewaySignals.Signal.reload.rawValue])
        notifier.tell(.reloading)
        service.renewCertificates(isAsked: true)
        notifier.tell(.ready)
    }

    /// Starts the program anew, which takes this one's place when it can.
    private mutating func replace() {
        guard !isStopping, successor == nil else { return }
        do {
            successor = try program?.start(["CHARTER_TAKE_OVER": "true"])
            log.note("starting another gateway", ["process": successor.map(String.init) ?? ""])
        } catch {
            log.error("another gateway cannot be started", ["reason": "\(error)"])
        }
    }

    private mutating func look() {
        if !isReady, service.isServing { becameReady() }
        if let follower = service.follower, !isStopping {
            isStopping = true
            if follower > 0 { notifier.tell(.follower(follower), status: "another process has taken over") }
        }
        if let ended = successor, waitpid(ended, nil, WNOHANG) == ended {
            log.warning("the other gateway ended before it could take over", ["process": String(ended)])
            successor = nil
        }
        if let every = notifier.watchdogEvery, service.isProgressing(within: every) { notifier.tell(.alive) }
        let now = ContinuousClock.now
        guard now - lookedAt >= Self.glance else { return }
        lookedAt = now
        service.renewCertificates()
        if !isReady { notifier.tell(.starting(for: Self.startPatience), status: service.faults.first) }
    }

    private mutating func becameReady() {
        isReady = true
        notifier.tell(.ready, status: "enforcing revision \(service.revision ?? 0)")
    }
}
