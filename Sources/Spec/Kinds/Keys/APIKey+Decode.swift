extension APIKey: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what it is for", .informs)
        let owner = fields.required(
            "owner", .name(of: .member), "the Member whose rights the key acts with", .enforced(by: "Compiler.addKeys"))
        project = fields.optional(
            "project", .name(of: .project), "the Project that its usage is counted by", .enforced(by: "Compiler.addKeys"))
        tags = fields.value(
            "tags", .tags, default: [:], "names and values by which usage is told apart in bills and budgets",
            .enforced(by: "Rollups.add"))
        scopes = fields.value(
            "scopes", .set(of: .name(of: .scope)), default: [], "the Scopes it carries: what it may call",
            .enforced(by: "Snapshot.authorize"))
        models = fields.value("models", .fields, default: ModelRules(), "which models it may use", .parts)
        limits = fields.value(
            "limits", .limits, default: [], "how fast it may be used", .enforced(by: "CellTable.reserve"))
        budget = fields.optional("budget", .fields, "what it may spend", .parts)
        networks = fields.value(
            "networks", .set(of: .amount), default: [], "networks from which it may be used; empty means anywhere",
            .enforced(by: "Snapshot.authorize"))
        denyNetworks = fields.value(
            "denyNetworks", .set(of: .amount), default: [], "networks from which it may not be used, whatever `networks` says",
            .enforced(by: "Snapshot.authorize"))
        origins = fields.value(
            "origins", .set(of: .origin), default: [],
            "web pages that may send it, by scheme and host, where `*` stands for one label or more; empty means that no browser may",
            .enforced(by: "Snapshot.authorize"))
        users = fields.value(
            "users", .fields, default: EndUsers(), "what holds for each person behind the key, whom requests name by `user`",
            .notYet)
        guardrails = fields.value(
            "guardrails", .set(of: .name(of: .guardrail)), default: [], "Guardrails that its requests pass", .notYet)
        maxInput = fields.optional("maxInput", .size, "the most tokens of input of a request", .enforced(by: "Snapshot.objectionOfInput"))
        maxOutput = fields.optional(
            "maxOutput", .size, "the most tokens of output of a request; passed on where the request asks for more, or says nothing",
            .enforced(by: "Snapshot.outputMax"))
        defaultModel = fields.optional("defaultModel", .modelOrRoute, "the model of requests that name none", .notYet)
        priority = fields.value(
            "priority", .choice, default: .normal, shown: "normal", "who waits when not everybody can be served", .notYet)
        cache = fields.value(
            "cache", .boolean, default: true, shown: "true", "whether its answers may be kept, and come from what was kept",
            .notYet)
        rotateWithin = fields.optional(
            "rotateWithin", .amount, "within what time a secret must be replaced by another", .notYet)
        expires = fields.optional(
            "expires", .amount, "from when on it is refused", .enforced(by: "Snapshot.authenticate"))
        whenRevoked = fields.value(
            "whenRevoked", .choice, default: .finish, shown: "finish",
            "what becomes of its requests under way when it is revoked, suspended or expires: they `finish`, or are `cut`",
            .enforced(by: "GatewayLoop.cutRevoked"))
        secrets = fields.value(
            "secrets", .set(of: .fields), default: [], "digests that open it; without one it is as good as revoked",
            .parts)
        tests = fields.value(
            "tests", .list(of: .fields), default: [], "what its author expects, asked by `charter validate`", .parts)
        APIKey.warnOfUselessness(fields)
        self.owner = owner ?? ""
        checkNetworks(fields)
        checkExpiry(fields)
        guard owner != nil else { return nil }
    }

    private func checkNetworks(_ fields: Fields) {
        guard !networks.isEmpty, networks.allSatisfy({ network in denyNetworks.contains { $0.covers(network) } }) else {
            return
        }
        fields.reading.report(
            .partAboveWhole, fields.extent(of: "denyNetworks"),
            "every network of `networks` is denied, so the key can be used from nowhere",
            hint: "narrow `denyNetworks`", related: [(fields.extent(of: "networks"), "the networks")])
    }

    private func checkExpiry(_ fields: Fields) {
        guard let expires, !secrets.isEmpty else { return }
        guard secrets.allSatisfy({ $0.from.map { $0 >= expires } ?? false }) else { return }
        fields.report(
            .secretNeverOpens, at: fields.extent(of: "expires"), "the key expires before any of its secrets opens it")
    }

    private static func warnOfUselessness(_ fields: Fields) {
        if fields.isLeftEmpty("scopes") {
            fields.report(
                .keyWithoutScopes, at: fields.extent(of: "scopes"), "the key has no scopes, so it may call nothing",
                hint: "name the scopes it needs")
        }
        if fields.isLeftEmpty("secrets") {
            fields.report(
                .keyWithoutSecrets, at: fields.extent(of: "secrets"),
                "no secret opens this key: it is as good as revoked",
                hint: "`charter keys new` prints a line for `secrets`")
        }
    }
}

