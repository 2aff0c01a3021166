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
        let api = AdminAPI(keySets: KeySetCache(try KeySetFetcher()), waitsMax: settings.workers / 2, log: log)
        thread = try LoopThread.start(name: "admin") { loop in
            var sockets = try address.map { [try ListeningSocket($0)] } ?? []
            if let path = settings.socket { sockets.append(try ListeningSocket(atPath: path)) }
            let desk = AdminDesk(api: api, settings: settings, loop: loop)
            loop.keep(desk)
            try desk.serve(sockets, try Self.options(settings))
            bound.withLock { $0 = address == nil ? 0 : sockets[0].address.port }
        }
        port = bound.withLock { $0 }
        drainTimeout = settings.drainTimeout
    }

    private static func address(_ text: String, _ settings: AdminSettings) throws -> ListenAddress {
        guard let address = ListenAddress(text) else { throw AdminListenProblem("\(text) is not host:port with a numeric host") }
        let isLoopback = address.host == "localhost" || NetworkAddress(literal: address.host, port: 0)?.isLoopback ?? false
        guard isLoopback || settings.certificate != nil || settings.allowsPlainNetwork else {
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

    private static func options(_ settings: AdminSettings) throws -> ServerOptions {
        var options = ServerOptions()
        options.limits.headBytesMax = 32 * 1024
        options.limits.headTimeout = .seconds(5)
        options.limits.bodyTimeout = .seconds(30)
        options.limits.idleTimeout = .seconds(60)
        options.limits.writeTimeout = .seconds(30)
        options.quota = ConnectionQuota(connectionsMax: 512, perClientMax: 128)
        options.bodies = BodyBudget(bytesMax: 32 << 20)
        if let certificate = settings.certificate {
            options.tls = try .server(TLSServerMaterial(reading: [certificate], clientAuthorities: settings.clientAuthorities))
        }
        return options
    }
}
