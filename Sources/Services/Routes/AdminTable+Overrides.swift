internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// What is set aside for a time: of one organization, or of all and the platform.
extension AdminTable {
    static let overrideRoutes: [AdminRoute] = routes("/v1/admin/overrides", noun: "Override", of: "anywhere", .platform)
        + routes("/v1/admin/orgs/{org}/overrides", noun: "OrgOverride", of: "in an organization", .organization)

    private static func routes(_ path: String, noun: String, of place: String, _ scope: AdminRoute.Scope) -> [AdminRoute] {
        return [
            AdminRoute(
                method: .get, template: PathTemplate(path), name: "list\(noun)s", summary: "Overrides in force \(place), the newest first",
                permission: .driftRead, scope: scope, query: AdminRoute.paging + [state], answer: .page(override), run: listOverrides),
            AdminRoute(
                method: .post, template: PathTemplate(path), name: "set\(noun)",
                summary: "Puts other values in place of what is declared \(place), or denies it, for seven days at most",
                permission: .overrideWrite, scope: scope, fields: [.idempotencyKey], body: fields, status: 201, answer: override, run: setOverride),
            AdminRoute(
                method: .get, template: PathTemplate(path + "/{id}"), name: "get\(noun)", summary: "One override \(place), by its whole id", permission: .driftRead,
                scope: scope, answer: override
            ) { call in
                try call.connection.transaction { AdminAnswer(try call.override($0).facts) }
            },
            AdminRoute(
                method: .post, template: PathTemplate(path + "/{id}/end"), name: "end\(noun)",
                summary: "Ends an override \(place): what is declared holds again", permission: .overrideWrite, scope: scope,
                fields: [.ifMatch], body: [auditReason], answer: override
            ) { call in
                let override = try call.connection.transaction { try call.override($0) }
                try call.requireMatch { AdminAnswer(override.facts).etag }
                let request = OverrideEndRequest(
                    id: override.uid, actor: call.caller.name, reason: call.body.text("reason"), caller: call.caller)
                return AdminAnswer(try request.run(call.connection).facts)
            },
            AdminRoute(
                method: .post, template: PathTemplate(path + "/{id}/commit"), name: "commit\(noun)",
                summary: "Asks in the caller's name for a commit of an override \(place); the revision that holds it ends the override",
                permission: .overrideWrite, scope: scope, fields: [.idempotencyKey], locates: true,
                body: [
                    AdminRoute.BodyField(name: "reason", shape: .string, about: "the override's own where it is absent"),
                    AdminRoute.BodyField(name: "until", shape: .moment, about: "when a denial ends that is committed; none where it is absent"),
                ],
                status: 202, answer: change, otherAnswers: [200: change], run: commit),
        ]
    }

    private static let state = AdminRoute.Parameter(
        name: "state", shape: .choice(["in_force", "all"]), about: "all for those that are over too; in_force where it is absent")

    private static let fields = [
        AdminRoute.BodyField(
            name: "target", shape: .string, about: "KIND/ORG/NAME, as budget/acme/monthly, key/acme/checkout or org/acme; model/PROVIDER/NAME",
            isRequired: true),
        AdminRoute.BodyField(name: "set", shape: .array(.string), about: "other values, as limit=400USD or targets.0.weight=10"),
        AdminRoute.BodyField(name: "deny", shape: .boolean, about: "in place of other values: nobody may use it"),
        AdminRoute.BodyField(name: "until", shape: .string, about: "when it ends by itself, as 2h or 2026-11-22T18:00:00Z", isRequired: true),
        AdminRoute.BodyField(name: "reason", shape: .string, about: "everybody who meets it sees it", isRequired: true),
    ]

    private static let override = AdminShape.object([
        "id": .string, "resource": .string, "model": .optional(.string), "denies": .boolean, "patch": .optional(.declaration),
        "elements": .optional(.declaration), "owner": .string, "reason": .string, "base_revision": .integer, "created_at": .moment, "expires_at": .moment,
        "ended_at": .optional(.moment), "ended_by": .optional(.string), "gateway": .optional(.string), "change": .optional(.string),
    ])

