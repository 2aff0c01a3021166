package import Crypto

/// An HTTP/1.1 server on one loop. Listens as soon as it is made, and lives until the loop ends.
package final class Server: EventHandler {
    package typealias ErrorBody = (_ status: Int, _ reason: String) -> (contentType: String, bytes: [UInt8])

    let loop: EventLoop
    let limits: HTTPLimits
    let onExchange: (Exchange) -> Void
    /// Makes the body of the answers that the HTTP layer gives by itself, such as 400 and 431.
    package var errorBody: ErrorBody = { status, reason in ("text/plain; charset=utf-8", [UInt8]((reason + "\n").utf8)) }
    /// The port that the server listens on.
    package let port: UInt16
    /// Whether answers tell their clients that the connection ends.
    private(set) var isDraining = false

    private let tls: TLSContext?
    private var listener: Socket
    private var registration: Registration?
    private var connections: [ServerConnection] = []
    private var drained: (() -> Void)?
    private var date = HTTPDateCache()

    private static let backlog: Int32 = 1024
    private static let acceptsPerTurn = 64
    /// How long a server that is out of descriptors waits before it accepts again.
    private static let acceptPause = Duration.milliseconds(100)

    /// Listens on `address`, with `tls` for HTTPS. `onExchange` is called on the loop's thread with each request whose head has arrived.
    /// Throws a `SystemError` when the address cannot be had.
    package init(
        loop: EventLoop, listening address: ListenAddress, limits: HTTPLimits = HTTPLimits(), tls: TLSContext? = nil,
        onExchange: @escaping (Exchange) -> Void
    ) throws {
        guard let network = address.address else { throw AddressError(host: address.host) }
        self.loop = loop
        self.limits = limits
        self.onExchange = onExchange
        self.tls = tls
        listener = try .listening(on: network, sharing: address.reusePort, backlog: Self.backlog)
        port = listener.localAddress?.port ?? address.port
        try listen()
    }

    /// Open client connections.
    package var connectionCount: Int { connections.count }

    /// Closes the listening socket. Connections go on.
    package func stopAccepting() {
        stopListening()
        listener.close()
    }

    /// Stops accepting, closes idle connections, lets the exchanges under way finish, and after `deadline` cuts what is
    /// left. Calls `then` once no connection is open.
    package func drain(deadline: Duration, then: @escaping () -> Void) {
        stopAccepting()
        isDraining = true
        drained = then
        for connection in connections { connection.drain() }
        loop.schedule(after: deadline) { [weak self] in self?.cut() }
        reportDrained()
    }

    func loopEnded() {
        listener.close()
        connections = []
    }

    private func cut() {
        for connection in connections { connection.cut() }
    }

    // MARK: accepting

    func ready(_ readiness: Readiness) {
        for _ in 0..<Self.acceptsPerTurn {
            do {
                guard let accepted = try listener.accept() else { return }
                adopt(accepted)
            } catch {
                pauseAccepting()
                return
            }
        }
    }

    private func adopt(_ accepted: consuming Accepted) {
        let peer = accepted.peer
        guard let channel = try? Channel(
            loop: loop, socket: accepted.takeSocket(), isConnecting: false, tls: tls.map(TLSSession.init(server:)),
            lowWaterBytes: limits.outputLowWaterBytes)
        else { return }
        let connection = ServerConnection(server: self, channel: channel, peer: peer, index: connections.count)
        connections.append(connection)
        connection.start(isRefused: connections.count > limits.connectionsMax)
    }

    private func listen() throws(SystemError) {
        guard listener.isOpen, registration == nil else { return }
        registration = try loop.register(listener.descriptor, [.readable], self)
    }

    private func stopListening() {
        guard let registration else { return }
        loop.deregister(registration, of: listener.descriptor)
        self.registration = nil
    }

    /// Out of descriptors or memory: a listener that stays registered would turn the loop without end.
    private func pauseAccepting() {
        stopListening()
        // Holds the server, which nothing else may do while its listener is not registered.
        loop.schedule(after: Self.acceptPause) {
            do { try self.listen() } catch { self.pauseAccepting() }
        }
    }

    // MARK: connections

    func forget(_ connection: ServerConnection) {
        let last = connections.removeLast()
        if last !== connection {
            last.index = connection.index
            connections[connection.index] = last
        }
        reportDrained()
    }

    private func reportDrained() {
        guard connections.isEmpty, let drained else { return }
        self.drained = nil
        drained()
    }

    /// `Date`'s value for the loop's present time.
    var dateText: [UInt8] { date.text(at: loop.wallClockMilliseconds) }
}

/// A host that a server cannot listen on because it is no address.
package struct AddressError: Error, CustomStringConvertible {
    package let host: String
    package var description: String { "\(host) is not an IPv4 or IPv6 address" }
}

/// Formats the date once a second.
private struct HTTPDateCache {
    private var second: Int64 = -1
    private var bytes: [UInt8] = []

    mutating func text(at milliseconds: Int64) -> [UInt8] {
        let now = max(0, milliseconds / 1000)
        if now != second {
            second = now
            bytes = [UInt8](HTTPDate.text(secondsSince1970: now).utf8)
        }
        return bytes
    }
}
