extension RoutingPolicy.Balance: FieldSet {
    static let standard = RoutingPolicy.Balance(cost: 1, latency: 1, quality: 1)

    init?(from fields: inout Fields) {
        let bounds = 0...1_000_000
        cost = fields.value("cost", .count(bounds), default: 1, shown: "1", "how much a low cost counts", .notYet)
        latency = fields.value("latency", .count(bounds), default: 1, shown: "1", "how much a quick answer counts", .notYet)
        quality = fields.value("quality", .count(bounds), default: 1, shown: "1", "how much a good answer counts", .notYet)
        if cost == 0 && latency == 0 && quality == 0 {
            fields.report(
                .weightsAllZero, at: fields.reading.keyExtent, "nothing counts, so no target is better than another",
                hint: "give one of them a weight")
        }
    }
}

extension RoutingPolicy.When: FieldSet {
    init?(from fields: inout Fields) {
        capabilities = fields.value(
            "capabilities", .set(of: .word(of: .capabilities)), default: [], "what the request asks for, all of them", .notYet)
        inputAbove = fields.optional("inputAbove", .size, "more tokens of input than this", .notYet)
        inputUpTo = fields.optional("inputUpTo", .size, "at most so many tokens of input", .notYet)
        stream = fields.optional("stream", .boolean, "whether it asks for a stream", .notYet)
        tags = fields.value("tags", .tags, default: [:], "tags of the key, all of them", .notYet)
        if let inputAbove, let inputUpTo, inputUpTo <= inputAbove {
            fields.report(
                .partAboveWhole, at: fields.extent(of: "inputUpTo"),
                "`inputUpTo` is not more than `inputAbove`, so the target is for no request")
        }
    }
}

extension RoutingPolicy.Constraints: FieldSet {
    init?(from fields: inout Fields) {
        latency = fields.optional("latency", .amount, "the longest time to the first byte", .notYet)
        cost = fields.optional("cost", .amount, "the highest cost of a request", .notYet)
        quality = fields.optional("quality", .amount, "the least `quality` of the model's catalog", .notYet)
        context = fields.optional("context", .size, "the least `context` of the model", .notYet)
        regions = fields.value("regions", .set(of: .region), default: [], "regions of the model's Provider, any of them", .notYet)
        capabilities = fields.value(
            "capabilities", .set(of: .word(of: .capabilities)), default: [], "capabilities of the model, all of them", .notYet)
        labels = fields.value("labels", .texts, default: [:], "labels of the model, all of them", .notYet)
    }
}

extension RoutingPolicy.Retry: FieldSet {
    static let standard = RoutingPolicy.Retry(
        attempts: 2, on: [.tooManyRequests, .serverError, .connect, .timeout], backoff: .standard, budget: nil)

    init?(from fields: inout Fields) {
        let standard = RoutingPolicy.Retry.standard
        attempts = fields.value(
            "attempts", .count(1...10), default: standard.attempts, shown: "2", "attempts in all, the first included",
            .enforced(by: "GatewayRequest.mayRetry"))
        on = fields.value(
            "on", .set(of: .choice), default: standard.on, shown: "[connect, timeout, 429, 5xx]", "what is tried again",
            .enforced(by: "GatewayRequest.mayRetry"))
        backoff = fields.value("backoff", .fields, default: .standard, "the wait before another attempt, which doubles", .notYet)
        budget = fields.optional("budget", .share, "the most of all requests that may be tried again", .notYet)
    }
}

extension RoutingPolicy.Backoff: FieldSet {
    static let standard = RoutingPolicy.Backoff(first: .seconds(0), most: .seconds(5))

    init?(from fields: inout Fields) {
        let standard = RoutingPolicy.Backoff.standard
        first = fields.value("first", .amount, default: standard.first, shown: "0ms", "the wait before the second attempt", .notYet)
        most = fields.value("most", .amount, default: standard.most, shown: "5s", "the longest wait", .notYet)
        if first > most, !fields.isMistaken("first"), !fields.isMistaken("most") {
            fields.report(
                .durationsContradict, at: fields.extent(of: "first"),
                "the first wait, \(first.text), is longer than the longest, \(most.text)", hint: "raise `most`, or lower `first`")
        }
    }
}

