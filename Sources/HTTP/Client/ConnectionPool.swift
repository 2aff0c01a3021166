internal import Crypto

/// The connections of one origin that are idle, and the calls that wait for one.
///
/// The connection used last is taken first, so that the others age and leave.
final class ConnectionPool {
    let origin: Origin
    private unowned let client: Client
    private var idle: [ClientConnection] = []
    private var queue = WaitingCalls()
    /// With what the next TLS handshake may be shortened.
    var resumption: TLSResumption?

    init(origin: Origin, client: Client) {
        self.origin = origin
        self.client = client
    }

    var idleCount: Int { idle.count }
    var waitingCount: Int { queue.count }

    func take() -> ClientConnection? {
        guard let connection = idle.popLast() else { return nil }
        connection.poolIndex = nil
        return connection
    }

    /// Keeps an idle connection; false when there are enough.
    func keep(_ connection: ClientConnection) -> Bool {
        guard idle.count < client.limits.idleConnectionsPerOriginMax, !client.isRetired else { return false }
        connection.poolIndex = idle.count
        idle.append(connection)
        return true
    }

    func remove(_ connection: ClientConnection) {
        guard let index = connection.poolIndex else { return }
        connection.poolIndex = nil
        let last = idle.removeLast()
        if last !== connection {
            idle[index] = last
            last.poolIndex = index
        }
    }

    func closeAll() {
        while let connection = take() { connection.close() }
    }

    /// The one that has been idle longest; false when there is none.
    func closeOne() -> Bool {
        guard let connection = idle.first else { return false }
        connection.close()
        return true
    }
}

// MARK: calls that wait

extension ConnectionPool {
    /// Has `call` wait for a connection, as long as it may take to connect.
    func wait(_ call: Call) {
        guard queue.count < client.limits.waitingCallsMax else {
            client.loop.schedule(after: .zero) { call.giveUp(.noConnectionFree) }
            return
        }
        let timer = LoopTimer { call.giveUp(.noConnectionFree) }
        call.carrier = .waiting(self, timer)
        queue.append(call, timer)
        client.loop.set(timer, after: call.request.timeouts.connect)
    }

    /// The call that has waited longest.
    func nextWaiting() -> Call? {
        guard let (call, timer) = queue.removeFirst() else { return nil }
        client.loop.discard(timer)
        call.carrier = .none
        return call
    }

    func stopWaiting(_ timer: LoopTimer) {
        client.loop.discard(timer)
        queue.remove(timer)
    }
}

/// A queue from which any may leave.
private struct WaitingCalls {
    private var places: [(call: Call, timer: LoopTimer)?] = []
    private var first = 0
    private(set) var count = 0

    mutating func append(_ call: Call, _ timer: LoopTimer) {
        places.append((call, timer))
        count += 1
    }

    mutating func removeFirst() -> (Call, LoopTimer)? {
        while first < places.count {
            let place = places[first]
            places[first] = nil
            first += 1
            if let place {
                count -= 1
                tidy()
                return place
            }
        }
        tidy()
        return nil
    }

    mutating func remove(_ timer: LoopTimer) {
        guard let index = places.indices.dropFirst(first).first(where: { places[$0]?.timer === timer }) else { return }
        places[index] = nil
        count -= 1
        tidy()
    }

    /// Drops the places in front that are empty, once they are most of all.
    private mutating func tidy() {
        if count == 0 {
            places.removeAll(keepingCapacity: true)
            first = 0
        } else if first > places.count / 2 {
            places.removeFirst(first)
            first = 0
        }
    }
}
