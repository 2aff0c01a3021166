internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// Apps in the shapes of `/v1/apps`.
extension AdminTable {
    static let appRoutes: [AdminRoute] = [
        AdminRoute(
            method: .post, template: PathTemplate("/v1/apps/register"), name: "registerApp",
            summary: "Declares a Project of the caller's organization and a key of it; the secret is told this once", permission: .configPropose,
            alternative: .configWrite, scope: .caller, query: [reasonParameter],
            body: [
                AdminRoute.BodyField(name: "name", shape: .string, about: "what people call it; its id is made of that", isRequired: true),
                AdminRoute.BodyField(name: "description", shape: .string, about: "what it is"),
                AdminRoute.BodyField(name: "tier", shape: .string, about: "the plan of the organization; any other is refused"),
            ],
            status: 201, problems: .coded, answer: registered, otherAnswers: [202: registered], run: register),
        AdminRoute(
            method: .get, template: PathTemplate("/v1/apps/{id}"), name: "getApp",
            summary: "One app with its usage of the month, and how requests of the last 24 hours ended", permission: .usageRead, scope: .caller,
            isByProject: true, isForApps: true, problems: .coded, answer: .object(["success": .boolean, "app": described]), run: describe),
        AdminRoute(
            method: .post, template: PathTemplate("/v1/apps/{id}/keys"), name: "rotateAppKey",
            summary: "Gives an app another secret, which is told this once; the old one ends", permission: .configPropose,
            alternative: .configWrite, scope: .caller, query: [reasonParameter], body: [], problems: .coded,
            answer: rotated, otherAnswers: [202: rotated], run: rotate),
    ]

    private static func shape(_ members: [(String, AdminShape)]) -> AdminShape {
        .members(members.map { AdminShape.Member(name: $0.0, shape: $0.1) })
    }

    private static let credentials = AdminShape.object(["appId": .optional(.string), "secretKey": .string, "authFormat": .string])
    private static let registered = AdminShape.object([
        "success": .boolean, "app": shape(AppTerms.members), "credentials": credentials, "warning": .string,
    ])
    private static let rotated = AdminShape.object(["success": .boolean, "message": .string, "credentials": credentials, "warning": .string])
    private static let described = shape(
        AppTerms.members + [
            ("usage", .object([
                "requestsThisPeriod": .integer,
                "currentMonthUsage": .object(["requestsCount": .integer, "mlRoutingCount": .optional(.integer), "totalCost": .decimal]),
            ])),
            ("analytics", .object([
                "totalRequests": .integer, "successfulRequests": .integer, "failedRequests": .integer, "avgResponseTime": .optional(.integer),
            ])),
        ])

    /// The Scope of their keys.
    private static let appScope = "app"

    private static func register(_ call: AdminCall) throws -> AdminAnswer {
        let own = try call.ownMember()
        try call.refuseRepetition()
        let title = try ResourceTitle(call.body.text("name"), field: "name")
        let secret = MintedKey()
        let project = try ResourceDraft(ResourceKey(org: own.org, kind: .project, name: title.name), [
            ("displayName", .string(title.text)), ("description", .given(call.body.text("description"))), ("owner", .string(own.name)),
        ])
        let key = try ResourceDraft(ResourceKey(org: own.org, kind: .apiKey, name: title.name), [
            ("owner", .string(own.name)), ("project", .string(title.name)), ("scopes", .strings([appScope])), ("secrets", .array([secret.declaration])),
        ])
        let (terms, scope) = try call.connection.transaction { transaction in
            let terms = try AppTerms(own.org, transaction)
            try terms.check(tier: call.body.text("tier"))
            for draft in [project, key] { try call.refuseTaken(draft.resource.key, transaction) }
            try KeyOwner.check(ResourceKey(org: own.org, kind: .member, name: own.name), transaction)
            return (terms, try call.scope(appScope, in: own.org, opening: terms.endpoints, transaction))
        }
        let all = [scope, project, key].compactMap(\.self)
        let receipt = try call.declareOnce(
            "Register the app \(title.name)", all.map(\.step), org: own.org,
            expecting: all.reduce(into: [:]) { $0.merge($1.seen) { first, _ in first } })
        guard case .project(let declared) = project.resource.body, case .apiKey(let policy) = key.resource.body else { throw Problem.notFound }
        let uid = try call.uid(of: project.resource.key, receipt)
        let app = terms.members(
            name: title.name, uid: uid, title: title.text, isActive: !terms.isSuspended(at: receipt.request.createdAt), of: declared, policy)
        return call.answer(receipt, created: true, .object([
            ("success", .bool(true)), ("app", .object(app)), ("credentials", credentials(secret, of: uid)),
            ("warning", .string("Store these credentials securely. The secret key will not be shown again.")),
        ]))
    }

