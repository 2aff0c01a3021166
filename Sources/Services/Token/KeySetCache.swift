internal import Dispatch
internal import Synchronization

/// Where the keys of an issuer come from.
protocol KeySetSource: Sendable {
    /// Asks the issuer once; `done` is called once, from any thread, within `KeySetCache.patience`.
    func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void)
}

/// The keys of issuers, kept in memory and nowhere else. Callable from any thread; a call blocks only while no key is known for
/// what it asks, and one request to the issuer answers all who wait, of whom there are few.
package final class KeySetCache: Sendable {
    private let source: any KeySetSource
    private let now: @Sendable () -> ContinuousClock.Instant
    /// Calls that wait at once, of one issuer half of them.
    private let waitersMax: Int
    private let state = Mutex(State())

    private struct State {
        var issuers: [String: Known] = [:]
        /// How many wait for each issuer.
        var waiters: [String: Int] = [:]
    }

    private struct Known {
        var set: KeySet?
        var fetched: ContinuousClock.Instant?
        /// When it was asked last, or that ended: an issuer that lets every request run out is asked no more often.
        var tried: ContinuousClock.Instant?
        /// Of those who wait for the request that is under way.
        var waiting: DispatchGroup?
        var problem: TokenProblem?
    }

    /// How old keys become before they are asked for again, while they serve on.
    static let refreshAge = Duration.seconds(600)
    /// How long keys serve while their issuer does not answer: a key that was withdrawn is good for no longer.
    static let ageMax = Duration.seconds(3600)
    /// Tokens with made-up key ids have an issuer asked no more often.
    static let pause = Duration.seconds(60)
    /// The same while no keys are known, when nobody can sign in.
    static let pauseWithoutKeys = Duration.seconds(5)
    /// How long somebody waits for an issuer.
    static let patience = Duration.seconds(15)
    /// Declarations name fewer; beyond, those are forgotten that were asked for longest ago.
    static let issuersMax = 256

    /// Of `waitersMax` calls that wait, at least one per issuer: whoever comes beyond is refused at once, and the issuer asked all the same.
    init(
        _ source: any KeySetSource, waitersMax: Int = waitersUsual, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.source = source
        self.waitersMax = waitersMax
        self.now = now
    }

    static let waitersUsual = 8

    /// The keys of an issuer, among them one with this id if the issuer has it. Throws `IdentityRefusal` where none are known.
    func keys(of issuer: String, holding id: String?) throws -> KeySet {
        let (decision, request) = state.withLock { decide(&$0, issuer, id) }
        if let request { fetch(issuer, request) }
        switch decision {
        case .known(let set): return set
        case .wait(let group): return try result(of: group, issuer)
        case .crowded: throw IdentityRefusal("the keys of \(issuer) are being asked for, and enough calls wait for them", .unavailable)
        case .nothing(let problem): throw Self.refusal(issuer, problem)
        }
    }

    private enum Decision {
        case known(KeySet)
        case wait(DispatchGroup)
        /// The keys are asked for, and nobody else may wait for them.
        case crowded
        case nothing(TokenProblem?)
    }

    /// With the group of a request that is to be begun now.
    private func decide(_ state: inout State, _ issuer: String, _ id: String?) -> (Decision, request: DispatchGroup?) {
        var known = state.issuers[issuer] ?? Known()
        let moment = now()
        let age = known.fetched.map { moment - $0 }
        let set = age.map { $0 < Self.ageMax } ?? false ? known.set : nil
        let pause = set == nil ? Self.pauseWithoutKeys : Self.pause
        let mayAsk = known.waiting == nil && (known.tried.map { moment - $0 >= pause } ?? true)
        let isDue = age.map { $0 >= Self.refreshAge } ?? true
        if let set, set.has(id), !(isDue && mayAsk) { return (.known(set), nil) }
        if let group = known.waiting { return (join(&state, issuer, group), nil) }
        guard mayAsk else { return (set.map { .known($0) } ?? .nothing(known.problem), nil) }
        let group = DispatchGroup()
        group.enter()
        known.waiting = group
        known.tried = moment
        if state.issuers[issuer] == nil { makeRoom(&state.issuers) }
        state.issuers[issuer] = known
        if let set, set.has(id) { return (.known(set), group) }
        return (join(&state, issuer, group), group)
    }

    /// A place among those who wait, who hold what else would serve others.
    private func join(_ state: inout State, _ issuer: String, _ group: DispatchGroup) -> Decision {
        let own = state.waiters[issuer, default: 0]
        guard own < max(1, waitersMax / 2), state.waiters.values.reduce(0, +) < waitersMax else { return .crowded }
        state.waiters[issuer] = own + 1
        return .wait(group)
    }

    private func leave(_ issuer: String) {
        state.withLock { state in
            let left = state.waiters[issuer, default: 1] - 1
            state.waiters[issuer] = left == 0 ? nil : left
        }
    }

    private func makeRoom(_ issuers: inout [String: Known]) {
        guard issuers.count >= Self.issuersMax else { return }
        let idle = issuers.filter { $0.value.waiting == nil }
        let oldest = idle.min { a, b in (a.value.tried ?? now()) < (b.value.tried ?? now()) }
        if let oldest { issuers[oldest.key] = nil }
    }

    private func fetch(_ issuer: String, _ group: DispatchGroup) {
        source.fetch(issuer) { [self] result in
            let moment = now()
            state.withLock { state in
                guard var known = state.issuers[issuer] else { return }
                known.waiting = nil
                known.tried = moment
                switch result {
                case .success(let set): (known.set, known.fetched, known.problem) = (set, moment, nil)
                case .failure(let problem): known.problem = problem
                }
                state.issuers[issuer] = known
            }
            group.leave()
        }
    }

    private func result(of group: DispatchGroup, _ issuer: String) throws -> KeySet {
        defer { leave(issuer) }
        _ = group.wait(timeout: .now() + .seconds(Int(Self.patience.components.seconds)))
        let known = state.withLock { $0.issuers[issuer] }
        guard let set = known?.set, let fetched = known?.fetched, now() - fetched < Self.ageMax else {
            throw Self.refusal(issuer, known?.problem)
        }
        return set
    }

    private static func refusal(_ issuer: String, _ problem: TokenProblem?) -> IdentityRefusal {
        IdentityRefusal("the keys of \(issuer) are not known: \(problem?.description ?? "it has not answered yet")", .unavailable)
    }
}

extension KeySetCache {
    /// Calls that wait for an issuer now.
    var waiting: Int { state.withLock { $0.waiters.values.reduce(0, +) } }

    /// How old the keys of each issuer are that was asked; without an age where none are known.
    var ages: [(issuer: String, age: Duration?)] {
        let moment = now()
        return state.withLock { state in
            state.issuers.map { issuer, known in (issuer, known.set == nil ? nil : known.fetched.map { moment - $0 }) }
        }.sorted { $0.issuer < $1.issuer }
    }
}
