extension Provider.Health: FieldSet {
    static let standard = Provider.Health(
        path: nil, every: .seconds(30), timeout: .seconds(5), unhealthyAfter: 3, healthyAfter: 2, ejection: nil)

    init?(from fields: inout Fields) {
        let standard = Provider.Health.standard
        let asked = Effect.enforced(by: "HealthChecker.take")
        let counted = Effect.enforced(by: "ProviderHealth.checked")
        path = fields.optional(
            "path",
            .text("a path", example: "/models", pattern: "/[!-~]*") { path in
                path.hasPrefix("/") && path.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            }, "the path under `baseURL` that is asked; without it, nothing is asked", asked)
        every = fields.value("every", .amount, default: standard.every, shown: "30s", "from one question to the next", asked)
        timeout = fields.value("timeout", .amount, default: standard.timeout, shown: "5s", "how long to wait for the answer", asked)
        unhealthyAfter = fields.value(
            "unhealthyAfter", .count(1...100), default: standard.unhealthyAfter, shown: "3", "failed answers in a row until it counts as ill", counted)
        healthyAfter = fields.value(
            "healthyAfter", .count(1...100), default: standard.healthyAfter, shown: "2", "good answers in a row until it counts as well", counted)
        ejection = fields.optional(
            "ejection", .fields, "when failures of requests themselves take it out for a time", .parts)
        let isKnown = !fields.isMistaken("timeout") && !fields.isMistaken("every")
        if isKnown, fields.isGiven("timeout") || fields.isGiven("every"), timeout >= every {
            fields.report(
                .durationsContradict, at: fields.extent(of: fields.isGiven("timeout") ? "timeout" : "every"),
                "the next question (`every` \(every.text)) comes before the wait for an answer is over (`timeout` \(timeout.text))",
                hint: "let `timeout` be shorter than `every`")
        }
    }
}

extension Provider.Ejection: FieldSet {
    init?(from fields: inout Fields) {
        let enforced = Effect.enforced(by: "FailureBreaker.failed")
        let failures: Int? = fields.required(
            "failures", .count(1...10_000), "failed requests in a row that take it out", enforced)
        within = fields.value("within", .amount, default: .seconds(30), shown: "30s", "the time in which they are counted", enforced)
        pause = fields.value("for", .amount, default: .seconds(30), shown: "30s", "how long it is left out", enforced)
        guard let failures else { return nil }
        self.failures = failures
    }
}