    private static func credentials(_ secret: MintedKey, of uid: String?) -> JSONTree {
        let id = uid.map { ApplicationCredential.mark + $0 }
        return .object([
            ("appId", .optional(id)), ("secretKey", .string(secret.secret)),
            ("authFormat", .string("Bearer \(id.map { $0 + ":" } ?? "")\(secret.prefix)...")),
        ])
    }

    private static func describe(_ call: AdminCall) throws -> AdminAnswer {
        try call.connection.transaction(.repeatableRead) { transaction in
            let app = try call.app(transaction)
            if call.caller.application == nil { try call.checkReach(.usageRead, in: app.row.key.org ?? "", of: app.row) }
            let usage = try used(app, transaction)
            return AdminAnswer(.object([("success", .bool(true)), ("app", app.json([("usage", usage), ("analytics", try analytics(app, transaction))]))]))
        }
    }

    /// By days and hours that are summed already, so that old rows may be gone.
    private static func used(_ app: DeclaredApp, _ transaction: Transaction) throws -> JSONTree {
        let month = Zone.utc.window(.month, around: app.now).start..<Zone.utc.window(.day, around: app.now).end
        var filter = UsageFilter()
        (filter.orgs, filter.projects) = ([app.terms.organizationUID], [app.row.uid])
        let sums = try Ledger.report(transaction, UsageQuestion([month], filter: filter)).first?.sums ?? UsageTotals()
        return .object([
            ("requestsThisPeriod", .int(sums.requests)),
            ("currentMonthUsage", .object([
                // Questions to which model a chat is best sent are in no ledger.
                ("requestsCount", .int(sums.requests)), ("mlRoutingCount", .null), ("totalCost", .raw(NanoUSD(sums.cost).dollars)),
            ])),
        ])
    }

    private static func analytics(_ app: DeclaredApp, _ transaction: Transaction) throws -> JSONTree {
        let outcomes = try Ledger.outcomes(
            transaction, UsageSubject(orgUID: app.terms.organizationUID, projectUID: app.row.uid),
            from: Instant(milliseconds: app.now.milliseconds - analyzedMilliseconds), to: app.now)
        return .object([
            ("totalRequests", .int(outcomes.requests)), ("successfulRequests", .int(outcomes.requests - outcomes.failed)),
            ("failedRequests", .int(outcomes.failed)), ("avgResponseTime", .integer(outcomes.meanLatency?.wholeMilliseconds)),
        ])
    }

    /// Rows of a longer time are more than an answer should wait for.
    private static let analyzedMilliseconds: Int64 = 86_400_000

    private static func rotate(_ call: AdminCall) throws -> AdminAnswer {
        try call.refuseRepetition()
        let secret = MintedKey()
        let app = try call.connection.transaction { try call.app($0) }
        guard let key = app.key else { throw Problem.notFound }
        let receipt = try call.declareOnce(
            "Give the app \(app.row.key.name) another secret", [key.edit([("/spec/secrets", .array([secret.declaration]))])],
            org: app.row.key.org ?? "", unit: key.row.unit, expecting: key.seen)
        let isEnforced = receipt.request.state == .enforced
        return call.answer(receipt, created: false, .object([
            ("success", .bool(true)), ("message", .string(isEnforced ? "Secret key rotated successfully" : "Secret key rotation accepted")),
            ("credentials", credentials(secret, of: app.row.uid)),
            ("warning", .string(
                "Update your applications with the new secret key. The old key is "
                    + (isEnforced ? "no longer valid." : "valid until the rotation takes effect."))),
        ]))
    }
}

extension AdminCall {
    /// The app that the path names, among those that the caller may be told of.
    fileprivate func app(_ transaction: Transaction) throws -> DeclaredApp {
        let org = caller.application?.org ?? caller.member?.org ?? ""
        let app = try DeclaredApp.find(transaction, caller.tenancy, org: org, id: path["id"] ?? "")
        guard caller.application == nil || caller.application == app.row.key else { throw Problem.notFound }
        return app
    }
}
