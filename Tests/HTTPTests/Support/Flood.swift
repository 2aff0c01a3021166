import Crypto
import Glibc
@testable import HTTP
import TestKit

/// A server, with and without TLS on one loop, that stands still where a test says so, as one that has more requests than it can serve.
final class Flood {
    let meter = ServerMeter()
    let quota = ConnectionQuota()
    /// Of as many as the flood is to have, in the order of their requests.
    let connections: [RawConnection]
    private let server: TestServer
    private let progress = Progress()
    private let last: RawConnection

    static let ask = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private final class Progress: Sendable {
        /// The targets of the requests begun since the flood came.
        let begun = Locked<[String]>([])
        /// The loop stands still in the requests that were begun as these.
        let holds = Locked<Set<Int>>([])

        func take(_ exchange: Exchange) {
            let number = begun.change { begun in
                begun.append(exchange.request.target)
                return begun.count
            }
            while holds.value.contains(number) { usleep(1000) }
            exchange.respond("ok")
        }
    }

    /// Nobody's patience ends within a test that is not about it.
    init(_ count: Int, waitsForTurns: Bool = true, patience: Duration = .seconds(600)) throws {
        server = try TestServer({ [meter, quota] in
            var options = ServerOptions()
            options.waitsForTurns = waitsForTurns
            options.meter = meter
            options.quota = quota
            options.limits.drainIdleTimeout = .zero
            return options
        }) { [progress] exchange, _ in progress.take(exchange) }
        server.thread.remote.post { $0.turnPatience = patience }
        let port = server.port
        connections = try (0..<count).map { _ in try Self.served(port) }
        last = try Self.served(port)
    }

    var port: UInt16 { server.port }
    var begun: [String] { progress.begun.value }

    /// Connections that have been answered once, and ask nothing now.
    func idle(_ count: Int) throws -> [RawConnection] { try (0..<count).map { _ in try Self.served(port) } }

    private static func served(_ port: UInt16) throws -> RawConnection {
        let connection = try RawConnection(port: port)
        try connection.send(ask)
        _ = try connection.receive { $0.hasSuffix("ok") }
        return connection
    }

    /// A connection of the same kind to a server on the same loop that speaks TLS.
    func secure(_ identity: TestIdentity) throws -> RawTLSConnection {
        let port = Locked<UInt16>(0)
        server.thread.remote.post { [meter, progress] loop in
            var options = ServerOptions()
            options.waitsForTurns = true
            options.meter = meter
            guard let tls = try? TLSContext.server(certificate: identity.certificate, key: identity.key),
                let socket = try? ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
            else { return }
            options.tls = tls
            guard let server = try? Server(loop: loop, accepting: [socket], options, onExchange: progress.take) else { return }
            loop.keep(Beside(server))
            port.value = server.port
        }
        try eventually(within: .seconds(20), "it listens") { port.value > 0 }
        let connection = try RawTLSConnection(port: port.value, trusting: identity)
        try connection.send(Self.ask)
        _ = try connection.receive { $0.hasSuffix("ok") }
        return connection
    }

    /// Has the request of each connection come, as `asking` says it, while the loop stands still in the first that it has begun.
    func come(asking: (Int) -> String = { _ in Flood.ask }) throws {
        progress.begun.value = []
        progress.holds.value = [1, 2]
        try last.send(Self.ask)
        try eventually(within: .seconds(20), "the loop stands still") { begun.count == 1 }
        for (index, connection) in connections.enumerated() { try connection.send(asking(index)) }
        // The loop meets all of them in one turn.
        try awaitDelivery(of: connections)
        try goOn(until: 2)
    }

    /// Has the requests of these come as well.
    func ask(on others: [RawConnection]) throws {
        for connection in others { try connection.send(Self.ask) }
        try awaitDelivery(of: others)
    }

    private func awaitDelivery(of requests: [RawConnection]) throws {
        for connection in requests { try eventually(within: .seconds(20), "the request is there") { connection.hasDelivered } }
    }

    /// Lets the loop go on until it has begun so many requests, and stands still in the last of them.
    func goOn(until count: Int) throws {
        progress.holds.value = [count]
        try eventually(within: .seconds(20), "\(count) requests are begun") { begun.count == count }
    }

    func goOn() { progress.holds.value = [] }

    func drain() { _ = server.thread.remote.post { $0.kept(Server.self)?.drain(deadline: .seconds(60)) {} } }

    private final class Beside {
        let server: Server
        init(_ server: Server) { self.server = server }
    }
}
