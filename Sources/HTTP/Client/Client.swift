package import Crypto

/// An HTTP/1.1 client on one loop: keeps connections per origin, sends every request at most once.
package final class Client {
    /// Whether the client may connect to an address. Asked with each address that a name has, at the time of connecting,
    /// so that a name that changes its address gains nothing.
    package typealias AddressPolicy = (NetworkAddress) -> Bool

    let loop: EventLoop
    let limits: ClientLimits
    let policy: AddressPolicy
    let names: NameCache
    private let trust: TLSTrust
    private var tls: TLSContext?
    private var pools: [Origin: ConnectionPool] = [:]

    /// `trust` says whose certificates `https` origins may show.
    package init(
        loop: EventLoop, limits: ClientLimits = ClientLimits(), trust: TLSTrust = .system,
        policy: @escaping AddressPolicy = { _ in true }
    ) {
        self.trust = trust
        self.loop = loop
        self.limits = limits
        self.policy = policy
        names = NameCache(loop: loop, timeToLive: limits.nameTimeToLive)
    }

    /// Sends `request` over an idle connection of its origin or a new one. The answer goes to `receiver`, which the
    /// call keeps alive until it is over.
    @discardableResult
    package func send(_ request: OutboundRequest, receiver: any ResponseReceiver) -> Call {
        let call = Call(request: request, receiver: receiver)
        if !request.isWritable {
            loop.schedule(after: .zero) { call.fail(.invalidRequest) }
        } else if let connection = pools[request.origin]?.take() {
            connection.carry(call)
        } else {
            connect(call)
        }
        return call
    }

    /// Idle connections, of all origins.
    package var idleConnectionCount: Int { pools.values.reduce(0) { $0 + $1.count } }

    /// Closes the idle connections. Calls under way go on.
    package func closeIdleConnections() {
        for pool in pools.values { pool.closeAll() }
    }

    /// Carries `call` over a new connection.
    func connect(_ call: Call) {
        ConnectAttempt(client: self, call: call).start()
    }

    /// A TLS session for a new connection; nil for plain HTTP. The authorities are read when first needed.
    func session(for origin: Origin) throws(TLSError) -> TLSSession? {
        guard origin.scheme == .https else { return nil }
        let context: TLSContext
        if let tls { context = tls } else { context = try .client(trust: trust) }
        tls = context
        let isAddress = NetworkAddress(literal: origin.host, port: origin.port) != nil
        return try TLSSession(client: context, host: origin.host, isAddress: isAddress)
    }

    func pool(for origin: Origin) -> ConnectionPool {
        if let pool = pools[origin] { return pool }
        let pool = ConnectionPool(max: limits.idleConnectionsPerOriginMax)
        pools[origin] = pool
        return pool
    }
}
