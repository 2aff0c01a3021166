package import Crypto

/// What a server does beyond answering requests.
package struct ServerOptions {
    package var limits = HTTPLimits()
    /// With which TLS is spoken; plain HTTP when nil.
    package var tls: TLSContext?
    /// Connections from these networks begin with a PROXY header; others must not.
    package var proxyProtocol: [NetworkPrefix] = []
    /// Shared with other servers; one of its own, of `limits.connectionsMax`, when nil.
    package var quota: ConnectionQuota?
    /// Shared with other servers; no bound when none is given.
    package var bodies = BodyBudget()
    package var meter = ServerMeter()
    /// Whether requests may have to wait, and be refused, while the loop has more to do than it can. Not where operators ask how it is.
    package var waitsForTurns = false

    package init() {}
}

/// An HTTP/1.1 server on one loop. Accepts as soon as it is made, and lives until the loop ends.
package final class Server {
    /// `request`: what is answered, where its head could be read.
    package typealias ErrorBody = (_ status: Int, _ reason: String, _ request: RequestHead?) -> (fields: Headers, bytes: [UInt8])

    let loop: EventLoop
    let limits: HTTPLimits
    let quota: ConnectionQuota
    let bodies: BodyBudget
    let meter: ServerMeter
    let waitsForTurns: Bool
    private let onExchange: (Exchange) -> Void
    /// Makes the body of the answers that the HTTP layer gives by itself, such as 400 and 431, and the fields that belong to it.
    package var errorBody: ErrorBody = { _, reason, _ in (["content-type": "text/plain; charset=utf-8"], [UInt8]((reason + "\n").utf8)) }
    /// Makes the fields that every answer to a request has beside those of its head, also one that the HTTP layer gives by itself.
    package var answerFields: (RequestHead) -> Headers? = { _ in nil }
    /// The port that the server listens on.
    package private(set) var port: UInt16 = 0
    /// Whether answers tell their clients that the connection ends.
    private(set) var isDraining = false

    private var tls: TLSContext?
    private let proxyProtocol: [NetworkPrefix]
    private var acceptors: [Acceptor] = []
    private var isStoppingToAccept = false
    private var arrivals: [ObjectIdentifier: Arrival] = [:]
    private var connections: [ServerConnection] = []
    private var refusals = 0
    private var drained: (() -> Void)?
    private var date = HTTPDateCache()

    /// Serves what comes by `sockets`, and by those of later calls of `accept`. `onExchange` is called on the loop's thread with each
    /// request whose head has arrived.
    package init(
        loop: EventLoop, accepting sockets: [ListeningSocket], _ options: ServerOptions, onExchange: @escaping (Exchange) -> Void
    ) throws {
        self.loop = loop
        limits = options.limits
        quota = options.quota ?? ConnectionQuota(connectionsMax: options.limits.connectionsMax)
        bodies = options.bodies
        meter = options.meter
        waitsForTurns = options.waitsForTurns
        tls = options.tls
        proxyProtocol = options.proxyProtocol
        self.onExchange = onExchange
        try accept(from: sockets)
    }

    package func accept(from sockets: [ListeningSocket]) throws {
        for socket in sockets { acceptors.append(try Acceptor(server: self, listening: socket)) }
        if let first = sockets.first { port = first.address.port }
    }

    /// Listens on `address`, with `tls` for HTTPS. Throws a `SystemError` when the address cannot be had.
    package convenience init(
        loop: EventLoop, listening address: ListenAddress, limits: HTTPLimits = HTTPLimits(), tls: TLSContext? = nil,
        onExchange: @escaping (Exchange) -> Void
    ) throws {
        var options = ServerOptions()
        options.limits = limits
        options.tls = tls
        try self.init(loop: loop, accepting: [ListeningSocket(address)], options, onExchange: onExchange)
    }

    var speaksTLS: Bool { tls != nil }

    /// Connections from now on are made with `tls`; others keep what they have.
    package func use(_ tls: TLSContext) { self.tls = tls }

    /// Lets nobody new in. Connections go on. With `leavingQueue`, those that wait to be accepted are left to another
    /// process that has the same sockets; else they are served.
    package func stopAccepting(leavingQueue: Bool = false) {
        guard !isStoppingToAccept else { return }
        isStoppingToAccept = true
        for acceptor in acceptors {
            acceptor.stop(leavingQueue: leavingQueue) { [weak self] stopped in
                guard let self else { return }
                acceptors.removeAll { $0 === stopped }
                reportDrained()
            }
        }
    }

    /// Stops accepting, lets the exchanges under way finish and idle connections end, and after `deadline` cuts what is
    /// left. Calls `then` once no connection is open.
    package func drain(deadline: Duration, leavingQueue: Bool = false, then: @escaping () -> Void) {
        stopAccepting(leavingQueue: leavingQueue)
        isDraining = true
        drained = then
        loop.schedule(after: limits.drainIdleTimeout) { [weak self] in self?.endIdle() }
        loop.schedule(after: deadline) { [weak self] in self?.cut() }
        reportDrained()
    }

    /// Ends every connection, whatever is under way.
    package func cut() {
        for arrival in arrivals.values { arrival.cut() }
        for connection in connections { connection.cut() }
    }

    func loopEnded() {
        acceptors = []
        arrivals = [:]
        connections = []
    }

    private func endIdle() {
        for arrival in arrivals.values { arrival.cut() }
        for connection in connections { connection.drain() }
    }
}

