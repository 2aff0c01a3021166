internal import HTTP
internal import Spec
internal import Store

/// Changes that were asked for, and what became of them.
extension AdminTable {
    static let changesPath = "/v1/admin/changes"

    static let changeRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate(changesPath), name: "listChanges",
            summary: "Changes that were asked for where the caller may look, the newest first", permission: .configRead,
            alternative: .configWrite, scope: .caller,
            query: AdminRoute.paging + [AdminRoute.Parameter(name: "state", shape: .choice(states), about: "only those in this state")],
            answer: .page(change)
        ) { call in
            let (limit, before, state) = (try call.limit(), try call.number(), try call.changeState())
            return try call.connection.transaction { transaction in
                let rows = try ChangeRequests.list(
                    transaction, call.caller.tenancy, states: state.map { [$0] } ?? [], before: before, limit: limit + 1)
                return call.page(rows, limit: limit, position: { String($0.number) }, json)
            }
        },
        AdminRoute(
            method: .get, template: PathTemplate(changesPath + "/{id}"), name: "getChange",
            summary: "One change that was asked for: the caller's own with a right to what is declared there, or with config.read any", permission: nil,
            scope: .caller, answer: change
        ) { call in
            AdminAnswer(json(try call.change(orWith: .configRead)))
        },
        AdminRoute(
            method: .post, template: PathTemplate(changesPath + "/{id}/withdraw"), name: "withdrawChange",
            summary: "Takes a change back: the caller's own with config.propose or config.write, or with the latter any of the organization",
            permission: nil, scope: .caller,
            body: [auditReason], answer: change
        ) { call in
            let request = try call.change(orWith: .configWrite)
            // A key may carry less than its owner, who asked for it.
            try call.requireChange(of: request.asked.org ?? call.caller.org, "it is a change of what is declared")
            // What is gone already is gone.
            if request.state == .withdrawn { return AdminAnswer(json(request)) }
            try call.requireMatch { AdminAnswer(json(request)).etag }
            let withdrawal = ChangeWithdrawal(
                id: request.uid, tenancy: .everything, actor: call.caller.name, reason: call.body.text("reason") ?? "")
            do { return AdminAnswer(json(try withdrawal.run(call.connection).request)) } catch let refusal as ChangeRefused {
                throw Problem(.conflict, refusal.description)
            }
        },
    ]

    /// Of every call that becomes a change.
    static let reasonParameter = AdminRoute.Parameter(name: "reason", shape: .string, about: "why; the commit's message and the audit keep it")

    /// Of every call that ends what stays to be read.
    static let auditReason = AdminRoute.BodyField(name: "reason", shape: .string, about: "for the audit")

    private static let states = ChangeRequest.State.allCases.map(\.rawValue)

    static let change = AdminShape.object([
        "id": .string, "state": .choice(states), "title": .string, "org": .optional(.string), "unit": .string, "caller": .string,
        "purpose": .string, "base_revision": .integer, "asked_at": .moment, "decided_at": .optional(.moment), "decided_by": .optional(.string),
        "reason": .optional(.string), "place": .optional(.string), "branch": .optional(.string), "commit": .optional(.string),
        "revision": .optional(.integer), "waits_for": .optional(.string),
    ])

    /// Without its patch, which may name secrets by their digests.
    static func json(_ request: ChangeRequest) -> JSONTree {
        .object([
            ("id", .string(request.uid)), ("state", .string(request.state.rawValue)), ("title", .string(request.asked.title)),
            ("org", .optional(request.asked.org)), ("unit", .string(request.asked.unit)), ("caller", .string(request.asked.caller)),
            ("purpose", .string(request.asked.purpose)), ("base_revision", .int(request.baseRevision)),
            ("asked_at", .string(request.createdAt.iso8601)), ("decided_at", .optional(request.decidedAt?.iso8601)),
            ("decided_by", .optional(request.decidedBy)), ("reason", .optional(request.reason)), ("place", .optional(request.place)),
            ("branch", .optional(request.branch)), ("commit", .optional(request.commit)),
            ("revision", request.revision.map { .int($0) } ?? .null), ("waits_for", .optional(request.trouble)),
        ])
    }
}

extension AdminCall {
    /// The path's change, where it is the caller's own, or the caller has the permission where it was asked for.
    fileprivate func change(orWith permission: Permission) throws -> ChangeRequest {
        guard let id = path["id"], ChangeQuestion.isID(id) else { throw Problem.notFound }
        let found = try connection.transaction { try ChangeRequests.one($0, .everything, uid: id) }
        guard let found, caller.reaches(found, with: permission) else { throw Problem.notFound }
        return found
    }

    fileprivate func changeState() throws(Problem) -> ChangeRequest.State? {
        guard let text = query["state"] else { return nil }
        guard let state = ChangeRequest.State(rawValue: text) else { throw Problem(.malformed, "state is none of a change") }
        return state
    }
}
