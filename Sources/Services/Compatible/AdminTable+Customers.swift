internal import HTTP
internal import Spec
internal import Store

/// Customers, which are organizations, and their keys, in the shapes of `/customers` and `/api/keys`.
extension AdminTable {
    static let customerRoutes: [AdminRoute] = [
        AdminRoute(
            method: .post, template: PathTemplate("/customers"), name: "createCustomer",
            summary: "Declares an organization with one member, who may call models and see what was used", permission: .configPropose,
            alternative: .configWrite, scope: .platform, query: [reasonParameter], body: customerFields, status: 201,
            problems: .detail, answer: customer, otherAnswers: [202: customer], run: create),
        AdminRoute(
            method: .post, template: PathTemplate("/api/keys"), name: "createCustomerKey",
            summary: "Declares a key of a customer, found by the email address; its secret is told this once", permission: .configPropose,
            alternative: .configWrite, scope: .caller, query: [reasonParameter], body: keyFields, status: 201, problems: .detail,
            answer: customerKey, otherAnswers: [202: customerKey], run: createKey),
        AdminRoute(
            method: .post, template: PathTemplate("/api/keys/{id}/toggle"), name: "toggleKey",
            summary: "Suspends a declared key, or has a suspended one count again; by its number or name", permission: .configPropose,
            alternative: .configWrite, scope: .caller, query: [reasonParameter], body: [], problems: .detail,
            answer: toggled, otherAnswers: [202: toggled], run: toggle),
    ]

    private static let customer = AdminShape.object([
        "id": .optional(.integer), "name": .string, "email": .string, "company": .string, "created_at": .moment,
    ])
    private static let customerFields = [
        AdminRoute.BodyField(name: "name", shape: .string, about: "of the member", isRequired: true),
        AdminRoute.BodyField(name: "email", shape: .string, about: "of the member, and for outages and changes", isRequired: true),
        AdminRoute.BodyField(name: "company", shape: .string, about: "of the organization; the member's where it is absent"),
    ]

    private static let customerKey = AdminShape.object([
        "id": .optional(.integer), "key": .string, "name": .string, "rate_limit": .integer, "allowed_models": .array(.identifier),
    ])
    private static let keyFields = [
        AdminRoute.BodyField(name: "customer_email", shape: .string, about: "of the member whose key it is", isRequired: true),
        AdminRoute.BodyField(name: "name", shape: .string, about: "what people call it", isRequired: true),
        AdminRoute.BodyField(
            name: "allowed_models", shape: .array(.identifier),
            about: "models, patterns and routes; a number is the name of a RoutingPolicy; all models where it is absent"),
        AdminRoute.BodyField(name: "rate_limit", shape: .number(RequestRate.bounds), about: "requests a minute to each model, 60 where it is absent"),
    ]
    private static let rateUsual: Int64 = 60

    private static let toggled = AdminShape.object(["id": .integer, "name": .optional(.string), "is_active": .boolean])

    private static func create(_ call: AdminCall) throws -> AdminAnswer {
        let draft = try CustomerDraft(call.body)
        let receipt = try call.repeated() ?? {
            try call.connection.transaction { transaction in
                try call.refuseTaken(draft.organization.resource.key, transaction)
                guard try DeclaredMember.find(transaction, .everything, email: draft.email).isEmpty else {
                    throw Problem(.conflict, "there is a member with this email address already")
                }
            }
            return try call.declare(
                "Declare the customer \(draft.org)", draft.all.map(\.step), org: draft.org, unit: nil,
                expecting: draft.all.reduce(into: [:]) { $0.merge($1.seen) { first, _ in first } })
        }()
        let uid = try call.uid(of: draft.organization.resource.key, receipt)
        return call.answer(receipt, created: true, .object([
            ("id", .integer(uid.flatMap(LineageNumber.number))), ("name", .string(draft.name)), ("email", .string(draft.email)),
            ("company", .string(draft.company)), ("created_at", .string(receipt.request.createdAt.iso8601)),
        ]))
    }

    private static func createKey(_ call: AdminCall) throws -> AdminAnswer {
        try call.refuseRepetition()
        let title = try ResourceTitle(call.body.text("name"), field: "name")
        let rate = try RequestRate.given(call.body.integer("rate_limit") ?? rateUsual, "rate_limit", perModel: true)
        let (models, secret) = (call.body.texts("allowed_models") ?? [], MintedKey())
        let (draft, scope) = try call.connection.transaction { transaction in
            let member = try DeclaredMember.only(transaction, call.caller.tenancy, email: call.body.text("customer_email") ?? "")
            let key = ResourceKey(org: member.org, kind: .apiKey, name: title.name)
            try call.refuseTaken(key, transaction)
            try KeyOwner.check(member, transaction)
            let draft = try ResourceDraft(key, [
                ("description", .given(title.described)), ("owner", .string(member.name)), ("scopes", .strings([CustomerDraft.scope])),
                ("models", models.isEmpty ? nil : .object([("allow", .strings(models))])), ("limits", rate.map { .strings([$0.text]) }),
                ("secrets", .array([secret.declaration])),
            ])
            return (draft, try call.scope(CustomerDraft.scope, in: member.org ?? "", opening: [.chatCompletions], transaction))
        }
        let (key, all) = (draft.resource.key, [scope, draft].compactMap(\.self))
        let receipt = try call.declareOnce(
            "Declare the key \(key.name)", all.map(\.step), org: key.org ?? "",
            expecting: all.reduce(into: [:]) { $0.merge($1.seen) { first, _ in first } })
        let uid = try call.uid(of: key, receipt)
        return call.answer(receipt, created: true, .object([
            ("id", .integer(uid.flatMap(LineageNumber.number))), ("key", .string(secret.secret)), ("name", .string(title.text)),
            ("rate_limit", .integer(rate?.amount)), ("allowed_models", .array(models.map { Int64($0).map { .int($0) } ?? .string($0) })),
        ]))
    }

    private static func toggle(_ call: AdminCall) throws -> AdminAnswer {
        let earlier = try call.repeated()
        let (key, now) = try call.connection.transaction { transaction in
            let org = call.caller.member?.org ?? ""
            let key = try DeclaredKey.find(transaction, call.caller.tenancy, org: org, numberOrName: call.path["id"] ?? "")
            return (key, try transaction.clock())
        }
        let isSuspended = key.isSuspended(at: now)
        if let earlier { return call.answer(earlier, created: false, toggled(call, key, isActive: !isSuspended)) }
        let reason = JSONTree.object([("reason", .string("toggled by \(call.caller.name)"))])
        let receipt = try call.declare(
            "\(isSuspended ? "Resume" : "Suspend") the key \(key.row.key.name)",
            [key.edit([("/spec/suspend", isSuspended ? nil : reason)])], org: key.row.key.org, unit: key.row.unit, expecting: key.seen)
        return call.answer(receipt, created: false, toggled(call, key, isActive: isSuspended))
    }

    /// Whoever may not read keys is told no name of one.
    private static func toggled(_ call: AdminCall, _ key: DeclaredKey, isActive: Bool) -> JSONTree {
        let name = call.caller.may(.keysRead, in: key.row.key.org) ? key.title : nil
        return .object([("id", .integer(LineageNumber.number(of: key.row.uid))), ("name", .optional(name)), ("is_active", .bool(isActive))])
    }
}
