extension KeyPool: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what it is for", .informs)
        let issuers: Issuers? = fields.required("issuers", .fields, "who may mint keys", .parts)
        project = fields.optional("project", .name(of: .project), "the Project that the usage of its keys is counted by", .enforced(by: "Compiler.addPools"))
        let keys: Int? = fields.required("keys", .count(1...1_000_000), "the most keys that it has at once", .enforced(by: "MintRequest.run"))
        keysPerIssuer = fields.optional(
            "keysPerIssuer", .count(1...1_000_000), "the most keys that one issuer has in it at once",
            .enforced(by: "MintRequest.run"))
        let each: Grant? = fields.required("each", .fields, "the most that a key may be given", .parts)
        limits = fields.value("limits", .limits, default: [], "how fast all its keys together may be used", .enforced(by: "CellTable.reserve"))
        budget = fields.optional("budget", .fields, "what all its keys together may spend", .parts)
        guard let issuers, let keys, let each else { return nil }
        self.issuers = issuers
        self.keys = keys
        self.each = each
        checkParts(fields)
    }

    /// What a part may not have more of than the whole.
    private func checkParts(_ fields: Fields) {
        if let keysPerIssuer, keysPerIssuer > keys {
            fields.report(
                .partAboveWhole, at: fields.extent(of: "keysPerIssuer"),
                "one issuer may have more keys than the whole pool, which has \(keys)", hint: "lower it, or raise `keys`")
        }
        if let one = each.budget?.hard, let all = budget?.hard, one.isComparable(to: all), one.amount.number > all.amount.number {
            fields.reading.report(
                .partAboveWhole, fields.extent(of: "each"),
                "each key may spend more than all keys together: `\(one.text)`, and `\(all.text)` for all",
                hint: "lower `each.budget`, or raise `budget`", related: [(fields.extent(of: "budget"), "for all keys")])
        }
        for one in each.limits {
            guard let all = limits.first(where: { $0.isComparable(to: one) && $0.amount < one.amount }) else { continue }
            fields.reading.report(
                .partAboveWhole, fields.extent(of: "each"),
                "each key may be used faster than all keys together: `\(one.text)`, and `\(all.text)` for all",
                hint: "lower it in `each.limits`, or raise it in `limits`",
                related: [(fields.extent(of: "limits"), "for all keys")])
        }
    }
}

extension Limit {
    /// Whether it counts the same in the same way.
    func isComparable(to other: Limit) -> Bool {
        quantity == other.quantity && window == other.window && perModel == other.perModel
    }
}

extension KeyPool.Issuers: FieldSet {
    init?(from fields: inout Fields) {
        members = fields.value(
            "members", .set(of: .name(of: .member)), default: [], "Members, be they people or groups",
            .enforced(by: "MintRequest.run"))
        roles = fields.value(
            "roles", .set(of: .name(of: .role)), default: [], "Roles whose holders may mint", .enforced(by: "MintRequest.run"))
        if fields.atLeastOne(of: ["members", "roles"]), members.isEmpty, roles.isEmpty {
            fields.report(
                .listEmpty, at: fields.extent(of: fields.isGiven("members") ? "members" : "roles"),
                "nobody may mint keys", hint: "name a Member or a Role")
        }
    }
}

extension KeyPool.Grant: FieldSet {
    init?(from fields: inout Fields) {
        let lifetime: Duration? = fields.required(
            "lifetime", .amount.like("30d"), "the longest time from a key's making to its end",
            .enforced(by: "MintRequest.run"))
        prefix = fields.optional(
            "prefix", .text("the beginning of a name", example: "ci-", pattern: "[a-z0-9][a-z0-9._-]{0,31}") { text in
                Names.isResourceName(text) && text.utf8.count <= 32
            }, "how the names of its keys begin", .enforced(by: "MintRequest.run"))
        tags = fields.value("tags", .tags, default: [:], "tags that every key carries", .enforced(by: "Rollups.add"))
        let scopes: [String]? = fields.required(
            "scopes", .set(of: .name(of: .scope)), "the Scopes that a key may carry", .enforced(by: "Snapshot.authorize"))
        models = fields.value("models", .fields, default: ModelRules(), "which models a key may use", .parts)
        limits = fields.value("limits", .limits, default: [], "how fast a key may be used", .enforced(by: "CellTable.reserve"))
        budget = fields.optional("budget", .fields, "what a key may spend", .parts)
        networks = fields.value(
            "networks", .set(of: .amount), default: [], "networks from which a key may be used; empty means anywhere",
            .enforced(by: "Snapshot.authorize"))
        guardrails = fields.value(
            "guardrails", .set(of: .name(of: .guardrail)), default: [], "Guardrails that its requests pass", .notYet)
        maxOutput = fields.optional("maxOutput", .size, "the most tokens of output of a request", .enforced(by: "Snapshot.outputMax"))
        whenRevoked = fields.value(
            "whenRevoked", .choice, default: .finish, shown: "finish",
            "what becomes of a key's requests under way when it is revoked or ends: they `finish`, or are `cut`",
            .enforced(by: "GatewayLoop.cutRevoked"))
        if let lifetime, lifetime < .seconds(60) {
            fields.report(
                .valueInvalid, at: fields.extent(of: "lifetime"), "a key lives for a minute at least",
                hint: "write it like `30d`")
        }
        if let scopes, scopes.isEmpty {
            fields.report(.listEmpty, at: fields.extent(of: "scopes"), "a key without scopes may call nothing", hint: "name a Scope")
        }
        guard let lifetime, let scopes else { return nil }
        self.lifetime = lifetime
        self.scopes = scopes
    }
}
