extension Webhook: FieldSet {
    init?(from fields: inout Fields) {
        description = fields.optional("description", .text, "what it is for", .informs)
        let url = fields.required(
            "url", .hookURL, "where events are sent: https, or http with `privateNetwork`", .enforced(by: "WebhookRequest.init"))
        let events: [Event]? = fields.required(
            "events", .set(of: .choice), "what it is told of", .enforced(by: "EventRecipient.isTold"))
        fields.markUnenforced(itemsOf: "events", as: { $0 }) { Event(rawValue: $0)?.isSent == false }
        secret = fields.optional(
            "secret", .fields, "with what deliveries are signed", .enforced(by: "WebhookSignature.init"))
        format = fields.value(
            "format", .choice, default: .standardWebhooks, shown: "standard-webhooks", "how an event is written",
            .enforced(by: "WebhookRequest.init"))
        headers = fields.value(
            "headers", .headers, default: [:], "more headers, by name", .enforced(by: "WebhookRequest.init"))
        authorization = fields.optional(
            "authorization", .fields, "where the header `authorization` is found", .enforced(by: "WebhookRequest.init"))
        timeout = fields.value(
            "timeout", .amount, default: .seconds(10), shown: "10s",
            "how long the address may take to answer, 30 s at most", .enforced(by: "EventRecipient.timeout"))
        retry = fields.value("retry", .fields, default: .standard, "what follows a failure", .parts)
        filter = fields.optional("filter", .fields, "which events only", .parts)
        privateNetwork = fields.value(
            "privateNetwork", .boolean, default: false, shown: "false",
            "whether the address may be loopback or private; for a webhook of the platform",
            .enforced(by: "EventRecipient.privateNetwork"))
        if let url, !privateNetwork, !fields.isMistaken("privateNetwork"), url.hasPrefix("http://") {
            fields.report(
                .valueInvalid, at: fields.extent(of: "url"), "an address outside the private network must use https",
                hint: "write `https://…`" + (fields.organization == nil ? ", or add `privateNetwork: true`" : ""))
        }
        fields.checkSending(to: url, in: "url", privateNetwork: privateNetwork)
        fields.checkReach(of: secret, in: "secret")
        fields.checkReach(of: authorization, in: "authorization")
        if let events, events.isEmpty {
            fields.report(.listEmpty, at: fields.extent(of: "events"), "the webhook is told of no events")
        }
        guard let url, let events else { return nil }
        self.url = url
        self.events = events
    }
}

extension Webhook.Retry: FieldSet {
    static let standard = Webhook.Retry(attempts: 8, within: .seconds(86_400))

    init?(from fields: inout Fields) {
        attempts = fields.value(
            "attempts", .count(1...30), default: Self.standard.attempts, shown: "8",
            "how often an event is sent at most, each time after a longer pause",
            .enforced(by: "DeliverySchedule.next"))
        within = fields.value(
            "within", .amount, default: Self.standard.within, shown: "1d",
            "how long after the event it is still sent, 7 days at most", .enforced(by: "DeliverySchedule.next"))
    }
}

extension Webhook.Filter: FieldSet {
    init?(from fields: inout Fields) {
        organizations = fields.value(
            "organizations", .set(of: .text("the name of an Organization", example: "acme", pattern: Names.resourcePattern, Names.isResourceName)),
            default: [], "of these Organizations; for a webhook of the platform", .enforced(by: "EventRecipient.isTold"))
        kinds = fields.value("kinds", .set(of: .choice), default: [], "about resources of these kinds",
            .enforced(by: "EventRecipient.isTold"))
        labels = fields.value("labels", .texts, default: [:], "about resources with all of these labels",
            .enforced(by: "EventRecipient.isTold"))
        if let path = fields.reading.path, Folder(of: path) != .platform, fields.isGiven("organizations") {
            fields.report(
                .valueInvalid, at: fields.extent(of: "organizations"),
                "an organization's webhook is told of its own events only", hint: "remove `organizations`")
        }
    }
}

extension Shape where Value == String {
    /// An http or https URL, with a query if need be.
    static var hookURL: Shape<String> {
        text("a URL", example: "https://ops.acme.example/charter", pattern: "https?://\(HostText.pattern)(?:[/?]\(WebAddress.restWithQuery))?") {
            WebAddress.isPlain($0, schemes: ["https://", "http://"], query: true)
        }.refusingUsers.checkingHost
    }
}

extension Shape where Value == [String: String] {
    /// Names of HTTP headers with their values; not those that the sender makes itself, or that carry secrets.
    static var headers: Shape<[String: String]> {
        Shape<[Named<String>]>.map(
            key: "the name of a header", pattern: HeaderNames.pattern, HeaderNames.isAllowed,
            hint: "headers are words like `x-team`; `host`, `content-…` and `webhook-…` are made, and secrets stand in `authorization`",
            of: { _ in
                Shape<String>.text("the value of a header", example: "platform", pattern: "[ -~]*") {
                    $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
                }
            }
        ).map { pairs in Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first } }
    }
}

/// Which headers a declaration may give.
enum HeaderNames {
    private static let refused: Set<String> = [
        "host", "connection", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "authorization",
        "proxy-authorization", "cookie", "expect",
    ]

    private static let refusedPrefixes = ["content-", "webhook-", "ce-"]

    /// As `isAllowed`; in either case without a flag, which schemas do not have.
    static let pattern: String = {
        func inEitherCase(_ names: [String]) -> String {
            names.map { name in name.map { $0.isLetter ? "[\($0)\($0.uppercased())]" : "\($0)" }.joined() }
                .joined(separator: "|")
        }
        return "(?!(?:\(inEitherCase(refused.sorted())))$)(?!\(inEitherCase(refusedPrefixes)))[!#$%&'*+.^_`|~0-9A-Za-z-]+"
    }()

    /// A token of RFC 9110 section 5.6.2 in lower or upper case that neither frames the message nor is a secret.
    static func isAllowed(_ name: String) -> Bool {
        let lower = name.lowercased()
        return !name.isEmpty && !refused.contains(lower)
            && !refusedPrefixes.contains(where: lower.hasPrefix)
            && name.utf8.allSatisfy { Names.isLetterOrDigit($0) || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }
}
