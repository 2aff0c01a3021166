internal import Spec

extension Snapshot {
    /// The models to try, in order: by the route's strategy, then its fallback, the unhealthy ones last, no more than
    /// its retries allow. Those of providers that cannot be called are none of them, and neither are those that a
    /// reservation left out.
    ///
    /// Latency, quality, balanced and least-busy are treated as weighted in this version.
    package func route(
        _ claim: Claim, reserved: Reservation? = nil, facts: RouteFacts = RouteFacts(), draw: UInt64
    ) -> [Target] {
        let snapshot = claim.snapshot
        guard let requested = claim.grant.requested else { return [] }
        guard snapshot.graph.isRoute(requested) else {
            return claim.targets.indices.map { snapshot.target(claim, $0, isFallback: false) }.filter(facts.isCallable)
        }
        let route = snapshot.graph.route(requested)
        let open = claim.targets.indices.filter { reserved?.admits($0) ?? true }
        let primary = open.filter { ordinal in route.targets.contains { $0.model == claim.targets[ordinal] } }
        let fallback = open.filter { !primary.contains($0) }
        let all =
            snapshot.ordered(primary, of: route, claim, draw: draw).map { snapshot.target(claim, $0, isFallback: false) }
            + fallback.map { snapshot.target(claim, $0, isFallback: true) }
        let ordered = facts.unavailableProviders.isEmpty ? all : all.filter(facts.isCallable)
        let healthy = ordered.filter { facts.isHealthy($0.model) }
        let unhealthy = healthy.count == ordered.count ? [] : ordered.filter { !facts.isHealthy($0.model) }
        return Array((healthy + unhealthy).prefix(max(1, route.retry.attempts)))
    }

    private func target(_ claim: Claim, _ ordinal: Int, isFallback: Bool) -> Target {
        let model = graph.models[Int(claim.targets[ordinal])]
        return Target(model: model, prices: claim.needs[ordinal].prices, ordinal: ordinal, isFallback: isFallback)
    }

    private func ordered(_ ordinals: [Int], of route: CompiledRoute, _ claim: Claim, draw: UInt64) -> [Int] {
        guard ordinals.count > 1 else { return ordinals }
        switch route.strategy {
        case .priority: return ordinals
        case .cost: return byCost(ordinals, claim)
        case .weighted, .latency, .quality, .balanced, .leastBusy:
            return weighted(ordinals, of: route, claim, draw: draw)
        }
    }

    /// Cheapest first for this request; equally dear ones in the order of the file.
    private func byCost(_ ordinals: [Int], _ claim: Claim) -> [Int] {
        let usage = Usage(input: claim.inputTokens, output: claim.outputCap)
        let costs = ordinals.map { ordinal in
            return (cost: claim.needs[ordinal].prices.map { Pricing.exact(usage, $0) } ?? 0, ordinal: ordinal)
        }
        return costs.sorted { ($0.cost, $0.ordinal) < ($1.cost, $1.ordinal) }.map(\.ordinal)
    }

    /// Draws one after another in proportion to the weights of those left; weightless ones come last, as in the file.
    private func weighted(_ ordinals: [Int], of route: CompiledRoute, _ claim: Claim, draw: UInt64) -> [Int] {
        var left = ordinals.map { ordinal in
            let weight = route.targets.first { $0.model == claim.targets[ordinal] }?.weight ?? 0
            return (ordinal: ordinal, weight: UInt64(min(weight, Self.weightMax)))
        }
        var draw = Draw(draw)
        var order: [Int] = []
        var total = left.reduce(0) { $0 + $1.weight }
        while total > 0 {
            var rest = draw.next(below: total)
            guard let chosen = left.firstIndex(where: { candidate in
                if rest < candidate.weight { return true }
                rest -= candidate.weight
                return false
            }) else { break }
            let candidate = left.remove(at: chosen)
            total -= candidate.weight
            order.append(candidate.ordinal)
        }
        return order + left.map(\.ordinal)
    }

    /// Keeps sums of weights far from the end of numbers.
    private static let weightMax = 1 << 32
}
