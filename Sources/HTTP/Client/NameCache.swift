/// Why a name has no address.
struct NameError: Error, CustomStringConvertible {
    let description: String
}

/// Looks names up away from the loop and believes the answers for a short time.
final class NameCache {
    typealias Answer = Result<[NetworkAddress], NameError>

    private let loop: EventLoop
    private let timeToLive: Duration
    private var known: [String: (addresses: [NetworkAddress], until: MonotonicInstant)] = [:]
    private var waiting: [String: [(Answer) -> Void]] = [:]

    /// Names remembered at once; a table that is full is emptied.
    private static let namesMax = 1000

    init(loop: EventLoop, timeToLive: Duration) {
        self.loop = loop
        self.timeToLive = timeToLive
    }

    /// Calls `done` with the addresses of the origin's host, with its port: at once for a literal address or a name
    /// that is known, later for others.
    func addresses(of origin: Origin, _ done: @escaping (Answer) -> Void) {
        if let literal = NetworkAddress(literal: origin.host, port: origin.port) {
            done(.success([literal]))
        } else if let entry = known[origin.host], entry.until > loop.now {
            done(.success(entry.addresses.map { $0.with(port: origin.port) }))
        } else {
            lookUp(origin.host) { answer in done(answer.map { $0.map { $0.with(port: origin.port) } }) }
        }
    }

    private func lookUp(_ host: String, _ done: @escaping (Answer) -> Void) {
        let isFirst = waiting[host] == nil
        waiting[host, default: []].append(done)
        guard isFirst else { return }
        loop.offload({ NameLookup.addresses(of: host) }, then: { [weak self] in self?.learned(host, $0) })
    }

    private func learned(_ host: String, _ answer: Answer) {
        if case .success(let addresses) = answer {
            if known.count >= Self.namesMax { known = [:] }
            known[host] = (addresses, loop.now + timeToLive)
        }
        for done in waiting.removeValue(forKey: host) ?? [] { done(answer) }
    }
}
