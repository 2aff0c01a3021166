extension Provider: FieldSet {
    init?(from fields: inout Fields) {
        let dialect: Dialect? = fields.required(
            "type", .choice, "the dialect it speaks", .enforced(by: "ProviderEndpoint.init"))
        description = fields.optional("description", .text, "what it is for", .informs)
        let baseURL = fields.required(
            "baseURL", .url, "the address to which paths like `/chat/completions` are appended",
            .enforced(by: "ProviderEndpoint.init"))
        apiVersion = fields.optional(
            "apiVersion",
            .text("a version", example: "2024-10-21", pattern: "[0-9A-Za-z][0-9A-Za-z.-]*", Provider.isVersion),
            "the version of the interface, for `azure-openai` and `anthropic`", .notYet)
        deployments = fields.value(
            "deployments", .deployments, default: [:],
            "what `azure-openai` calls a model, by the model's `upstreamName`", .notYet)
        region = fields.optional("region", .region, "where it computes, for routes that ask for it", .notYet)
        account = fields.value(
            "account", .fields, default: Account(), "the ids under which the provider bills", .notYet)
        credential = fields.optional("credential", .credential, "where the gateway finds the provider's key", .parts)
        headers = fields.value(
            "headers", .headers, default: [:], "what every request to it carries besides",
            .enforced(by: "ProviderEndpoint.init"))
        timeouts = fields.value("timeouts", .fields, default: .standard, "how long to wait", .parts)
        health = fields.value("health", .fields, default: .standard, "how it is found out whether it is well", .parts)
        limits = fields.value(
            "limits", .limits, default: [], "what it allows the whole platform, so that it is not asked for more",
            .notYet)
        connections = fields.value(
            "connections", .fields, default: Connections(), "the connections that each gateway keeps to it", .parts)
        privateNetwork = fields.value(
            "privateNetwork", .boolean, default: false, shown: "false",
            "whether it may resolve to loopback, link-local or private addresses", .enforced(by: "ProviderEndpoint.init"))
        tls = fields.value("tls", .fields, default: TLS(), "whom to trust, and what to show", .parts)
        self.dialect = dialect ?? .generic
        self.baseURL = baseURL ?? ""
        if dialect != nil { checkFit(fields) }
        if baseURL != nil { checkAddress(fields) }
        guard dialect != nil, baseURL != nil else { return nil }
    }

    private static func isVersion(_ text: String) -> Bool {
        text.utf8.first.map { Names.isLowerOrDigit($0 | 0x20) } ?? false
            && text.utf8.allSatisfy { Names.isLowerOrDigit($0 | 0x20) && $0 > 0x2F || ".-".utf8.contains($0) }
    }

    /// Fields that only some dialects have.
    private func checkFit(_ fields: Fields) {
        if !dialect.isSpoken { fields.markUnenforced("type: \(dialect.rawValue)", in: "type") }
        let fits: [(field: String, dialects: [Dialect])] = [
            ("apiVersion", [.azureOpenAI, .anthropic]), ("deployments", [.azureOpenAI]),
            ("account", [.openai, .generic, .simulated]),
        ]
        for (field, dialects) in fits where fields.isGiven(field) && !dialects.contains(dialect) {
            fields.report(
                .fieldOfOtherType, at: fields.extent(of: field),
                "`\(field)` means nothing to a Provider of type `\(dialect.rawValue)`",
                hint: "remove it, or correct `type`: it belongs to "
                    + dialects.map { "`\($0.rawValue)`" }.joined(separator: ", "))
        }
    }

    private func checkAddress(_ fields: Fields) {
        if fields.isGiven("tls"), baseURL.hasPrefix("http://") {
            fields.report(
                .fieldOfOtherType, at: fields.extent(of: "tls"), "`tls` means nothing to an address without TLS",
                hint: "let `baseURL` begin with `https://`, or remove `tls`")
        }
        let host = HostText(of: baseURL)
        if baseURL.hasPrefix("http://"), credential != nil, !host.isPrivate, !privateNetwork {
            fields.report(
                .credentialUnencrypted, at: fields.extent(of: "baseURL"),
                "the credential is sent unencrypted to a public address", hint: "let `baseURL` begin with `https://`")
        }
        fields.checkReach(of: baseURL, in: "baseURL", privateNetwork: privateNetwork)
    }
}

extension Provider.Account: FieldSet {
    init?(from fields: inout Fields) {
        organization = fields.optional("organization", .text, "the organization at the provider", .notYet)
        project = fields.optional("project", .text, "the project at the provider", .notYet)
    }
}

extension Provider.Timeouts: FieldSet {
    static let standard = Provider.Timeouts(
        connect: .seconds(5), firstByte: .seconds(120), idle: .seconds(60), total: nil)