    private static func listOverrides(_ call: AdminCall) throws -> AdminAnswer {
        let (limit, position) = (try call.limit(), try call.overridePosition())
        let state = call.query["state"] ?? "in_force"
        guard ["in_force", "all"].contains(state) else { throw Problem(.malformed, "state is in_force or all") }
        return try call.connection.transaction(.repeatableRead) { transaction in
            let found = try Overrides.page(
                transaction, try call.tenancy(transaction), ended: state == "all", after: position, limit: limit + 1)
            return call.page(found, limit: limit, position: { "\($0.createdAt.milliseconds)/\($0.uid)" }, \.facts)
        }
    }

    private static func setOverride(_ call: AdminCall) throws -> AdminAnswer {
        let tenancy = try call.tenancy()
        let target = call.body.text("target") ?? ""
        try call.check(target)
        let now = try call.connection.transaction { try $0.clock() }
        var request = OverrideRequest(
            target: target, try wish(call.body), until: try OverrideEnd(call.body.text("until") ?? "", now: now),
            actor: call.caller.name, reason: call.body.text("reason") ?? "", caller: call.caller)
        if let name = try OverrideName(of: call) {
            let earlier = try call.connection.transaction { transaction in try name.find(transaction, tenancy) }
            if let earlier { return AdminAnswer(201, earlier.facts) }
            request.name = name
        }
        let made = try request.run(call.connection).override
        // Two calls at once with one key set one override, whose end is that of the first.
        let kept = try call.connection.transaction { try Overrides.one($0, tenancy, uid: made.uid) }
        return AdminAnswer(201, (kept ?? made).facts)
    }

    private static func commit(_ call: AdminCall) throws -> AdminAnswer {
        let member = try call.memberName()
        // Its revision may have ended the override since.
        if let earlier = try call.repeated() { return call.answer(earlier, created: false, json(earlier.request)) }
        let override = try call.connection.transaction { try call.override($0) }
        try call.requireChange(of: override.target.org, "it becomes a change of what is declared")
        var request = OverrideCommitRequest(
            id: override.uid, as: member, reason: call.body.text("reason"), until: try call.until(),
            idempotencyKey: try call.idempotencyKey(), caller: call.caller)
        request.fingerprint = call.fingerprint
        let receipt = try call.ended { try request.run(call.connection) }
        return call.answer(receipt, created: false, json(receipt.request))
    }

    private static func wish(_ body: AdminBody) throws(Problem) -> OverrideRequest.Wish {
        switch (body.texts("set"), body.flag("deny")) {
        case (let words?, false) where !words.isEmpty: .values(words)
        case (nil, true): .denial
        default: throw Problem(.invalidBody, "give set with at least one value, or deny, and not both")
        }
    }
}

extension AdminCall {
    /// The override that the path names, where it is one of the path's organization.
    func override(_ transaction: Transaction) throws -> Override {
        let tenancy = try tenancy(transaction)
        guard let override = try Overrides.one(transaction, tenancy, uid: (path["id"] ?? "").lowercased()) else { throw Problem.notFound }
        return override
    }

    /// In an organization's path its things alone are there, also for who may do more.
    fileprivate func check(_ target: String) throws(Problem) {
        guard let org = path["org"], let name = TargetName(target) else { return }
        let key = switch name {
        case .resource(let key): key
        case .model(let name): TargetName.route(name)
        }
        guard key.org == org else { throw .notFound }
    }

    fileprivate func overridePosition() throws(Problem) -> Overrides.Position? {
        guard let text = try position() else { return nil }
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let milliseconds = Int64(parts[0]) else { throw Problem(.malformed, "the cursor is none of this list") }
        return Overrides.Position(createdAt: Instant(milliseconds: milliseconds), uid: parts[1])
    }
}

extension Override {
    /// As the admin API tells of it.
    fileprivate var facts: JSONTree {
        let patch: ResourcePatch? = if case .patch(let patch) = effect { patch } else { nil }
        return .object([
            ("id", .string(uid)), ("resource", .string(target.description)), ("model", .optional(part)), ("denies", .bool(effect == .denial)),
            ("patch", patch.map { .raw($0.json) } ?? .null), ("elements", patch.map { .raw($0.elementsJSON) } ?? .null),
            ("owner", .string(owner)), ("reason", .string(reason)), ("base_revision", .int(baseRevision)),
            ("created_at", .string(createdAt.iso8601)), ("expires_at", .string(expiresAt.iso8601)),
            ("ended_at", .optional(endedAt?.iso8601)), ("ended_by", .optional(endedBy)), ("gateway", .optional(gateway)),
            ("change", .optional(change)),
        ])
    }
}
