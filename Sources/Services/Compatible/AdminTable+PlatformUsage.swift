internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// What the caller's organization used, in the shapes of `/api/v1/api-keys/usage`.
extension AdminTable {
    static let platformUsageRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate(usagePath + "summary"), name: "getUsageSummary",
            summary: "What the caller's organization used, beside the stretch of time of the same length before", permission: .usageRead,
            scope: .caller, query: spanParameters, problems: .nested, answer: PlatformUsage.shape("previous", .members(PlatformUsage.meters)),
            run: summary),
        AdminRoute(
            method: .get, template: PathTemplate(usagePath + "daily"), name: "getDailyUsage",
            summary: "What the caller's organization used, day by day", permission: .usageRead, scope: .caller, query: spanParameters,
            problems: .nested, answer: PlatformUsage.list("days", of: "date", .string)
        ) { call in
            try listed(call, by: "day", "days") { listing, group in
                let start = listing.request.periods[group.period].lowerBound
                return ("date", .string(listing.request.zone.date(of: start).description))
            }
        },
        AdminRoute(
            method: .get, template: PathTemplate(usagePath + "by-user"), name: "getUsageByUser",
            summary: "What the members of the caller's organization used", permission: .usageRead, scope: .caller, query: spanParameters,
            problems: .nested, answer: PlatformUsage.list("users", of: "userId", .optional(.string))
        ) { call in
            try listed(call, by: "member", "users") { _, group in ("userId", .optional(group.values.first??.name)) }
        },
        AdminRoute(
            method: .get, template: PathTemplate(usagePath + "by-key"), name: "getUsageByKey",
            summary: "What the keys of the caller's organization used", permission: .usageRead, scope: .caller, query: spanParameters,
            problems: .nested, answer: PlatformUsage.list("keys", of: "keyId", .optional(.string))
        ) { call in
            try listed(call, by: "key", "keys") { _, group in ("keyId", .optional(group.values.first??.name)) }
        },
    ]

    private static let usagePath = "/api/v1/api-keys/usage/"

    private static func summary(_ call: AdminCall) throws -> AdminAnswer {
        try call.connection.transaction(.repeatableRead, timeout: usagePatience) { transaction in
            let request = try call.usage(by: nil, in: call.ownMember().org, transaction)
            var earlier = request
            let length = request.span.upperBound.milliseconds - request.span.lowerBound.milliseconds
            let start = request.span.lowerBound
            // Nothing is older, and PostgreSQL reads no moment of thousands of years before.
            earlier.span = min(start, Instant(milliseconds: max(0, start.milliseconds - length)))..<start
            let (now, before) = (try request.run(transaction), try earlier.run(transaction))
            return AdminAnswer(PlatformUsage.json(now, [("previous", .object(PlatformUsage.members(before.total)))]))
        }
    }

    private static func listed(
        _ call: AdminCall, by dimension: String, _ name: String, _ label: (UsageListing, UsageGroup) -> (String, JSONTree)
    ) throws -> AdminAnswer {
        try call.connection.transaction(.repeatableRead, timeout: usagePatience) { transaction in
            let listing = try call.usage(by: dimension, in: call.ownMember().org, transaction).run(transaction)
            let items = listing.groups.map { JSONTree.object([label(listing, $0)] + PlatformUsage.members($0.sums)) }
            return AdminAnswer(PlatformUsage.json(listing, [(name, .array(items))]))
        }
    }
}

/// Sums of the ledger as that platform's clients read them.
enum PlatformUsage {
    static let meters = ["requests", "tokens", "inputTokens", "outputTokens", "errors"].map { AdminShape.Member(name: $0, shape: .integer) }
        + [AdminShape.Member(name: "cost", shape: .decimal)]

    /// The span, the sums in all, and what else is told.
    static func shape(_ name: String, _ more: AdminShape) -> AdminShape {
        let span = ["from", "to"].map { AdminShape.Member(name: $0, shape: .moment) }
        return .members(span + meters + [AdminShape.Member(name: name, shape: more)])
    }

    static func list(_ name: String, of label: String, _ labelShape: AdminShape) -> AdminShape {
        shape(name, .array(.members([AdminShape.Member(name: label, shape: labelShape)] + meters)))
    }

    static func json(_ listing: UsageListing, _ more: [(String, JSONTree)]) -> JSONTree {
        let span = listing.request.span
        return .object(
            [("from", .string(span.lowerBound.iso8601)), ("to", .string(span.upperBound.iso8601))] + members(listing.total) + more)
    }

    /// `cost` in USD, exactly.
    static func members(_ sums: UsageTotals) -> [(String, JSONTree)] {
        [
            ("requests", .int(sums.requests)), ("tokens", .int(sums.tokens)), ("inputTokens", .int(sums.input)),
            ("outputTokens", .int(sums.output)), ("errors", .int(sums.errors)), ("cost", .raw(NanoUSD(sums.cost).dollars)),
        ]
    }
}
