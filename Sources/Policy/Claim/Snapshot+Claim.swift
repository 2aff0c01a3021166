package import Spec

extension Snapshot {
    /// Collects the limits and budgets that a request falls under and what it asks of each.
    ///
    /// Refuses what no waiting could admit: an input longer than every context or than the key may send, a request larger
    /// than a token limit, models without prices under a budget in money.
    package func claim(_ grant: Grant, _ facts: RequestFacts, now: Instant) -> Result<Claim, Refusal> {
        let snapshot = grant.caller.snapshot
        let bounds = snapshot.bounds(of: grant)
        var facts = facts
        let outputMax = snapshot.outputMax(of: grant, facts)
        if let outputMax {
            guard outputMax > 0 else { return .failure(snapshot.tooManyAnswers(grant)) }
            facts.maxOutput = outputMax
        }
        return snapshot.needs(of: grant, facts, bounds: bounds, now: now).flatMap { needs in
            if let refusal = snapshot.objectionOfInput(grant, needs) { return .failure(refusal) }
            return snapshot.demands(of: grant, facts, needs, bounds).map { needs, demands in
                Claim(grant: grant, now: now, endpoint: facts.endpoint, needs: needs, demands: demands, outputMax: outputMax)
            }
        }
    }

    /// What is asked of each bound, and the targets that no limit of tokens is for ever too small for.
    private func demands(
        of grant: Grant, _ facts: RequestFacts, _ needs: [Need], _ bounds: ArraySlice<Int32>
    ) -> Result<([Need], [Demand]), Refusal> {
        var demands: [Demand] = []
        demands.reserveCapacity(bounds.count)
        for index in bounds {
            guard let demand = demand(on: index, of: grant, needs: needs) else { continue }
            if isForever(demand) {
                let fitting = needs.filter { $0.tokens <= graph.bounds[Int(index)].amount }
                guard !fitting.isEmpty else { return .failure(refusalForever(of: demand, needs: needs, facts)) }
                return self.demands(of: grant, facts, fitting, bounds)
            }
            demands.append(demand)
        }
        return .success((needs, demands))
    }

    /// The key's bound, shared out among the answers, where the request does not keep it by itself.
    private func outputMax(of grant: Grant, _ facts: RequestFacts) -> Int64? {
        let most = grant.caller.compiled.outputMax
        guard most < .max, facts.endpoint.writesText, grant.requested != nil else { return nil }
        let each = most / max(1, Int64(facts.choices) * Int64(facts.inputs))
        return facts.maxOutput.map { $0 > each } ?? true ? each : nil
    }

    /// What a question counts that asks no model and is booked nowhere: one request of each limit that nothing but requests of the
    /// last hour are counted against. What the ledger sums up is left alone.
    package func claim(toAsk grant: Grant, now: Instant) -> Claim {
        let snapshot = grant.caller.snapshot
        let demands = snapshot.bounds(of: grant).compactMap { index -> Demand? in
            let bound = snapshot.graph.bounds[Int(index)]
            guard case .ring = bound.counting, bound.quantity == .requests, !bound.isBudget, !bound.perModel else { return nil }
            return snapshot.demand(on: index, of: grant, needs: [])
        }
        return Claim(grant: grant, now: now, endpoint: grant.endpoint, needs: [], demands: demands, outputMax: nil)
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
            guard let need = Need(model, facts, prices: prices(of: model, for: grant, facts.endpoint, now: now)) else {
                refusal = refusal ?? tooLong(model)
                continue
            }
            if need.prices == nil, let objection = objectionOfPrice(model, as: requested, grant, bounds) {
                refusal = refusal ?? objection
                continue
            }
            needs.append(need)
        }
        if needs.isEmpty, let refusal { return .failure(refusal) }
        return .success(needs)
    }

    private func prices(of model: ModelEntry, for grant: Grant, _ endpoint: Endpoint, now: Instant) -> PriceList? {
        if let prices = model.prices(at: now, for: endpoint) { return prices }
        guard case .pricedAs(let other) = graph.orgs[Int(grant.caller.compiled.org)].unknownPrice else { return nil }
        return graph.models[Int(other)].prices(at: now, for: endpoint)
    }

    private func objectionOfPrice(
        _ model: ModelEntry, as requested: NameEntry, _ grant: Grant, _ bounds: ArraySlice<Int32>
    ) -> Refusal? {
        let org = graph.orgs[Int(grant.caller.compiled.org)]
        switch org.unknownPrice {
        case .allow: return nil
        case .deny:
            return Refusal(
                .modelUnpriced, "`\(model.qualifiedName)` has no price, and the organization uses no such model",
                rule: rule(RuleReference(resource: org.resource, field: .unknownPrice)), param: "model")
        case .standard, .pricedAs:
            return isUnderMoneyBudget(Int32(model.index), as: requested, bounds) ? unpriced(model) : nil
        }
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
        for (position, need) in needs.enumerated() where served.contains(position) {
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
    private func served(_ bound: Bound, _ grant: Grant, _ needs: [Need]) -> TargetSet? {
        guard bound.pattern >= 0, let requested = grant.requested else { return bound.pattern < 0 ? .all : nil }
        var targets = TargetSet.none
        for (position, need) in needs.enumerated() where isAbout(bound, need.model, as: requested) {
            targets.insert(position)
        }
        return targets.isEmpty ? nil : targets
    }
}

/// Refusals that no waiting ends.
extension Snapshot {
    private func isForever(_ demand: Demand) -> Bool {
        let bound = graph.bounds[Int(demand.bound)]
        return bound.quantity == .tokens && !bound.isBudget && demand.ask > bound.amount
    }

    /// By what the target needs that comes first in the file.
    private func refusalForever(of demand: Demand, needs: [Need], _ facts: RequestFacts) -> Refusal {
        let bound = graph.bounds[Int(demand.bound)]
        let (input, ask) = (needs.first?.input ?? 0, needs.first?.tokens ?? demand.ask)
        let room = !facts.endpoint.writesText ? 0 : (bound.amount - input) / max(1, Int64(facts.choices) * Int64(facts.inputs))
        let advice = room > 0 ? "ask for at most \(room) output tokens" : facts.endpoint.isMetered ? "ask for less" : "shorten the input"
        return Refusal(
            .contextLengthExceeded,
            "the request may need \(ask) tokens and a limit allows \(bound.amount); \(advice)",
            rule: rule(bound.rule), param: room > 0 ? "max_tokens" : nil)
    }

    /// By the likely number of tokens, as the limits count it, unless the client sent token numbers.
    private func objectionOfInput(_ grant: Grant, _ needs: [Need]) -> Refusal? {
        let key = grant.caller.compiled
        // A target that reads the text as fewer tokens may still serve it.
        guard key.inputMax < .max, let least = needs.map(\.input).min(), least > key.inputMax else { return nil }
        return Refusal(
            .contextLengthExceeded,
            "the input is likely \(least) tokens long and the API key may send \(key.inputMax) in a request",
            rule: rule(RuleReference(resource: key.resource, field: .maxInput)))
    }

    private func tooManyAnswers(_ grant: Grant) -> Refusal {
        let key = grant.caller.compiled
        return Refusal(
            .contextLengthExceeded,
            "the API key may have \(key.outputMax) output tokens of a request, which is less than one for each answer",
            rule: rule(RuleReference(resource: key.resource, field: .maxOutput)), param: "n")
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
            "`\(model.qualifiedName)` has \(model.prices.isEmpty ? "no price" : "prices for a part only"), and the API key spends from a budget in money",
            rule: graph.register.rule(model.catalog, field: model.pointer()), param: "model")
    }
}
