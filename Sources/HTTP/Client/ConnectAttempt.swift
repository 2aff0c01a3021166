internal import Crypto

/// Makes one new connection for one call: finds the addresses of the origin and tries them in parallel, each with a head
/// start over the next (RFC 8305). The first that stands, TLS included, carries the call.
final class ConnectAttempt {
    private let client: Client
    private let pool: ConnectionPool
    private var call: Call?
    private var addresses: ArraySlice<NetworkAddress> = []
    private var racing: [ClientConnection] = []
    private var deadline: TimerHandle?
    private var headStart: TimerHandle?
    private var failures = ConnectFailures()
    /// Whether the place in the client's budget is this attempt's and no connection's yet.
    private var holdsPlace = true

    init(client: Client, pool: ConnectionPool, call: Call) {
        self.client = client
        self.pool = pool
        self.call = call
        call.carrier = .attempt(self)
    }

    func start() {
        guard let call else { return }
        // Both closures are dropped at the end of the attempt or of the lookup, so holding it makes no cycle that stays.
        deadline = client.loop.schedule(after: call.request.timeouts.connect) { self.fail(.timeout(.connect)) }
        client.names.addresses(of: pool.origin) { self.found($0) }
    }

    private func found(_ result: Result<[NetworkAddress], NameError>) {
        guard call != nil else { return }
        switch result {
        case .failure(let error): failLater(error.isOwnShortage ? .ownShortage(error.description) : .nameResolution(error.description))
        case .success(let found):
            addresses = AddressOrder.alternating(found.filter(client.policy))[...]
            guard !addresses.isEmpty else {
                return failLater(.addressRefused("\(pool.origin.host) is \(found.map(\.host).joined(separator: ", "))"))
            }
            tryNext()
        }
    }

    private func tryNext() {
        headStart?.cancel()
        headStart = nil
        while let address = addresses.popFirst() {
            guard open(address) else { continue }
            if !addresses.isEmpty {
                headStart = client.loop.schedule(after: client.limits.addressHeadStart) { self.tryNext() }
            }
            return
        }
        if racing.isEmpty { failLater(failures.worst ?? .connect("no address is left to try")) }
    }

    /// Begins to connect; false when that fails at once.
    private func open(_ address: NetworkAddress) -> Bool {
        do {
            let session = try client.session(for: pool)
            let socket = try Socket.connecting(to: address)
            guard socket.descriptor < client.limits.descriptorsMax else {
                failures.note(.ownShortage("no descriptor may be used for one more connection"))
                return false
            }
            let channel = try Channel(
                loop: client.loop, socket: socket, isConnecting: true, tls: session,
                lowWaterBytes: ClientConnection.lowWaterBytes)
            let connection = ClientConnection(client: client, pool: pool, channel: channel, session: session)
            racing.append(connection)
            connection.connect(for: self)
            return true
        } catch let error as TLSError {
            failures.note(.tls(error.description))
        } catch let error as SystemError where error.isOwnShortage(connectingTo: address) {
            failures.note(.ownShortage(error.description))
        } catch {
            failures.note(.connect(String(describing: error)))
        }
        return false
    }

    /// A connection could not be made.
    func failed(_ connection: ClientConnection, _ failure: CallFailure) {
        racing.removeAll { $0 === connection }
        failures.note(failure)
        if call != nil { tryNext() }
    }

    /// A connection stands.
    func succeeded(_ connection: ClientConnection) {
        guard let call else { return connection.close() }
        racing.removeAll { $0 === connection }
        holdsPlace = false
        connection.holdsPlace = true
        finish()
        connection.carry(call)
    }

    func cancel() { finish() }

    private func fail(_ failure: CallFailure) {
        let call = call
        finish()
        call?.fail(failure)
    }

    /// Out of the call stack of `Client.send`.
    private func failLater(_ failure: CallFailure) {
        client.loop.schedule(after: .zero) { self.fail(failure) }
    }

    private func finish() {
        deadline?.cancel()
        headStart?.cancel()
        deadline = nil
        headStart = nil
        call = nil
        let losers = racing
        racing = []
        for connection in losers { connection.close() }
        if holdsPlace {
            holdsPlace = false
            client.connectionClosed()
        }
    }
}

/// Why no connection was made, of all addresses that were tried.
struct ConnectFailures {
    /// What says most: what was wrong with a certificate more than that another address did not answer, and what this side lacks least,
    /// as the others have failed without it.
    private(set) var worst: CallFailure?

    mutating func note(_ failure: CallFailure) {
        guard let worst else {
            self.worst = failure
            return
        }
        if Self.weight(failure) >= Self.weight(worst) { self.worst = failure }
    }

    private static func weight(_ failure: CallFailure) -> Int {
        switch failure {
        case .ownShortage: 0
        case .tls: 2
        default: 1
        }
    }
}

/// The order in which the addresses of a name are tried.
enum AddressOrder {
    /// Families by turns, beginning with that of the first, each in the resolver's order (RFC 8305 section 4).
    static func alternating(_ addresses: [NetworkAddress]) -> [NetworkAddress] {
        guard let first = addresses.first else { return [] }
        let preferred = addresses.filter { $0.isIPv4 == first.isIPv4 }
        let others = addresses.filter { $0.isIPv4 != first.isIPv4 }
        guard !others.isEmpty else { return addresses }
        var order: [NetworkAddress] = []
        for index in 0..<max(preferred.count, others.count) {
            if index < preferred.count { order.append(preferred[index]) }
            if index < others.count { order.append(others[index]) }
        }
        return order
    }
}