extension RoutingPolicy.Breaker: FieldSet {
    init?(from fields: inout Fields) {
        let enforced = Effect.enforced(by: "FailureBreaker.failed")
        let failures: Int? = fields.required("failures", .count(1...10_000), "failed attempts in a row that open it", enforced)
        within = fields.value("within", .amount, default: .seconds(30), shown: "30s", "the time in which they are counted", enforced)
        pause = fields.value("for", .amount, default: .seconds(30), shown: "30s", "how long the target is left out", enforced)
        guard let failures else { return nil }
        self.failures = failures
    }
}

extension RoutingPolicy.Sticky: FieldSet {
    init?(from fields: inout Fields) {
        let by: RoutingPolicy.StickyKey? = fields.required(
            "by", .amount, "whom: `user`, `key`, or whoever sends the same `header <name>`", .notYet)
        ttl = fields.value("ttl", .amount, default: .seconds(3600), shown: "1h", "for how long after the last request", .notYet)
        guard let by else { return nil }
        self.by = by
    }
}

extension RoutingPolicy.StickyKey: Amount {
    static let noun = "what stays together"
    static let example = "header x-session-id"
    static let pattern: String? = " *(?:user|key|header +[a-z0-9][a-z0-9-]{0,99}) *"

    static func parse(_ text: String) throws(AmountProblem) -> RoutingPolicy.StickyKey {
        let words = text.split(separator: " ")
        switch (words.first, words.count) {
        case ("user", 1): return .user
        case ("key", 1): return .key
        case ("header", 2) where HeaderText.isName(String(words[1])): return .header(String(words[1]))
        default: throw AmountProblem("it is not known", hint: "one of: `user`, `key`, `header <name in lower case>`")
        }
    }

    var text: String {
        switch self {
        case .user: "user"
        case .key: "key"
        case .header(let name): "header \(name)"
        }
    }
}

extension RoutingPolicy.Cache: FieldSet {
    init?(from fields: inout Fields) {
        let ttl: Duration? = fields.required("ttl", .amount, "how long an answer is kept", .notYet)
        scope = fields.value(
            "scope", .choice, default: .key, shown: "key", "who is given an answer that another asked for", .notYet)
        guard let ttl else { return nil }
        self.ttl = ttl
    }
}

extension RoutingPolicy.Mirror: FieldSet {
    init?(from fields: inout Fields) {
        let model = fields.required("model", .model, "`provider/model`", .notYet)
        share = fields.value("share", .share, default: 10_000, shown: "100%", "how many of the requests", .notYet)
        guard let model else { return nil }
        self.model = model
    }
}

extension Shape where Value == String {
    /// `provider/model`, or the name of another RoutingPolicy.
    static var modelOrOtherRoute: Shape<String> {
        let model = Shape<String>.model
        let route = Shape<String>.name(of: .routingPolicy)
        return Shape(
            .text("a model or the name of a RoutingPolicy", example: "openai/gpt-4o-mini", pattern: Names.modelPattern)
        ) { node, reading in
            if case .scalar(let scalar) = node.content, !scalar.text.utf8.contains(UInt8(ascii: "/")) {
                return route.read(node, reading)
            }
            return model.read(node, reading)
        }
    }
}

extension Shape where Value == [RoutingPolicy.FallbackReason: [String]] {
    fileprivate typealias Reason = RoutingPolicy.FallbackReason

    static var fallbackOn: Shape<[RoutingPolicy.FallbackReason: [String]]> {
        let names = Reason.allCases.map(\.rawValue)
        return Shape<[Named<[String]>]>.map(
            key: "a reason", pattern: names.joined(separator: "|"), { names.contains($0) },
            hint: "one of: " + names.map { "`\($0)`" }.joined(separator: ", ")
        ) { _ in .list(of: .modelOrOtherRoute) }
        .map { pairs in
            Dictionary(pairs.compactMap { pair in Reason(rawValue: pair.name).map { ($0, pair.value) } }) { first, _ in first }
        }
    }
}
