extension RoutingPolicy: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what it is for", .informs)
        strategy = fields.value(
            "strategy", .choice, default: .weighted, shown: "weighted", "how a target is chosen",
            .enforced(by: "Snapshot.route"))
        balance = fields.value(
            "balance", .fields, default: .standard, "what counts how much for `balanced`", .notYet)
        let targets: [Target]? = fields.required("targets", .list(of: .fields), "the models that answer", .parts)
        fallback = fields.value(
            "fallback", .list(of: .modelOrOtherRoute), default: [],
            "models, or other RoutingPolicies, tried in order after the targets", .enforced(by: "Snapshot.route"))
        fallbackOn = fields.value(
            "fallbackOn", .fallbackOn, default: [:],
            "the same for one reason, in place of `fallback`: `context-length`, `content-filter`, `rate-limit`, `unavailable`, `budget`",
            .notYet)
        within = fields.value(
            "within", .fields, default: Constraints(), "bounds a target must keep to be chosen", .parts)
        retry = fields.value("retry", .fields, default: .standard, "when another target is tried", .parts)
        breaker = fields.optional("breaker", .fields, "when a failing target is left out for a time", .parts)
        sticky = fields.optional("sticky", .fields, "who stays with the target that answered before", .notYet)
        cache = fields.optional("cache", .fields, "how long the answer to the same request is kept and given again", .notYet)
        mirror = fields.optional(
            "mirror", .fields, "a model that gets a share of the requests too, and whose answers nobody waits for", .notYet)
        experiment = fields.optional(
            "experiment", .text("a word", example: "prompt-cache-2", pattern: Vocabulary.pattern, Vocabulary.accepts),
            "the name under which its usage is compared with another route's", .notYet)
        guardrails = fields.value(
            "guardrails", .set(of: .name(of: .guardrail)), default: [], "Guardrails that its requests pass", .notYet)
        self.targets = targets ?? []
        if !strategy.isEnforced { fields.markUnenforced("strategy: \(strategy.rawValue)", in: "strategy") }
        fields.markUnenforced(itemsOf: "fallback", as: { "fallback: \($0)" }) { !$0.utf8.contains(UInt8(ascii: "/")) }
        if targets != nil { check(&fields) }
        checkExtras(fields)
        guard targets != nil else { return nil }
    }

    private func checkExtras(_ fields: Fields) {
        if fields.isGiven("balance"), strategy != .balanced, !fields.isMistaken("strategy") {
            fields.report(
                .fieldOfOtherType, at: fields.extent(of: "balance"),
                "`balance` means nothing to the strategy `\(strategy.rawValue)`",
                hint: "remove it, or write `strategy: balanced`")
        }
        guard let mirror, let index = targets.firstIndex(where: { $0.model == mirror.model }) else { return }
        let places = fields.itemExtents(of: "targets")
        fields.reading.report(
            .mirrorIsTarget, fields.extent(of: "mirror"),
            "`\(mirror.model)` is a target already, so it would be asked twice", hint: "name another model",
            related: index < places.count ? [(places[index], "the target")] : [])
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
        when = fields.value(
            "when", .fields, default: RoutingPolicy.When(), "the requests that it is for; all without it", .notYet)
        guard let model else { return nil }
        self.model = model
    }
}
