extension Plan: FieldSet {
    init?(from fields: inout Fields) {
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        description = fields.optional("description", .text, "whom it is for", .informs)
        price = fields.optional("price", .amount, "what the plan costs", .notYet)
        yearlyPrice = fields.optional("yearlyPrice", .amount, "what a year costs that is paid at once", .notYet)
        trial = fields.optional("trial", .amount, "how long it costs nothing", .notYet)
        includes = fields.value(
            "includes", .set(of: .amount), default: [], "what the price pays for: requests, tokens or USD", .notYet)
        overage = fields.optional("overage", .fields, "what becomes of use beyond what is included", .notYet)
        limits = fields.value(
            "limits", .limits, default: [],
            "how fast each organization on the plan may use the gateway, as a whole", .enforced(by: "CellTable.reserve"))
        models = fields.value("models", .fields, default: ModelRules(), "which models may be used", .parts)
        quotas = fields.value(
            "quotas", .fields, default: Quotas(), "how much an organization may declare", .notYet)
        perMember = fields.value("perMember", .share(true), default: Share(), "the most that one Member may have", .parts)
        perKey = fields.value("perKey", .share(false), default: Share(), "the most that one key may have", .parts)
        features = fields.value(
            "features", .set(of: .text.remarking(by: .features)), default: [], "names of what the plan includes", .notYet)
        support = fields.optional("support", .word(of: .support), "how those on the plan are helped", .informs)
        availability = fields.optional("availability", .share, "the share of a month that is promised", .informs)
        retention = fields.value(
            "retention", .fields, default: Organization.Retention(),
            "how long records are kept of organizations that do not say it themselves", .enforced(by: "LedgerRetention.plan"))
        checkIncluded(fields)
    }

    private func checkIncluded(_ fields: Fields) {
        for included in includes {
            guard let limit = limits.first(where: { $0.isBelow(included) }) else { continue }
            fields.reading.report(
                .includedBeyondLimit, fields.extent(of: "includes"),
                "`\(included.text)` is included, and `\(limit.text)` keeps it from being used", hint: "raise the limit",
                related: [(fields.extent(of: "limits"), "the limits")])
        }
    }
}

extension Limit {
    /// Whether it allows less over the same time than an allowance.
    fileprivate func isBelow(_ allowance: Allowance) -> Bool {
        guard let window, allowance.span == .calendar(window), !perModel else { return false }
        switch (quantity, allowance.amount) {
        case (.requests, .requests(let count)), (.tokens, .tokens(let count)): return amount < count
        default: return false
        }
    }
}

extension Plan.Overage: FieldSet {
    init?(from fields: inout Fields) {
        let action: Action? = fields.required(
            "action", .choice, "whether it is refused, billed, or only told", .notYet)
        prices = fields.value(
            "prices", .overagePrices, default: [:], "what is billed for `requests` and `tokens`", .notYet)
        markup = fields.optional("markup", .share, "what is billed on top of what the models cost", .notYet)
        most = fields.optional("most", .amount, "the most that is billed; beyond it, requests are refused", .notYet)
        if let most, most.amount.unit != .money {
            fields.report(
                .valueInvalid, at: fields.extent(of: "most"), "what is billed is an amount of money",
                hint: "write it like `250 USD/month`")
        }
        guard let action else { return nil }
        self.action = action
        for field in ["prices", "markup", "most"] where action != .bill && fields.isGiven(field) {
            fields.report(
                .fieldOfOtherType, at: fields.extent(of: field), "`\(field)` means nothing where nothing is billed",
                hint: "remove it, or write `action: bill`")
        }
    }
}

extension Plan.Quotas: FieldSet {
    init?(from fields: inout Fields) {
        let bounds = 0...10_000_000
        projects = fields.optional("projects", .count(bounds), "Projects", .notYet)
        members = fields.optional("members", .count(bounds), "Members", .notYet)
        keys = fields.optional("keys", .count(bounds), "APIKeys", .notYet)
        keyPools = fields.optional("keyPools", .count(bounds), "KeyPools", .notYet)
        workflows = fields.optional("workflows", .count(bounds), "Workflows", .notYet)
        agents = fields.optional("agents", .count(bounds), "Agents", .notYet)
        webhooks = fields.optional("webhooks", .count(bounds), "Webhooks", .notYet)
    }
}

/// The share of a Member, who has keys.
struct MemberShare: FieldSet {
    var share: Plan.Share

    init?(from fields: inout Fields) {
        share = Plan.Share(
            keys: fields.optional("keys", .count(0...10_000_000), "how many keys one may own", .notYet),
            limits: fields.value("limits", .limits, default: [], "how fast all keys of one may be used", .enforced(by: "CellTable.reserve")))
    }
}

/// The share of a key.
struct KeyShare: FieldSet {
    var share: Plan.Share

    init?(from fields: inout Fields) {
        share = Plan.Share(
            limits: fields.value("limits", .limits, default: [], "how fast one may be used", .enforced(by: "CellTable.reserve")),
            lifetime: fields.optional("lifetime", .amount, "how long a secret opens one", .notYet))
    }
}

extension Shape where Value == Plan.Share {
    fileprivate static func share(_ isOfMember: Bool) -> Shape<Plan.Share> {
        isOfMember ? Shape<MemberShare>.fields.map(\.share) : Shape<KeyShare>.fields.map(\.share)
    }
}

extension Shape where Value == [String: PicoUSDPerMillion] {
    fileprivate static var overagePrices: Shape<[String: PicoUSDPerMillion]> {
        let names = ["requests", "tokens"]
        return Shape<[Named<PicoUSDPerMillion>]>.map(
            key: "what is billed", pattern: names.joined(separator: "|"), { names.contains($0) }, hint: "one of: `requests`, `tokens`"
        ) { _ in .amount }
        .map { pairs in Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first } }
    }
}

extension Vocabulary {
    fileprivate static let features = Vocabulary(
        noun: "a feature", example: "workflows",
        known: [
            "analytics", "agents", "audit", "batch", "batch-routing", "caching", "custom-models", "data-export",
            "embeddings", "fine-tuning", "forecasts", "guardrails", "invoices", "key-pools", "mcp", "ml-routing",
            "multi-region", "playground", "priority-support", "private-models", "rag", "routing", "saml", "scim", "sla",
            "sso", "streaming", "webhooks", "workflows",
        ])

    fileprivate static let support = Vocabulary(
        noun: "a sort of support", example: "email",
        known: ["community", "email", "chat", "priority", "dedicated", "none"])
}
