internal import HTTP
internal import Spec
internal import Store

/// Keys of the caller's organization in the shapes of `/api/v1/api-keys`.
extension AdminTable {
    private static let path = "/api/v1/api-keys"

    static let platformKeyRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate(path), name: "listAPIKeys", summary: "The declared keys of the caller's organization",
            permission: .keysRead, scope: .caller, query: AdminRoute.paging, problems: .nested,
            answer: .object(["apiKeys": .array(PlatformKey.shape), "next": .optional(.string)]), run: listed),
        AdminRoute(
            method: .post, template: PathTemplate(path), name: "createAPIKey",
            summary: "Declares a key of the caller; its secret is told this once", permission: .configPropose, alternative: .configWrite,
            scope: .caller, query: [reasonParameter], body: created, status: 201, problems: .nested,
            answer: secretKey, otherAnswers: [202: secretKey], run: create),
        AdminRoute(
            method: .get, template: PathTemplate(path + "/{id}"), name: "getAPIKey", summary: "One declared key, by its id or uid",
            permission: .keysRead, scope: .caller, problems: .nested, answer: PlatformKey.shape
        ) { call in
            let org = try call.ownMember().org
            return try call.connection.transaction(.repeatableRead) { transaction in
                let key = try call.key(of: org, transaction)
                return AdminAnswer(PlatformKey(key, at: try transaction.clock()).json)
            }
        },
        AdminRoute(
            method: .put, template: PathTemplate(path + "/{id}"), name: "updateAPIKey",
            summary: "Changes what a declared key is called, may do and how fast; what is left out stays", permission: .configPropose,
            alternative: .configWrite, scope: .caller, query: [reasonParameter], body: changed, problems: .nested,
            answer: PlatformKey.changedShape, otherAnswers: [202: PlatformKey.changedShape], run: update),
        AdminRoute(
            method: .delete, template: PathTemplate(path + "/{id}"), name: "deleteAPIKey", summary: "Removes a declared key",
            permission: .keysRevoke, scope: .caller, query: [reasonParameter], problems: .nested,
            answer: deleted, otherAnswers: [202: deleted], run: delete),
        AdminRoute(
            method: .post, template: PathTemplate(path + "/{id}/revoke"), name: "revokeAPIKey",
            summary: "Takes all secrets of a declared key from it, and keeps its name for reports", permission: .keysRevoke, scope: .caller,
            query: [reasonParameter], body: [], problems: .nested, answer: PlatformKey.changedShape,
            otherAnswers: [202: PlatformKey.changedShape], run: revoke),
    ]

    private static let secretKey = AdminShape.members(
        (PlatformKey.members + [("key", .string)]).map { AdminShape.Member(name: $0.0, shape: $0.1) })
    private static let deleted = AdminShape.object(["id": .string, "deleted": .boolean])

    private static let created = [
        AdminRoute.BodyField(name: "name", shape: .string, about: "what people call it; its id is made of that", isRequired: true),
        AdminRoute.BodyField(name: "permissions", shape: .array(.string), about: "names of Scopes that it carries", isRequired: true),
        AdminRoute.BodyField(name: "rateLimit", shape: .number(RequestRate.bounds), about: "requests a minute; the organization's usual where it is absent"),
        AdminRoute.BodyField(name: "expiresAt", shape: .moment, about: "from when on it is refused; never where it is absent"),
    ]

    private static let changed = created.map { field in
        var field = field
        field.isRequired = false
        return field
    }

    private static func listed(_ call: AdminCall) throws -> AdminAnswer {
        let org = try call.ownMember().org
        let (limit, place) = (try call.limit(), try call.place())
        return try call.connection.transaction(.repeatableRead) { transaction in
            let now = try transaction.clock()
            let rows = try Resources.page(transaction, .organization(org), .apiKey, after: place, limit: limit + 1)
            let keys = try rows.prefix(limit).map { PlatformKey(try DeclaredKey($0), at: now).json }
            let next = rows.count > limit ? PageCursor(path: call.request.path, position: "\(org)/\(rows[limit - 1].key.name)").text : nil
            return AdminAnswer(.object([("apiKeys", .array(keys)), ("next", .optional(next))]))
        }
    }

    private static func create(_ call: AdminCall) throws -> AdminAnswer {
        let own = try call.ownMember()
        try call.refuseRepetition()
        let title = try ResourceTitle(call.body.text("name"), field: "name")
        let key = ResourceKey(org: own.org, kind: .apiKey, name: title.name)
        let secret = MintedKey()
        let draft = try ResourceDraft(key, [
            ("description", .given(title.described)), ("owner", .string(own.name)), ("scopes", .given(call.body.texts("permissions") ?? [])),
            ("limits", try RequestRate.given(call.body.integer("rateLimit"), "rateLimit").map { .strings([$0.text]) }),
            ("expires", .given(call.body.text("expiresAt"))), ("secrets", .array([secret.declaration])),
        ])
        try call.connection.transaction { transaction in
            try call.refuseTaken(key, transaction)
            try KeyOwner.check(ResourceKey(org: own.org, kind: .member, name: own.name), transaction)
        }
        let receipt = try call.declareOnce("Declare the key \(key.name)", [draft.step], org: own.org, expecting: draft.seen)
        guard case .apiKey(let spec) = draft.resource.body else { throw Problem.notFound }
        let shown = PlatformKey(name: key.name, uid: try call.uid(of: key, receipt), spec: spec, now: receipt.request.createdAt)
        return call.answer(receipt, created: true, .object(shown.members + [("key", .string(secret.secret))]))
    }

    private static func update(_ call: AdminCall) throws -> AdminAnswer {
        let org = try call.ownMember().org
        let earlier = try call.repeated()
        let (key, now) = try call.connection.transaction { (try call.key(of: org, $0), try $0.clock()) }
        if let earlier { return call.answer(earlier, created: false, call.shown(key, at: now)) }
        try call.requireMatch(key, at: now)
        let edit = try KeyEdit(call.body, of: key)
        let receipt = try call.declare("Change the key \(key.row.key.name)", [key.edit(edit.fields)], org: org, unit: key.row.unit, expecting: key.seen)
        return call.answer(receipt, created: false, call.shown(edit.key, at: now))
    }

    private static func delete(_ call: AdminCall) throws -> AdminAnswer {
        let org = try call.ownMember().org
        try call.requireChange(of: org, keyIsDeclared)
        let json = JSONTree.object([("id", .optional(call.path["id"])), ("deleted", .bool(true))])
        if let earlier = try call.repeated() { return call.answer(earlier, created: false, json) }
        let (key, now) = try call.connection.transaction { (try call.key(of: org, $0), try $0.clock()) }
        try call.requireMatch(key, at: now)
        let receipt = try call.declare("Remove the key \(key.row.key.name)", [.remove(key.row.key)], org: org, unit: key.row.unit, expecting: key.seen)
        return call.answer(receipt, created: false, json)
    }

    private static func revoke(_ call: AdminCall) throws -> AdminAnswer {
        let org = try call.ownMember().org
        try call.requireChange(of: org, keyIsDeclared)
        let earlier = try call.repeated()
        var (key, now) = try call.connection.transaction { (try call.key(of: org, $0), try $0.clock()) }
        if let earlier { return call.answer(earlier, created: false, call.shown(key, at: now)) }
        try call.requireMatch(key, at: now)
        let step = key.edit([("/spec/secrets", .array([]))])
        let receipt = try call.declare("Revoke the key \(key.row.key.name)", [step], org: org, unit: key.row.unit, expecting: key.seen)
        key.spec.secrets = []
        return call.answer(receipt, created: false, call.shown(key, at: now))
    }
}

extension AdminCall {
    /// The declared key that the path names, among those of the organization.
    fileprivate func key(of org: String, _ transaction: Transaction) throws -> DeclaredKey {
        try DeclaredKey.find(transaction, .organization(org), org: org, id: path["id"] ?? "")
    }

    /// Whoever may change or end keys may not read them by the way.
    fileprivate func shown(_ key: DeclaredKey, at now: Instant) -> JSONTree {
        caller.may(.keysRead, in: key.row.key.org) ? PlatformKey(key, at: now).json : PlatformKey.changed(path["id"] ?? "")
    }

    fileprivate func requireMatch(_ key: DeclaredKey, at now: Instant) throws {
        try requireMatch { AdminAnswer(PlatformKey(key, at: now).json).etag }
    }
}
