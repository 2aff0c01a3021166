internal import Crypto
internal import Dispatch
internal import HTTP
internal import Synchronization

/// Serves the admin API: connections on a loop's thread, the calls on a few others, which wait for PostgreSQL.
package final class AdminListener: Sendable {
    /// The port that was asked for, or given; 0 without a network.
    package let port: UInt16
    private let thread: LoopThread
    private let drainTimeout: Duration

    /// Listens at once. Throws `AdminListenProblem` and `SystemError`.
    ///
    /// Call it where the signals that end the process are blocked already, or its threads would be ended by them.
    package init(_ settings: AdminSettings, log: @escaping @Sendable (String) -> Void) throws {
        let address = try settings.listen.map { try Self.address($0, settings) }
        guard address != nil || settings.socket != nil else { throw AdminListenProblem("neither an address nor a socket is given") }
        let bound = Mutex<UInt16>(0)
        // With those that wait for changes, fewer than carry out calls.
        let keySets = KeySetCache(try KeySetFetcher(), waitersMax: max(1, settings.workers / 4))
        let api = AdminAPI(keySets: keySets, waitsMax: settings.workers / 2, changePatience: settings.changePatience, log: log)
        let certificate = try settings.certificate.map {
            try AdminCertificate($0, clientAuthorities: settings.clientAuthorities, log: log)
        }
        thread = try LoopThread.start(name: "admin") { loop in
            let desk = AdminDesk(api: api, settings: settings, loop: loop)
            loop.keep(desk)
            if let address {
                let socket = try ListeningSocket(address)
                let server = try desk.serve([socket], try Self.options(settings, certificate))
                if let certificate { desk.keep(certificate, of: server) }
                bound.withLock { $0 = socket.address.port }
            }
            if let path = settings.socket { _ = try desk.serve([ListeningSocket(atPath: path)], Self.localOptions(settings), isLocal: true) }
        }
        port = bound.withLock { $0 }
        drainTimeout = settings.drainTimeout
    }

    /// Reads the certificate's files anew, which also happens by itself when they change.
    package func renewCertificate() {
        thread.remote.post { $0.kept(AdminDesk.self)?.renewCertificate(isAsked: true) }
    }

    private static func address(_ text: String, _ settings: AdminSettings) throws -> ListenAddress {
        guard let address = ListenAddress(text) else { throw AdminListenProblem("\(text) is not host:port with a numeric host") }
        guard AdminSettings.isLoopback(text) || settings.certificate != nil || settings.allowsPlainNetwork else {
            throw AdminListenProblem("keys would cross the network to \(text) in the clear: give a certificate and its key")
        }
        return address
    }

    /// Takes no more calls, lets those under way end, and then its threads.
    package func stop() {
        let drained = DispatchGroup()
        drained.enter()
        let isPosted = thread.remote.post { [drainTimeout] loop in
            guard let desk = loop.kept(AdminDesk.self) else { return drained.leave() }
            desk.drain(deadline: drainTimeout) { drained.leave() }
        }
        if isPosted { _ = drained.wait(timeout: .now() + .seconds(Int(drainTimeout.components.seconds) + 5)) }
        thread.stop()
        thread.join()
    }

    private static func options(_ settings: AdminSettings, _ certificate: AdminCertificate?) throws -> ServerOptions {
        var options = ServerOptions()
        options.limits = settings.limits
        options.quota = ConnectionQuota(
            connectionsMax: settings.connectionsMax, perClientMax: max(1, settings.connectionsMax / 4), exempt: settings.forwarded.proxies)
        options.bodies = BodyBudget(bytesMax: settings.connectionsMax * AdminAPI.bodyBytesMax)
        if let certificate { options.tls = try .server(certificate.first) }
        return options
    }

    /// Whoever holds all connections over a network keeps nobody of this machine out.
    private static func localOptions(_ settings: AdminSettings) -> ServerOptions {
        var options = ServerOptions()
        options.limits = settings.limits
        options.quota = ConnectionQuota(connectionsMax: localConnectionsMax)
        options.bodies = BodyBudget(bytesMax: localConnectionsMax * AdminAPI.bodyBytesMax)
        return options
    }

    private static let localConnectionsMax = 64
}
