/// Why a name has no address.
package struct NameError: Error, CustomStringConvertible {
    package let description: String
    /// Whether this side asks too much, rather than that the name is wrong.
    var isOwnShortage = false
}

/// Looks names up away from the loop and believes the answers for a short time. Used on one loop, by all its clients.
package final class NameCache {
    typealias Answer = Result<[NetworkAddress], NameError>

    private struct Entry {
        var answer: Answer
        var freshUntil: MonotonicInstant
        var usableUntil: MonotonicInstant
    }

    /// A question that has no answer yet.
    private struct Lookup {
        var waiting: [(Answer) -> Void]
        /// Whether it has taken longer than anybody is made to wait who can have old addresses.
        var isOverdue = false
    }

    private let loop: EventLoop
    private let limits: NameLimits
    private let ask: @Sendable (String) -> Answer
    private var known: [String: Entry] = [:]
    private var lookups: [String: Lookup] = [:]
    /// Called when old addresses serve because a lookup failed or takes too long.
    package var onStaleAnswer: (() -> Void)?

    package convenience init(loop: EventLoop, limits: NameLimits = NameLimits()) {
        self.init(loop: loop, limits: limits, asking: NameLookup.addresses)
    }

    /// `asking` may block.
    init(loop: EventLoop, limits: NameLimits, asking: @escaping @Sendable (String) -> Answer) {
        self.loop = loop
        self.limits = limits
        ask = asking
    }

    /// Calls `done` with the addresses of the origin's host, with its port: at once for a literal address or a name
    /// that is known, later for others.
    func addresses(of origin: Origin, _ done: @escaping (Answer) -> Void) {
        if let literal = NetworkAddress(literal: origin.host, port: origin.port) {
            done(.success([literal]))
        } else if let entry = known[origin.host], entry.freshUntil > loop.now {
            done(entry.answer.map { $0.map { $0.with(port: origin.port) } })
        } else {
            lookUp(origin.host) { answer in done(answer.map { $0.map { $0.with(port: origin.port) } }) }
        }
    }

    private func lookUp(_ host: String, _ done: @escaping (Answer) -> Void) {
        if let lookup = lookups[host] {
            guard lookup.isOverdue, let old = usable(host) else {
                guard lookup.waiting.count < limits.waitingMax else {
                    return done(.failure(NameError(description: "too many calls wait for the addresses of \(host)", isOwnShortage: true)))
                }
                lookups[host]?.waiting.append(done)
                return
            }
            onStaleAnswer?()
            return done(old.answer)
        }
        lookups[host] = Lookup(waiting: [done])
        loop.offload({ [ask] in ask(host) }, then: { [weak self] in self?.learned(host, $0) })
        guard usable(host) != nil else { return }
        loop.schedule(after: limits.patience) { [weak self] in self?.waitedEnough(for: host) }
    }

    private func learned(_ host: String, _ answer: Answer) {
        var answer = answer
        switch answer {
        case .success:
            remember(host, Entry(answer: answer, freshUntil: loop.now + limits.age, usableUntil: loop.now + limits.staleAge))
        case .failure:
            if let old = usable(host) {
                answer = old.answer
                remember(host, Entry(answer: answer, freshUntil: loop.now + limits.failureAge, usableUntil: old.usableUntil))
                if lookups[host]?.waiting.isEmpty == false { onStaleAnswer?() }
            } else {
                remember(host, Entry(answer: answer, freshUntil: loop.now + limits.failureAge, usableUntil: loop.now))
            }
        }
        for done in lookups.removeValue(forKey: host)?.waiting ?? [] { done(answer) }
    }

    /// The lookup goes on; whoever has waited for it gets what was known before.
    private func waitedEnough(for host: String) {
        guard let old = usable(host), let calls = lookups[host]?.waiting else { return }
        lookups[host] = Lookup(waiting: [], isOverdue: true)
        if !calls.isEmpty { onStaleAnswer?() }
        for done in calls { done(old.answer) }
    }

    /// Addresses that were right once and not too long ago.
    private func usable(_ host: String) -> Entry? {
        guard let entry = known[host], entry.usableUntil > loop.now, case .success = entry.answer else { return nil }
        return entry
    }

    private func remember(_ host: String, _ entry: Entry) {
        if known.count >= limits.namesMax, known[host] == nil { known = [:] }
        known[host] = entry
    }
}
