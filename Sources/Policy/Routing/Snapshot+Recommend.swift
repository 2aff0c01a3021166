package import Spec

extension Snapshot {
    /// The models that a key may chat with, for any number of questions of `recommendation`.
    package func chatModels(for caller: Caller) -> [ModelEntry] {
        guard caller.snapshot === self else {
            return (try? authenticate(caller.digest, now: caller.now).get()).map { self.chatModels(for: $0) } ?? []
        }
        let key = caller.compiled
        return graph.models.filter { model in
            guard model.isForChat else { return false }
            let entry = NameEntry(index: Int32(model.index))
            return objection(to: entry.index, as: entry, key: key, endpoint: .chatCompletions) == nil
        }
    }

    /// Which of `models` a chat is best sent to. Asks nothing of any counter, and is no promise of admission.
    ///
    /// `burden` says how often each provider was chosen already for requests that belong together, by index.
    package func recommendation(
        among models: [ModelEntry], _ facts: RequestFacts, _ wish: RoutingWish, service: ServiceFacts, burden: [Int: Int] = [:],
        now: Instant
    ) -> Recommendation {
        var fitting: [Prospect] = []
        var excluded: [(model: ModelEntry, objection: Recommendation.Objection)] = []
        for model in models {
            switch prospect(model, facts, wish, service, now: now) {
            case .success(let prospect): fitting.append(prospect)
            case .failure(let objection): excluded.append((model, objection.objection))
            }
        }
        let scale = Scale(fitting)
        let objective = wish.objective ?? .balanced
        let ranked = fitting.map { prospect in
            let isPreferred = wish.preferredProviders.contains(prospect.model.provider.name)
            let chosen = burden[prospect.model.provider.index] ?? 0
            return scale.candidate(prospect, objective, bonus: (isPreferred ? Self.preference : 0) - Double(chosen) * Self.burdenOfOne)
        }.sorted { ($1.score, $0.model.qualifiedName) < ($0.score, $1.model.qualifiedName) }
        return Recommendation(objective: objective, ranked: ranked, excluded: excluded)
    }

    private func prospect(
        _ model: ModelEntry, _ facts: RequestFacts, _ wish: RoutingWish, _ service: ServiceFacts, now: Instant
    ) -> Result<Prospect, Unfit> {
        func unfit(_ objection: Recommendation.Objection) -> Result<Prospect, Unfit> { .failure(Unfit(objection: objection)) }
        if wish.excludedProviders.contains(model.provider.name) { return unfit(.providerExcluded) }
        if service.unavailableProviders.contains(model.provider.index) { return unfit(.providerUnavailable) }
        if objection(ofSuspensions: model.suspensions, now: now) != nil { return unfit(.suspended) }
        let prices = model.prices(at: now, for: facts.endpoint)
        guard let need = Need(model, facts, prices: prices) else { return unfit(.inputTooLong) }
        let usage = Usage(input: need.input, output: min(need.outputCap, TokenPolicy.outputUsual) * Int64(max(1, facts.choices)))
        let cost = prices.map { Pricing.cost(usage, $0) }
        if let most = wish.costMax, cost.map({ $0.rawValue > most.rawValue }) ?? true { return unfit(.costs(cost)) }
        if let least = wish.qualityMin, model.qualityShare.map({ $0 < least }) ?? true { return unfit(.quality(model.qualityShare)) }
        let latency = service.latencies[model.index]
        if let most = wish.latencyMax, let latency, latency > most { return unfit(.takes(latency)) }
        return .success(
            Prospect(model: model, cost: cost, latency: latency, isHealthy: !service.unhealthyModels.contains(model.index)))
    }

    /// A provider that is asked for wins over one that is a little better.
    private static let preference = 0.1
    /// Equally good providers take turns.
    private static let burdenOfOne = 0.05
}

private struct Unfit: Error {
    let objection: Recommendation.Objection
}

/// A model that fits.
private struct Prospect {
    let model: ModelEntry
    let cost: NanoUSD?
    let latency: Duration?
    let isHealthy: Bool
}

/// What is best among the models that fit, against which each of them is held.
private struct Scale {
    let cost: Double?
    let latency: Double?

    init(_ prospects: [Prospect]) {
        cost = prospects.compactMap { $0.cost.map(Self.number) }.min()
        latency = prospects.compactMap { $0.latency.map(Self.number) }.min()
    }

    func candidate(_ prospect: Prospect, _ objective: RoutingWish.Objective, bonus: Double) -> Recommendation.Candidate {
        let grades: [(weight: Double, grade: Double?)] = [
            (objective.weights.cost, Self.share(cost, prospect.cost.map(Self.number))),
            (objective.weights.speed, Self.share(latency, prospect.latency.map(Self.number))),
            (objective.weights.quality, prospect.model.qualityShare),
        ]
        let score = grades.reduce(bonus) { $0 + $1.weight * ($1.grade ?? Self.gradeOfUnknown) }
        let known = grades.reduce(0.0) { $0 + ($1.grade == nil ? 0 : $1.weight) }
        return Recommendation.Candidate(
            model: prospect.model, cost: prospect.cost, latency: prospect.latency, isHealthy: prospect.isHealthy,
            score: prospect.isHealthy ? score : score * Self.shareOfUnhealthy, knownShare: known)
    }

    /// 1 for the best, half for what is twice as dear or slow; one more, so that what is free is compared too.
    private static func share(_ best: Double?, _ own: Double?) -> Double? {
        guard let best, let own else { return nil }
        return (best + 1) / (own + 1)
    }

    private static func number(_ cost: NanoUSD) -> Double { Double(cost.rawValue) }
    private static func number(_ duration: Duration) -> Double { Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15 }

    /// Neither for nor against.
    private static let gradeOfUnknown = 0.5
    /// One that fails at present is only for want of others.
    private static let shareOfUnhealthy = 0.25
}

extension RoutingWish.Objective {
    /// Of cost, speed and quality, 1 together; what is not asked for decides between equals.
    fileprivate var weights: (cost: Double, speed: Double, quality: Double) {
        switch self {
        case .cost: (0.8, 0.1, 0.1)
        case .speed: (0.1, 0.8, 0.1)
        case .quality: (0.1, 0.1, 0.8)
        case .balanced: (1.0 / 3, 1.0 / 3, 1.0 / 3)
        }
    }
}

extension ModelEntry {
    /// From 0 to 1; nil where nobody has judged it.
    fileprivate var qualityShare: Double? { quality.map { Double($0.hundredths) / 10_000 } }
}