extension APIKey.Secret: FieldSet {
    init?(from fields: inout Fields) {
        let digest: HexDigest? = fields.required(
            "sha256",
            .amount.noting { digest, node, reading in reading.claim(.secret, digest.text, at: node.extent) },
            "SHA-256 of the secret, printed by `charter keys new`", .enforced(by: "Snapshot.authenticate"))
        from = fields.optional("from", .amount, "from when on it opens the key", .enforced(by: "Snapshot.authenticate"))
        until = fields.optional("until", .amount, "from when on it no longer does", .enforced(by: "Snapshot.authenticate"))
        if let from, let until, until <= from {
            fields.report(
                .windowReversed, at: fields.extent(of: "until"),
                "`until` is not after `from`, so the secret never opens the key")
        }
        prefix = fields.optional(
            "prefix", .text("the beginning of a secret", example: "ck_3fQ", pattern: "[!-~]{1,12}", APIKey.isPrefix),
            "how the secret begins, for people to recognise it", .informs)
        guard let digest else { return nil }
        sha256 = digest.bytes
    }
}

extension APIKey {
    /// Longer ones would give too much of the secret away.
    fileprivate static func isPrefix(_ text: String) -> Bool {
        (1...12).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension APIKey.EndUsers: FieldSet {
    init?(from fields: inout Fields) {
        required = fields.value(
            "required", .boolean, default: false, shown: "false", "whether a request that names nobody is refused", .notYet)
        limits = fields.value("limits", .limits, default: [], "how fast each of them may use the key", .notYet)
        budget = fields.optional("budget", .fields, "what each of them may spend", .notYet)
    }
}

extension APIKey.KeyTest: FieldSet {
    init?(from fields: inout Fields) {
        let request: TestRequest? = fields.required("request", .fields, "the request to ask about", .parts)
        let expect: APIKey.Expectation? = fields.required(
            "expect", .amount, "`allow`, or `deny` with the code of the refusal", .enforced(by: "Review.check"))
        guard let request, let expect else { return nil }
        model = request.model
        endpoint = request.endpoint
        self.expect = expect
    }
}

/// What a key's test asks for.
struct TestRequest: FieldSet {
    var model: String
    var endpoint: Endpoint

    init?(from fields: inout Fields) {
        let model = fields.required(
            "model", .text("a model", example: "openai/gpt-4o-mini", pattern: Names.modelPattern, Names.isModelName), "the model asked for", .enforced(by: "Review.check"))
        endpoint = fields.value(
            "endpoint", .choice, default: .chatCompletions, shown: "chat.completions", "the operation", .enforced(by: "Review.check"))
        guard let model else { return nil }
        self.model = model
    }
}

extension APIKey.Expectation: Amount {
    static let noun = "an expectation"
    static let example = "deny model_not_allowed"
    static let pattern: String? = " *allow *| *deny +[a-z0-9_]+ *"

    static func parse(_ text: String) throws(AmountProblem) -> APIKey.Expectation {
        let words = text.split(separator: " ")
        if words == ["allow"] { return .allow }
        guard words.first == "deny", words.count == 2,
            words[1].utf8.allSatisfy({ Names.isLowerOrDigit($0) || $0 == UInt8(ascii: "_") })
        else { throw AmountProblem("it is neither `allow` nor `deny` with a code") }
        return .deny(String(words[1]))
    }

    var text: String {
        switch self {
        case .allow: "allow"
        case .deny(let code): "deny \(code)"
        }
    }
}