    init?(from fields: inout Fields) {
        let standard = Provider.Timeouts.standard
        let enforced = Effect.enforced(by: "ProviderEndpoint.init")
        connect = fields.value(
            "connect", .amount, default: standard.connect, shown: "5s",
            "until connected, the wait for a free connection included", enforced)
        firstByte = fields.value(
            "firstByte", .amount, default: standard.firstByte, shown: "2min",
            "from the request sent to the first byte of the answer", enforced)
        idle = fields.value("idle", .amount, default: standard.idle, shown: "60s", "between two pieces of an answer", enforced)
        total = fields.optional("total", .amount, "from the request to the end of the answer", enforced)
        drain = fields.optional(
            "drain", .amount, "how long a stream is read on when its client has left, so that it is billed as the provider says",
            .enforced(by: "GatewayRequest.abandonAttempt"))
        if let total, let longer = longest(fields).first(where: { $0.duration > total }) {
            fields.report(
                .durationsContradict, at: fields.extent(of: "total"),
                "`total` is shorter than `\(longer.name)`, which is therefore never reached",
                hint: "`\(longer.name)` is \(longer.duration.text)")
        }
    }

    private func longest(_ fields: Fields) -> [(name: String, duration: Duration)] {
        [("connect", connect), ("firstByte", firstByte), ("idle", idle)].filter { fields.isGiven($0.0) && !fields.isMistaken($0.0) }
    }
}

extension Provider.Connections: FieldSet {
    init?(from fields: inout Fields) {
        let enforced = Effect.enforced(by: "UpstreamSettings.client")
        max = fields.optional("max", .count(1...100_000), "at most so many at once from each gateway", enforced)
        idle = fields.optional("idle", .amount, "how long an unused one is kept", enforced)
    }
}

extension Provider.TLS: FieldSet {
    init?(from fields: inout Fields) {
        let enforced = Effect.enforced(by: "UpstreamSettings.client")
        ca = fields.optional("ca", .path, "a file with the authorities to trust in place of the system's", enforced)
        serverName = fields.optional(
            "serverName", .text("a host name", example: "llm.internal", pattern: "[a-z0-9.-]+") { name in
                !name.isEmpty && name.utf8.allSatisfy { Names.isLowerOrDigit($0) || ".-".utf8.contains($0) }
            }, "the name that its certificate must have; the host's without it", enforced)
        certificate = fields.optional("certificate", .path, "a file with the certificate that the gateway shows", enforced)
        key = fields.optional("key", .path, "the file with that certificate's key", enforced)
        fields.require("key", beside: "certificate")
        fields.require("certificate", beside: "key")
    }
}

extension Shape where Value == [String: String] {
    /// Names of deployments by model.
    fileprivate static var deployments: Shape<[String: String]> {
        Shape<[Named<String>]>.map(key: "the name of a model", pattern: Names.modelPattern, Names.isModelName, hint: Names.modelHint) { _ in
            .text("the name of a deployment", example: "gpt-4o-prod", pattern: "[0-9A-Za-z][0-9A-Za-z._-]{0,63}") { name in
                Names.isModelName(name) && name.utf8.count <= 64 && !name.utf8.contains { "/:".utf8.contains($0) }
            }
        }.map { pairs in Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first } }
    }
}

extension Shape where Value == String {
    /// A place in the world, in a provider's words: `eu`, `us-east-1`.
    static var region: Shape<String> {
        text("a region", example: "eu-central-1", pattern: Vocabulary.pattern, Vocabulary.accepts)
    }

    /// An absolute path on the gateway's machine.
    fileprivate static var path: Shape<String> {
        text("an absolute path", example: "/etc/charter/ca.pem", pattern: "/.+") { $0.hasPrefix("/") && $0 != "/" }
            .refusingSecrets("a path")
    }

    /// An http or https URL with a host and without query, fragment or trailing slash.
    fileprivate static var url: Shape<String> {
        let http = text(
            "an http or https URL", example: "https://api.openai.com/v1",
            pattern: "https?://\(HostText.pattern)(?:/\(WebAddress.rest))?", isBaseURL
        ).refusingUsers.checkingHost
        return Shape(http.describe()) { node, reading in
            guard let url = http.read(node, reading)?.value else { return nil }
            let trimmed = String(
                url.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed().map { Character(Unicode.Scalar($0)) })
            return Decoded(trimmed, .string(trimmed))
        }
    }

    private static func isBaseURL(_ url: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: url.hasPrefix) else { return false }
        let rest = url.dropFirst(scheme.count)
        guard let host = rest.split(separator: "/", omittingEmptySubsequences: false).first, !host.isEmpty else {
            return false
        }
        return rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#\"<>\\^`{|}@".utf8.contains($0) }
    }
}
