internal import Crypto

/// An HTTP/1.1 client on one loop: keeps connections per origin, and never sends twice what is not idempotent.
package final class Client {
    /// Whether the client may connect to an address. Asked with each address that a name has, at the time of connecting,
    /// so that a name that changes its address gains nothing.
    package typealias AddressPolicy = (NetworkAddress) -> Bool

    let loop: EventLoop
    let limits: ClientLimits
    let policy: AddressPolicy
    let names: NameCache
    /// Bounds the connections of this client and of those of other loops; nil for no bound.
    let budget: ConnectionBudget?
    private let tls: ClientTLS
    private var context: TLSContext?
    private var pools: [Origin: ConnectionPool] = [:]
    /// Whether no connection is kept any more.
    private(set) var isRetired = false

    /// `tls` says whose certificates `https` origins may show. Clients of one loop may share `names`.
    package init(
        loop: EventLoop, limits: ClientLimits = ClientLimits(), tls: ClientTLS = ClientTLS(), names: NameCache? = nil,
        budget: ConnectionBudget? = nil, policy: @escaping AddressPolicy = { _ in true }
    ) {
        self.tls = tls
        self.loop = loop
        self.limits = limits
        self.policy = policy
        self.budget = budget
        self.names = names ?? NameCache(loop: loop)
        if let budget { BoundedClients.add(self, under: budget, on: loop) }
    }

    /// Sends `request` over an idle connection of its origin or a new one. The answer goes to `receiver`, which the
    /// call keeps alive until it is over.
    @discardableResult
    package func send(_ request: OutboundRequest, receiver: any ResponseReceiver) -> Call {
        let call = Call(request: request, receiver: receiver, loop: loop)
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
    package var idleConnectionCount: Int { pools.values.reduce(0) { $0 + $1.idleCount } }
    /// Calls that wait for a connection.
    package var waitingCallCount: Int { pools.values.reduce(0) { $0 + $1.waitingCount } }

    /// Closes the idle connections. Calls under way go on.
    package func closeIdleConnections() {
        for pool in pools.values { pool.closeAll() }
    }

    /// Closes the idle connections and keeps none any more: nobody will ask for another call.
    package func retire() {
        isRetired = true
        closeIdleConnections()
        leaveBudget()
    }

    /// A retired client hears of free places as long as calls wait for one.
    private func leaveBudget() {
        if isRetired, waitingCallCount == 0, let budget { BoundedClients.remove(budget, on: loop) }
    }

    /// Carries `call` over a new connection, once there may be one more.
    func connect(_ call: Call) {
        let pool = pool(for: call.request.origin)
        if budget?.take(for: loop.remote) ?? true {
            ConnectAttempt(client: self, pool: pool, call: call).start()
        } else {
            pool.wait(call)
        }
    }

    /// A TLS session for a new connection; nil for plain HTTP. The files are read when first needed.
    func session(for pool: ConnectionPool) throws(TLSError) -> TLSSession? {
        let origin = pool.origin
        guard origin.scheme == .https else { return nil }
        let context: TLSContext
        if let known = self.context { context = known } else { context = try tls.context() }
        self.context = context
        let host = tls.serverName ?? origin.host
        let isAddress = NetworkAddress(literal: host, port: origin.port) != nil
        return try TLSSession(client: context, host: host, isAddress: isAddress, resuming: pool.resumption)
    }

    private func pool(for origin: Origin) -> ConnectionPool {
        if let pool = pools[origin] { return pool }
        let pool = ConnectionPool(origin: origin, client: self)
        pools[origin] = pool
        return pool
    }
}

// MARK: the bound on connections

extension Client {
    /// A connection has been closed, or was never made.
    func connectionClosed() { budget?.giveBack(from: loop.remote) }

    /// The loop has been told that one more connection may be made.
    func placeCameFree() {
        guard let budget else { return }
        for pool in pools.values {
            while pool.waitingCount > 0 {
                guard budget.take(for: loop.remote) else { return }
                guard let call = pool.nextWaiting() else { return connectionClosed() }
                ConnectAttempt(client: self, pool: pool, call: call).start()
            }
        }
        leaveBudget()
        budget.wakeNext()
    }

    /// Another loop needs a place more than an idle connection does.
    func closeOneIdle() {
        for pool in pools.values where pool.closeOne() { return }
    }
}
