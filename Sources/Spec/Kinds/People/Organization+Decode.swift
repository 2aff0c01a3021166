extension Organization: FieldSet {
    init?(from fields: inout Fields) {
        displayName = fields.optional("displayName", .text, "the name to show to people", .informs)
        plan = fields.optional(
            "plan", .name(of: .plan), "the Plan whose limits apply to the whole organization",
            .enforced(by: "Compiler.addOrganizations"))
        contacts = fields.optional("contacts", .fields, "whom to write to", .informs)
        billing = fields.optional("billing", .fields, "what stands on its invoices", .notYet)
        zone = fields.optional(
            "zone", .zone, "the IANA zone of its calendar, for budgets and reports that name none", .notYet)
        residency = fields.value(
            "residency", .texts, default: [:], "labels that every model it uses must have, such as `{ region: eu }`",
            .enforced(by: "Graph.objection"))
        models = fields.value("models", .fields, default: ModelRules(), "which models any of its keys may use", .parts)
        limits = fields.value(
            "limits", .set(of: .amount), default: [], "how fast the whole organization may use the gateway",
            .enforced(by: "CellTable.reserve"))
        keyDefaults = fields.optional("keyDefaults", .fields, "what its keys have that do not say otherwise", .parts)
        guardrails = fields.value(
            "guardrails", .set(of: .name(of: .guardrail)), default: [], "Guardrails that all its requests pass", .notYet)
        signIn = fields.optional("signIn", .fields, "how its people prove who they are", .parts)
        disclosure = fields.optional(
            "disclosure", .choice, "how much of a rule a refused client is told, in place of what the repository says",
            .notYet)
        unknownPrice = fields.optional(
            "unknownPrice", .unknownPrice,
            "what becomes of a request to a model without a price: `allow`, `deny`, `price-as <model>`; left out, it is refused where a budget in USD applies",
            .enforced(by: "Snapshot.objectionOfPrice"))
        durability = fields.optional(
            "durability", .choice, "whether a request and its answer wait until their records are on the disk (`strict`)",
            .enforced(by: "GatewayRequest.whenRecorded"))
        maxStale = fields.optional(
            "maxStale", .amount, "how long the last revision is enforced while PostgreSQL is away", .notYet)
        whenStale = fields.optional("whenStale", .choice, "what becomes of requests after that", .notYet)
        retention = fields.optional(
            "retention", .fields, "how long records are kept; the plan's otherwise, and for ever where that says nothing",
            .enforced(by: "LedgerRetention.plan"))
    }
}

extension Organization.Contacts: FieldSet {
    init?(from fields: inout Fields) {
        technical = fields.optional("technical", .email, "for outages and changes", .informs)
        billing = fields.optional("billing", .email, "for invoices and budgets", .informs)
        security = fields.optional("security", .email, "for leaked keys and incidents", .informs)
    }
}

extension Organization.Billing: FieldSet {
    init?(from fields: inout Fields) {
        email = fields.optional("email", .email, "where invoices are sent", .notYet)
        address = fields.optional("address", .text, "the postal address", .notYet)
        taxID = fields.optional("taxId", .text, "the number under which it pays tax", .notYet)
        reference = fields.optional("reference", .text, "its own number for the purchase", .notYet)
    }
}

extension Organization.KeyDefaults: FieldSet {
    init?(from fields: inout Fields) {
        limits = fields.value(
            "limits", .set(of: .amount), default: [], "how fast a key without `limits` may be used",
            .enforced(by: "CellTable.reserve"))
        rotateWithin = fields.optional(
            "rotateWithin", .amount, "within what time a secret must be replaced by another", .notYet)
        networks = fields.value(
            "networks", .set(of: .amount), default: [], "from where a key without `networks` may be used",
            .enforced(by: "Snapshot.authorize"))
    }
}

extension Organization.SignIn: FieldSet {
    init?(from fields: inout Fields) {
        domains = fields.value(
            "domains", .set(of: .domain), default: [], "addresses in these sign in with the identity provider", .notYet)
        issuer = fields.optional(
            "issuer", .secureURL, "the OpenID Connect issuer whose tokens its people show to the admin API", .enforced(by: "Identity.caller"))
        audience = fields.value(
            "audience", .text("an audience", example: "charter", pattern: claimPattern, isClaimText), default: "charter", shown: "charter",
            "what `aud` of its tokens must name", .enforced(by: "TokenClaims.check"))
        groupsClaim = fields.value(
            "groupsClaim", .text("the name of a claim", example: "groups", pattern: claimPattern, isClaimText), default: "groups",
            shown: "groups", "the claim of its tokens that names groups, as `externalGroup` of Members does", .enforced(by: "TokenClaims.groups"))
        secondFactor = fields.value(
            "secondFactor", .choice, default: .recommended, shown: "recommended", "whether a password is not enough",
            .notYet)
    }
}

/// The same as `isClaimText`.
private let claimPattern = "[!-~]{1,255}"

/// Printable, and without spaces.
private func isClaimText(_ text: String) -> Bool {
    (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}

extension Organization.Retention: FieldSet {
    init?(from fields: inout Fields) {
        usage = fields.optional(
            "usage", .amount, "records of usage, at least a day; sums by hour and by day stay", .enforced(by: "UsageRetention.step"))
        decisions = fields.optional(
            "decisions", .amount, "why requests were answered as they were, at least a day", .enforced(by: "UsageRetention.step"))
        audit = fields.optional("audit", .amount, "administrative acts", .notYet)
    }
}

extension Organization.UnknownPrice: Amount {
    static let noun = "an answer to an unknown price"
    static let example = "price-as openai/gpt-4o"
    static let pattern: String? = "allow|deny|price-as +[A-Za-z0-9][A-Za-z0-9._/:-]*"

    static func parse(_ text: String) throws(AmountProblem) -> Organization.UnknownPrice {
        let words = text.split(separator: " ")
        switch (words.first, words.count) {
        case ("allow", 1): return .allow
        case ("deny", 1): return .deny
        case ("price-as", 2) where Names.isModelName(String(words[1])): return .priceAs(String(words[1]))
        default: throw AmountProblem("it is not known", hint: "one of: `allow`, `deny`, `price-as <model>`")
        }
    }

    var text: String {
        switch self {
        case .allow: "allow"
        case .deny: "deny"
        case .priceAs(let model): "price-as \(model)"
        }
    }
}

extension Shape where Value == Organization.UnknownPrice {
    fileprivate static var unknownPrice: Shape<Organization.UnknownPrice> {
        .amount.noting { answer, node, reading in
            if case .priceAs(let model) = answer { reading.refer(to: .modelOrRoute, model, at: reading.extent(ofLast: model, in: node)) }
        }
    }
}
