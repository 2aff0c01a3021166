internal import Dispatch
internal import Synchronization

/// Where the keys of an issuer come from.
protocol KeySetSource: Sendable {
    /// Asks the issuer once; `done` is called once, from any thread, within `KeySetCache.patience`.
    func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void)
}

/// The keys of issuers, kept in memory and nowhere else. Callable from any thread; a call blocks only while no key is known for
/// what it asks, and one request to the issuer answers all who wait.
package final class KeySetCache: Sendable {
    private let source: any KeySetSource
    private let now: @Sendable () -> ContinuousClock.Instant
    private let issuers = Mutex<[String: Known]>([:])

    private struct Known {
        var set: KeySet?
        var fetched: ContinuousClock.Instant?
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

    init(_ source: any KeySetSource, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.source = source
        self.now = now
    }

    /// The keys of an issuer, among them one with this id if the issuer has it. Throws `IdentityRefusal` where none are known.
    func keys(of issuer: String, holding id: String?) throws -> KeySet {
        switch issuers.withLock({ decide(&$0, issuer, id) }) {
        case .known(let set): return set
        case .refresh(let set, let group):
            fetch(issuer, group)
            return set
        case .fetch(let group):
            fetch(issuer, group)
            return try result(of: group, issuer)
        case .wait(let group): return try result(of: group, issuer)
        case .nothing(let problem): throw Self.refusal(issuer, problem)
        }
    }

    private enum Decision {
        case known(KeySet)
        case refresh(KeySet, DispatchGroup)
        case fetch(DispatchGroup)
        case wait(DispatchGroup)
        case nothing(TokenProblem?)
    }

    private func decide(_ issuers: inout [String: Known], _ issuer: String, _ id: String?) -> Decision {
        var known = issuers[issuer] ?? Known()
        let moment = now()
        let age = known.fetched.map { moment - $0 }
        let set = age.map { $0 < Self.ageMax } ?? false ? known.set : nil
        let pause = set == nil ? Self.pauseWithoutKeys : Self.pause
        let mayAsk = known.waiting == nil && (known.tried.map { moment - $0 >= pause } ?? true)
        let isDue = age.map { $0 >= Self.refreshAge } ?? true
        if let set, set.has(id), !(isDue && mayAsk) { return .known(set) }
        if let group = known.waiting { return .wait(group) }
        guard mayAsk else { return set.map { .known($0) } ?? .nothing(known.problem) }
        let group = DispatchGroup()
        group.enter()
        known.waiting = group
        known.tried = moment
        if issuers[issuer] == nil { makeRoom(&issuers) }
        issuers[issuer] = known
        if let set, set.has(id) { return .refresh(set, group) }
        return .fetch(group)
    }

    private func makeRoom(_ issuers: inout [String: Known]) {
        guard issuers.count >= Self.issuersMax else { return }
        let idle = issuers.filter { $0.value.waiting == nil }
        let oldest = idle.min { a, b in (a.value.tried ?? now()) < (b.value.tried ?? now()) }
        if let oldest { issuers[oldest.key] = nil }
    }

    private func fetch(_ issuer: String, _ group: DispatchGroup) {
        source.fetch(issuer) { [self] result in
            issuers.withLock { issuers in
                issuers[issuer]?.waiting = nil
                switch result {
                case .success(let set):
                    issuers[issuer]?.set = set
                    issuers[issuer]?.fetched = now()
                    issuers[issuer]?.problem = nil
                case .failure(let problem): issuers[issuer]?.problem = problem
                }
            }
            group.leave()
        }
    }

    private func result(of group: DispatchGroup, _ issuer: String) throws -> KeySet {
        _ = group.wait(timeout: .now() + .seconds(Int(Self.patience.components.seconds)))
        let known = issuers.withLock { $0[issuer] }
        guard let set = known?.set, let fetched = known?.fetched, now() - fetched < Self.ageMax else {
            throw Self.refusal(issuer, known?.problem)
        }
        return set
    }

    private static func refusal(_ issuer: String, _ problem: TokenProblem?) -> IdentityRefusal {
        IdentityRefusal("the keys of \(issuer) are not known: \(problem?.description ?? "it has not answered yet")", .unavailable)
    }
}