// MARK: connections that come

extension Server {
    func arrived(_ accepted: consuming Accepted) {
        let peer = accepted.peer
        guard accepted.descriptor < limits.clientDescriptorsMax else { return refuse(accepted, .full) }
        switch quota.take(peer) {
        case .failure(.full): refuse(accepted, .full)
        case .failure(.clientFull): refuse(accepted, .clientFull)
        case .success(let place):
            meter.count(.accepted)
            let process = accepted.process
            let awaitsHeader = process == nil && proxyProtocol.contains { $0.contains(peer) }
            if awaitsHeader || speaksTLS && process == nil {
                wait(accepted, place, awaitsHeader: awaitsHeader)
            } else {
                serve(accepted.takeSocket(), peer: peer, process: process, place: place, refusing: nil)
            }
        }
    }

    private func wait(_ accepted: consuming Accepted, _ place: ConnectionPlace, awaitsHeader: Bool) {
        let peer = accepted.peer
        let arrival = Arrival(server: self, socket: accepted.takeSocket(), peer: peer, place: place, awaitsHeader: awaitsHeader)
        arrivals[ObjectIdentifier(arrival)] = arrival
        do { try arrival.start() } catch { arrival.cut() }
    }

    /// Says that there are too many connections, if that can be said quickly.
    private func refuse(_ accepted: consuming Accepted, _ event: ServerEvent) {
        meter.count(event)
        guard refusals < limits.refusalsMax, !speaksTLS, proxyProtocol.isEmpty else { return }
        let peer = accepted.peer
        serve(accepted.takeSocket(), peer: peer, place: nil, refusing: .tooManyConnections)
    }

    /// Begins a connection whose first bytes are the client's own. Without a `place` it is only told why it is refused.
    func serve(
        _ socket: consuming Socket, peer: NetworkAddress, process: SocketPeer? = nil, place: ConnectionPlace?, refusing fault: MessageFault?
    ) {
        guard let channel = try? channel(socket, isPlain: fault != nil || process != nil) else {
            if let place { quota.release(place) }
            return
        }
        let connection = ServerConnection(
            server: self, channel: channel, peer: peer, process: process, place: place, index: connections.count)
        connections.append(connection)
        if place == nil { refusals += 1 }
        connection.start(refusing: fault)
    }

    /// Who is refused before TLS has begun is told so in plain HTTP, which processes of this machine speak too.
    private func channel(_ socket: consuming Socket, isPlain: Bool) throws -> Channel {
        let session = isPlain ? nil : try tls.map(TLSSession.init(server:))
        return try Channel(
            loop: loop, socket: socket, isConnecting: false, tls: session, lowWaterBytes: limits.outputLowWaterBytes)
    }

    func forget(_ arrival: Arrival) {
        arrivals[ObjectIdentifier(arrival)] = nil
        reportDrained()
    }

    func forget(_ connection: ServerConnection) {
        let last = connections.removeLast()
        if last !== connection {
            last.index = connection.index
            connections[connection.index] = last
        }
        if let place = connection.place { quota.release(place) } else { refusals -= 1 }
        reportDrained()
    }

    private func reportDrained() {
        guard acceptors.isEmpty, connections.isEmpty, arrivals.isEmpty, let drained else { return }
        self.drained = nil
        drained()
    }
}

// MARK: requests

extension Server {
    /// Hands a request on, unless it came to the wrong host (RFC 9110 §15.5.20): a client that was shown the certificate of one
    /// host may not ask for another, which could be meant for somebody else.
    func serve(_ exchange: Exchange, on channel: Channel) {
        if let session = channel.session, let name = session.serverName, !Self.isMeant(exchange.request, name, session) {
            meter.count(.misdirected)
            return exchange.respond(.misdirected)
        }
        onExchange(exchange)
    }

    private static func isMeant(_ request: RequestHead, _ name: String, _ session: TLSSession) -> Bool {
        let host = request.headers.withValue("host") { Authority.host(of: $0) } ?? nil
        guard let host else { return true }
        return host.lowercased() == name.lowercased() || session.isOwnCertificateGood(for: host)
    }

    /// What the server says by itself, where it does not hand a request on; each is counted as an answer.
    func answer(_ fault: MessageFault, to request: RequestHead?) -> (ResponseHead, [UInt8]) {
        meter.countAnswer(fault.status)
        let (fields, bytes) = errorBody(fault.status, fault.reason, request)
        var head = ResponseHead(status: fault.status, headers: fault.fields)
        fields.forEach { head.headers.add(named: $0, $1) }
        return (head, bytes)
    }

    /// `Date`'s value for the loop's present time.
    var dateText: [UInt8] { date.text(at: loop.wallClockMilliseconds) }
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
