internal import HTTP
internal import Policy
internal import Spec

/// The answers of `/v1/ml/route` and `/v1/ml/route/batch`.
struct RoutingAnswer {
    private let found: [Recommendation]
    private let ids: [String]
    private let tier: String?
    private let remaining: Int64?
    private let identity: AnswerIdentity
    private let started: Int64

    private static let alternativesMax = 3

    /// `started`: nanoseconds of the monotonic clock.
    init(
        _ found: [Recommendation], ids: [String], tier: String?, remaining: Int64?, _ identity: AnswerIdentity, since started: Int64
    ) {
        self.found = found
        self.ids = ids
        self.tier = tier
        self.remaining = remaining
        self.identity = identity
        self.started = started
    }

    /// Throws where no model fits.
    var single: [UInt8] {
        get throws(AnswerError) {
            guard let only = found.first, only.best != nil else {
                throw AnswerError(.noModelFits, found.first?.sentenceOfNone ?? "")
            }
            return body { writer in
                writer.recommendation(only, id: identity.decision ?? "")
                writer.alternatives(only, most: Self.alternativesMax)
                writer.member("timestamp", identity.at.rfc3339)
            }
        }
    }

    /// A request for which no model fits is told so in its place.
    var batch: [UInt8] {
        body { writer in
            writer.member("batchId", "batch_\(identity.decision ?? "")")
            writer.name("responses")
            writer.beginArray()
            for (recommendation, id) in zip(found, ids) {
                writer.beginObject()
                writer.recommendation(recommendation, id: id)
                writer.endObject()
            }
            writer.endArray()
            writer.metrics(found, milliseconds: milliseconds)
        }
    }

    private func body(_ data: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.member("success", true)
        writer.name("data")
        writer.beginObject()
        data(&writer)
        writer.endObject()
        writer.name("meta")
        writer.beginObject()
        if let tier { writer.member("tier", tier.uppercased()) }
        if let remaining { writer.member("remainingRequests", max(0, remaining)) }
        writer.member("processingTime", milliseconds)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    private var milliseconds: Int64 { (WallClock.monotonicNanoseconds - started) / 1_000_000 }
}

extension EnforcedState {
    /// What is known of how models serve. Nanoseconds of the monotonic clock.
    func serviceFacts(of models: [ModelEntry], now: Int64) -> ServiceFacts {
        var facts = ServiceFacts(unavailableProviders: unavailableProviders)
        for model in models {
            facts.latencies[model.index] = self.models[model.index].latency
            if !admits(model, route: nil, now: now) { facts.unhealthyModels.insert(model.index) }
        }
        return facts
    }
}

extension JSONWriter {
    fileprivate mutating func recommendation(_ recommendation: Recommendation, id: String) {
        member("requestId", "req_\(id)")
        guard let best = recommendation.best else {
            name("error")
            beginObject()
            member("code", "VALIDATION_ERROR")
            member("message", recommendation.sentenceOfNone)
            endObject()
            member("optimizationType", recommendation.objective.rawValue)
            return
        }
        candidate(best)
        name("confidence")
        hundredths(recommendation.confidence)
        member("reasoning", recommendation.reasoning)
        member("optimizationType", recommendation.objective.rawValue)
    }

    fileprivate mutating func alternatives(_ recommendation: Recommendation, most: Int) {
        name("alternatives")
        beginArray()
        for candidate in recommendation.ranked.dropFirst().prefix(most) {
            beginObject()
            self.candidate(candidate)
            member("reasoning", recommendation.best.map(candidate.comparison) ?? "")
            endObject()
        }
        endArray()
        name("excluded")
        beginArray()
        for (model, objection) in recommendation.excluded {
            beginObject()
            member("provider", model.provider.name.uppercased())
            member("model", model.name)
            member("reasoning", objection.words)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func metrics(_ found: [Recommendation], milliseconds: Int64) {
        let best = found.compactMap(\.best)
        let latencies = best.compactMap(\.latency).map(\.roundedMilliseconds)
        name("batchMetrics")
        beginObject()
        name("totalEstimatedCost")
        raw(best.compactMap(\.cost).reduce(NanoUSD.zero) { NanoUSD(Int64(clamping: Int128($0.rawValue) + Int128($1.rawValue))) }.dollars)
        name("avgEstimatedLatency")
        if latencies.isEmpty { null() } else { int(latencies.reduce(0, +) / Int64(latencies.count)) }
        name("providerDistribution")
        beginObject()
        let counts = Dictionary(best.map { ($0.model.provider.name.uppercased(), 1) }, uniquingKeysWith: +)
        for (provider, count) in counts.sorted(by: { $0.key < $1.key }) { member(provider, count) }
        endObject()
        member("processingTime", milliseconds)
        endObject()
    }

    private mutating func candidate(_ candidate: Recommendation.Candidate) {
        member("provider", candidate.model.provider.name.uppercased())
        member("model", candidate.model.name)
        // What a request of a model has to say, whoever else has one of that name.
        member("id", candidate.model.qualifiedName)
        name("estimatedCost")
        if let cost = candidate.cost { raw(cost.dollars) } else { null() }
        name("estimatedLatency")
        if let latency = candidate.latency { int(latency.roundedMilliseconds) } else { null() }
    }

    private mutating func hundredths(_ share: Double) { double((share * 100).rounded() / 100) }
}
