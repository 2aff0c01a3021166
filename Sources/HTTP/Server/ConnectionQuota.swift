internal import Synchronization

/// How many connections the servers of a process may have together, and how many of them from one place. Asked once when a
/// connection comes and once when it goes, from any loop.
package final class ConnectionQuota: Sendable {
    private let connectionsMax: Int
    private let perClientMax: Int
    /// Proxies speak for many clients.
    private let exempt: [NetworkPrefix]
    private let held = Mutex(Held())

    private struct Held {
        var total = 0
        var byClient: [ClientNetwork: Int] = [:]

        mutating func add(_ client: ClientNetwork, max: Int) -> Bool {
            let count = byClient[client, default: 0]
            guard count < max else { return false }
            byClient[client] = count + 1
            return true
        }

        mutating func remove(_ client: ClientNetwork) {
            let count = byClient[client, default: 1] - 1
            byClient[client] = count == 0 ? nil : count
        }
    }

    /// Without bounds when none are given.
    package init(connectionsMax: Int = .max, perClientMax: Int = .max, exempt: [NetworkPrefix] = []) {
        self.connectionsMax = connectionsMax
        self.perClientMax = perClientMax
        self.exempt = exempt
    }

    /// Open connections of all servers.
    package var count: Int { held.withLock { $0.total } }

    /// A place for a connection from `peer`, or why there is none.
    func take(_ peer: NetworkAddress) -> Result<ConnectionPlace, Refusal> {
        let client = counted(peer)
        return held.withLock { held in
            guard held.total < connectionsMax else { return .failure(.full) }
            if let client, !held.add(client, max: perClientMax) { return .failure(.clientFull) }
            held.total += 1
            return .success(ConnectionPlace(client: client))
        }
    }

    /// Counts a place that a proxy's connection has for the client it speaks for; false when that one has too many.
    func take(_ peer: NetworkAddress, in place: inout ConnectionPlace) -> Bool {
        guard place.client == nil, let client = counted(peer) else { return true }
        guard held.withLock({ $0.add(client, max: perClientMax) }) else { return false }
        place.client = client
        return true
    }

    func release(_ place: ConnectionPlace) {
        held.withLock { held in
            held.total -= 1
            if let client = place.client { held.remove(client) }
        }
    }

    enum Refusal: Error {
        case full
        case clientFull
    }

    private func counted(_ peer: NetworkAddress) -> ClientNetwork? {
        perClientMax == .max || exempt.contains { $0.contains(peer) } ? nil : ClientNetwork(peer)
    }
}

/// A connection's place in the quota, given back once.
struct ConnectionPlace {
    fileprivate(set) var client: ClientNetwork?
}

/// What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, which is what one subscriber has at least.
struct ClientNetwork: Hashable, Sendable {
    private let bits: UInt64
    private let isIPv4: Bool

    init(_ address: NetworkAddress) {
        bits = address.isIPv4 ? address.low : address.high
        isIPv4 = address.isIPv4
    }
}
