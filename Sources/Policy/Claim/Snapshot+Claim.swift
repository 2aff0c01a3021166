package import Spec

extension Snapshot {
    /// Collects the limits and budgets that a request falls under and what it asks of each.
    ///
    /// Refuses what no waiting could admit: an input longer than every context, a request larger than a token limit,
    /// models without prices under a budget in money.
    package func claim(_ grant: Grant, _ facts: RequestFacts, now: Instant) -> Result<Claim, Refusal> {
        let snapshot = grant.caller.snapshot
        let bounds = snapshot.bounds(of: grant)
        return snapshot.needs(of: grant, facts, bounds: bounds, now: now).flatMap { needs in
            var demands: [Demand] = []
            demands.reserveCapacity(bounds.count)
            for index in bounds {
                guard let demand = snapshot.demand(on: index, of: grant, needs: needs) else { continue }
                if let refusal = snapshot.refusalForever(of: demand, needs: needs, facts) { return .failure(refusal) }
                demands.append(demand)
            }
            return .success(Claim(grant: grant, now: now, needs: needs, demands: demands))
        }
    }

    private func bounds(of grant: Grant) -> ArraySlice<Int32> {
        let range = grant.caller.compiled.bounds
        return graph.boundLists[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// What each permitted model needs, without those that cannot serve the request.
    private func needs(
        of grant: Grant, _ facts: RequestFacts, bounds: ArraySlice<Int32>, now: Instant
    ) -> Result<[Need], Refusal> {
        guard let requested = grant.requested else { return .success([]) }
        if graph.isRoute(requested),
            let refusal = objection(ofSuspensions: graph.route(requested).suspensions, now: now)
        {
            return .failure(refusal)
        }
        var needs: [Need] = []
        needs.reserveCapacity(grant.targets.count)
        var refusal: Refusal?
        for index in grant.targets {
            let model = graph.models[Int(index)]
            if let objection = objection(ofSuspensions: model.suspensions, now: now) {
                refusal = refusal ?? objection
                continue
            }
            guard let need = Need(model, facts, prices: model.prices(at: now)) else {
                refusal = refusal ?? tooLong(model)
                continue
            }
            if need.money == nil, isUnderMoneyBudget(index, as: requested, bounds) {
                refusal = refusal ?? unpriced(model)
                continue
            }
            needs.append(need)
        }
        if needs.isEmpty, let refusal { return .failure(refusal) }
        return .success(needs)
    }

    private func isUnderMoneyBudget(_ model: Int32, as requested: NameEntry, _ bounds: ArraySlice<Int32>) -> Bool {
        bounds.contains { index in
            let bound = graph.bounds[Int(index)]
            return bound.quantity == .money && bound.isBudget && isAbout(bound, model, as: requested)
        }
    }

    private func isAbout(_ bound: Bound, _ model: Int32, as requested: NameEntry) -> Bool {
        bound.pattern < 0 || graph.patterns.matches(bound.pattern, model)
            || graph.patterns.matches(bound.pattern, requested.index)
    }

    private func demand(on index: Int32, of grant: Grant, needs: [Need]) -> Demand? {
        let bound = graph.bounds[Int(index)]
        guard let served = served(bound, grant, needs) else { return nil }
        var tokens: Int64 = 0
        var money: Int64 = 0
        for (position, need) in needs.enumerated() where served & Self.bit(position) != 0 {
            tokens = max(tokens, need.tokens)
            money = max(money, need.money ?? 0)
        }
        let ask =
            switch bound.quantity {
            case .requests, .concurrent: Int64(1)
            case .tokens: tokens
            case .money: money
            }
        var cell = bound.cell
        if bound.perModel, let requested = grant.requested { cell.model = StableHash.of(graph.name(of: requested)) }
        return Demand(cell: cell, bound: index, ask: ask, served: served)
    }

    /// Nil where no model that may serve the request falls under the bound.
    private func served(_ bound: Bound, _ grant: Grant, _ needs: [Need]) -> UInt64? {
        guard bound.pattern >= 0, let requested = grant.requested else {
            return bound.pattern < 0 ? Demand.servedByAny : nil
        }
        var mask: UInt64 = 0
        for (position, need) in needs.enumerated() where isAbout(bound, need.model, as: requested) {
            mask |= Self.bit(position)
        }
        return mask == 0 ? nil : mask
    }

    /// Targets beyond the last bit share it.
    static func bit(_ position: Int) -> UInt64 { 1 << UInt64(min(position, 63)) }
}

/// Refusals that no waiting ends.
extension Snapshot {
    private func refusalForever(of demand: Demand, needs: [Need], _ facts: RequestFacts) -> Refusal? {
        let bound = graph.bounds[Int(demand.bound)]
        guard bound.quantity == .tokens, !bound.isBudget, demand.ask > bound.amount else { return nil }
        let input = needs.map(\.input).max() ?? 0
        let room = (bound.amount - input) / max(1, Int64(facts.choices) * Int64(facts.inputs))
        let advice = room > 0 ? "ask for at most \(room) output tokens" : "shorten the input"
        return Refusal(
            .contextLengthExceeded,
            "the request may need \(demand.ask) tokens and a limit allows \(bound.amount); \(advice)",
            rule: rule(bound.rule), param: room > 0 ? "max_tokens" : nil)
    }

    private func tooLong(_ model: ModelEntry) -> Refusal {
        Refusal(
            .contextLengthExceeded,
            "the input is longer than the \(model.context ?? 0) tokens that `\(model.qualifiedName)` can hold",
            rule: graph.register.rule(model.catalog, field: model.pointer("/context")))
    }

    private func unpriced(_ model: ModelEntry) -> Refusal {
        Refusal(
            .modelUnpriced,
            "`\(model.qualifiedName)` has no price, and the API key spends from a budget in money",
            rule: graph.register.rule(model.catalog, field: model.pointer()), param: "model")
    }
}

extension Claim {
    fileprivate init(grant: Grant, now: Instant, needs: [Need], demands: [Demand]) {
        self.grant = grant
        self.now = now
        self.demands = demands
        targets = needs.map(\.model)
        inputTokens = needs.reduce(0) { max($0, $1.input) }
        outputCap = needs.reduce(0) { max($0, $1.outputCap) }
        output = needs.reduce(0) { max($0, $1.output) }
        outputIsAssumed = needs.contains(where: \.outputIsAssumed)
        hold = NanoUSD(needs.reduce(0) { max($0, $1.money ?? 0) })
    }
}
