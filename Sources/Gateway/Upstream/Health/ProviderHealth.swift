internal import HTTP
internal import Policy
internal import Spec
internal import Synchronization

/// What is known of one provider's health: by its answers to requests, and to questions asked for that purpose. All loops
/// share it; it outlives revisions.
package final class ProviderHealth: Sendable {
    let name: String
    /// Whom it is about: another address is another server.
    private let baseURL: String
    /// Present where failures of requests take the provider out.
    let ejection: FailureBreaker?
    private let checks: CheckResult.Terms?
    private let checked = Mutex(CheckResult())
    private let isIll = Atomic<Bool>(false)
    private let loggedAt = Atomic<Int64>(.min)
    private let notLogged = Atomic<Int>(0)

    init(_ name: String, _ spec: Provider) {
        let health = spec.health
        self.name = name
        baseURL = spec.baseURL
        ejection = health.ejection.map { FailureBreaker(.init($0)) }
        checks = health.path.map { _ in .init(unhealthyAfter: health.unhealthyAfter, healthyAfter: health.healthyAfter) }
    }

    /// Whether it is about the provider as it is declared now, so that it can go on under the next revision.
    func fits(_ name: String, _ spec: Provider) -> Bool {
        let other = ProviderHealth(name, spec)
        return self.name == name && baseURL == other.baseURL && ejection?.terms == other.ejection?.terms && checks == other.checks
    }

    /// Whether a request may come to it in its usual place.
    func admits(now: Int64) -> Bool {
        if isIll.load(ordering: .relaxed) { return false }
        return ejection?.admits(now: now) ?? true
    }

    /// Whether it would be asked like any other.
    func isWell(now: Int64) -> Bool {
        !isIll.load(ordering: .relaxed) && ejection.map { $0.standing(now: now) == .closed } ?? true
    }

    /// Takes the answer to a question; a change of mind when that is the one that counted.
    func checked(_ isGood: Bool, reason: String) -> CheckResult.Change? {
        guard let checks else { return nil }
        return checked.withLock { result in
            let change = result.take(isGood, reason, checks)
            isIll.store(result.isIll, ordering: .relaxed)
            return change
        }
    }

    var checkResult: CheckResult { checked.withLock { $0 } }

    /// Whether a failure may be logged, and how many were not since the last that was; nil where it may not.
    func mayLog(now: Int64) -> Int? {
        let last = loggedAt.load(ordering: .relaxed)
        guard last == .min || now - last >= Self.logInterval,
            loggedAt.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged
        else {
            notLogged.add(1, ordering: .relaxed)
            return nil
        }
        return notLogged.exchange(0, ordering: .relaxed)
    }

    /// Nanoseconds between two lines of one provider: an outage is no reason to fill a disk.
    private static let logInterval: Int64 = 5_000_000_000

    /// Why it is not asked like any other, for people; nil when it is.
    func trouble(now: Int64) -> String? {
        let result = checkResult
        if result.isIll { return "ill: \(result.reason)" }
        switch ejection?.standing(now: now) {
        case .open(let left): return "left out after failures, for \((left + 999_999_999) / 1_000_000_000) s more"
        case .halfOpen: return "being tried again after failures"
        case .closed, nil: return nil
        }
    }
}

extension FailureBreaker.Terms {
    init(_ ejection: Provider.Ejection) {
        self.init(
            failures: ejection.failures, within: ejection.within.inNanoseconds, pause: ejection.pause.inNanoseconds)
    }
}

extension FailureBreaker.Terms {
    init(_ breaker: RoutingPolicy.Breaker) {
        self.init(failures: breaker.failures, within: breaker.within.inNanoseconds, pause: breaker.pause.inNanoseconds)
    }
}

/// What the answers to questions about a provider's health come to.
struct CheckResult: Sendable {
    struct Terms: Hashable, Sendable {
        var unhealthyAfter: Int
        var healthyAfter: Int
    }

    enum Change { case fell, recovered }

    private(set) var isIll = false
    /// Of the last bad answer.
    private(set) var reason = ""
    private(set) var good = 0
    private(set) var bad = 0
    private var row = 0

    /// Counts those in a row that speak against what is believed.
    mutating func take(_ isGood: Bool, _ reason: String, _ terms: Terms) -> Change? {
        if isGood { good += 1 } else { bad += 1 }
        if !isGood { self.reason = reason }
        guard isGood == isIll else {
            row = 0
            return nil
        }
        row += 1
        guard row >= (isIll ? terms.healthyAfter : terms.unhealthyAfter) else { return nil }
        row = 0
        isIll.toggle()
        return isIll ? .fell : .recovered
    }
}
