internal import HTTP
internal import Spec
internal import Store

/// Budgets with what they have counted.
extension AdminTable {
    static let budgetRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/budgets"), name: "listBudgets",
            summary: "What each budget of an organization has counted of its window, what is reserved for requests under way, and what is left", permission: .usageRead,
            scope: .organization, isByProject: true, answer: .object(["format": .integer, "reservedAt": .optional(.moment), "budgets": .array(budget)])
        ) { call in
            let org = try call.connection.transaction { try call.org($0) }
            return AdminAnswer(try BudgetTable(call.connection, org: org, reach: call.caller.reach(.usageRead, in: org)).json)
        },
        AdminRoute(
            method: .post, template: PathTemplate("/v1/admin/orgs/{org}/budgets/{kind}/{name}/reset"), name: "resetBudget",
            summary: "Has what a budget counted of its window count no longer; kind is that of what declares it, such as budget or apikey",
            permission: .budgetsWrite, scope: .organization, isByProject: true,
            body: [
                AdminRoute.BodyField(name: "reason", shape: .string, about: "for the audit", isRequired: true),
                AdminRoute.BodyField(name: "dry_run", shape: .boolean, about: "whether only to say what would be forgiven"),
            ],
            answer: .object([
                "format": .integer, "dryRun": .boolean, "budget": .string, "amount": .string, "unit": .string, "forgiven": .integer,
                "windowStart": .moment, "windowEnd": .optional(.moment), "reset": .optional(.integer), "at": .optional(.moment),
            ])
        ) { call in
            let org = try call.connection.transaction { try call.org($0) }
            guard let kind = call.path["kind"].flatMap(Kind.init(word:)) else { throw Problem.notFound }
            try call.checkReach(.budgetsWrite, in: org, kind, try call.name("name"))
            let request = BudgetResetRequest(
                budget: "\(org)/\(kind.rawValue)/\(try call.name("name"))", actor: call.caller.name, reason: call.body.text("reason") ?? "",
                isTrial: call.body.flag("dry_run"))
            guard let key = try call.idempotencyKey() else { return AdminAnswer(try request.run(call.connection).json) }
            let question = AnsweredCalls.Question(org: org, caller: call.caller.name, idempotencyKey: key, call: call.fingerprint)
            return AdminAnswer(try call.asking { try request.run(call.connection, once: question) })
        },
    ]

    private static let budget = AdminShape.object([
        "budget": .string, "amount": .string, "counter": .string, "unit": .string, "windowStart": .moment, "windowEnd": .optional(.moment),
        "ledger": .integer, "forgiven": .integer, "counted": .integer, "reserved": .optional(.integer), "left": .optional(.integer),
        "resets": .array(.object(["id": .integer, "at": .optional(.moment), "by": .string, "reason": .string, "forgiven": .integer])),
    ])
}

extension AdminCall {
    /// Answers that a budget is not there where the caller has the right in other projects alone.
    fileprivate func checkReach(_ permission: Permission, in org: String, _ kind: Kind, _ name: String) throws {
        guard caller.reach(permission, in: org) != .everything else { return }
        let row = try connection.transaction { try Resources.one($0, ResourceKey(org: org, kind: kind, name: name)) }
        guard let row else { throw Problem.notFound }
        try checkReach(permission, in: org, of: row)
    }
}
