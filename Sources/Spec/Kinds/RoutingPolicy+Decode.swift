extension RoutingPolicy: FieldSet {
    init?(from fields: inout Fields) {
        strategy = fields.value("strategy", .choice, default: .weighted, shown: "weighted", "how a target is chosen", .enforced(by: "Snapshot.route"))
        let targets: [Target]? = fields.required("targets", .list(of: .fields), "the models that answer", .parts)
        fallback = fields.value("fallback", .list(of: .model), default: [], "models tried in order after the targets", .enforced(by: "Snapshot.route"))
        within = fields.value(
            "within", .fields, default: Constraints(), "bounds a target must keep to be chosen", .parts)
        retry = fields.value("retry", .fields, default: .standard, "when another target is tried", .parts)
        guard let targets else { return nil }
        self.targets = targets
        if !strategy.isEnforced { fields.markUnenforced(["strategy: \(strategy.rawValue)"], in: "strategy") }
        check(&fields)
    }

    private func check(_ fields: inout Fields) {
        if targets.isEmpty {
            fields.report(
                .listEmpty, at: fields.extent(of: "targets"), "the route has no targets",
                hint: "add at least one, such as `{ model: openai/gpt-4o-mini }`")
        } else if targets.allSatisfy({ $0.weight == 0 }) {
            fields.report(
                .weightsAllZero, at: fields.extent(of: "targets"), "all weights are 0, so no target is ever chosen",
                hint: "give one of them a weight")
        }
        checkFallback(fields, placesOfTargets(fields))
    }

    /// Where each model is a target; reports those given twice.
    private func placesOfTargets(_ fields: Fields) -> [String: Extent] {
        var places: [String: Extent] = [:]
        for (target, place) in zip(targets, fields.itemExtents(of: "targets")) {
            if let earlier = places[target.model] {
                fields.reading.report(
                    .targetRepeated, place, "`\(target.model)` is a target already", hint: "add up the weights",
                    related: [(earlier, "first given here")])
            } else {
                places[target.model] = place
            }
        }
        return places
    }

    private func checkFallback(_ fields: Fields, _ targets: [String: Extent]) {
        for (name, place) in zip(fallback, fields.itemExtents(of: "fallback")) {
            guard let target = targets[name] else { continue }
            fields.reading.report(
                .fallbackIsTarget, place, "`\(name)` is a target already, so it is no fallback",
                hint: "name another model", related: [(target, "the target")])
        }
    }
}

extension RoutingPolicy.Strategy {
    /// The others are treated as `weighted`.
    var isEnforced: Bool { self == .weighted || self == .priority || self == .cost }
}

extension RoutingPolicy.Target: FieldSet {
    init?(from fields: inout Fields) {
        let model = fields.required("model", .model, "`provider/model`", .enforced(by: "Snapshot.route"))
        weight = fields.value(
            "weight", .count(0...1_000_000), default: 1, shown: "1",
            "its part of the traffic, beside the others' weights", .enforced(by: "Snapshot.route"))
        guard let model else { return nil }
        self.model = model
    }
}

extension RoutingPolicy.Constraints: FieldSet {
    init?(from fields: inout Fields) {
        latency = fields.optional("latency", .amount, "the longest time to the first byte", .notYet)
        cost = fields.optional("cost", .amount, "the highest cost of a request", .notYet)
    }
}

extension RoutingPolicy.Retry: FieldSet {
    static let standard = RoutingPolicy.Retry(attempts: 2, on: [.tooManyRequests, .serverError, .connect, .timeout])

    init?(from fields: inout Fields) {
        let standard = RoutingPolicy.Retry.standard
        attempts = fields.value(
            "attempts", .count(1...10), default: standard.attempts, shown: "2", "attempts in all, the first included", .enforced(by: "GatewayRequest.mayRetry"))
        on = fields.value(
            "on", .set(of: .choice), default: standard.on, shown: "[connect, timeout, 429, 5xx]", "what is tried again", .enforced(by: "GatewayRequest.mayRetry"))
    }
}
