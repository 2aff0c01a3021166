internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// What was used and what it cost.
extension AdminTable {
    static let usageRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/usage"), name: "getUsage",
            summary: "Sums of an organization's ledger, as charter usage --json prints them", permission: .usageRead, scope: .organization,
            isByProject: true,
            query: parameters,
            answer: .object([
                "format": .integer, "from": .moment, "to": .moment, "zone": .string, "usage": .array(.declaration), "total": .declaration,
            ])
        ) { call in
            try call.connection.transaction(.repeatableRead, timeout: usagePatience) { transaction in
                let org = try call.org(transaction)
                try call.checkReach(.usageRead, in: org, project: call.query["project"])
                var request = try call.usage(by: call.query["by"], in: org, transaction)
                request.filter.project = call.query["project"]
                request.filter.key = call.query["key"]
                request.filter.member = call.query["member"]
                if let model = call.query["model"] { request.filter.models = [model] }
                return AdminAnswer(try request.run(transaction).json)
            }
        }
    ]

    /// Of one answer, which is held in memory as a whole.
    fileprivate static let usageLinesMax = 5_000
    /// A question that reads for longer keeps others from being answered.
    static let usagePatience = Duration.seconds(10)

    /// What `AdminCall.usage` reads.
    static let spanParameters = [
        AdminRoute.Parameter(name: "from", shape: .string, about: "the first moment, as 2026-11 or 7d; the month's beginning where it is absent"),
        AdminRoute.Parameter(name: "to", shape: .string, about: "the first moment that is no more part of it; the day's end where it is absent"),
        AdminRoute.Parameter(name: "zone", shape: .string, about: "the IANA zone whose days are meant; UTC where it is absent"),
    ]

    private static let parameters = spanParameters + [
        AdminRoute.Parameter(name: "by", shape: .string, about: "what to tell apart, with commas: project, key, member, model, day and others"),
        AdminRoute.Parameter(name: "project", shape: .string, about: "only this project"),
        AdminRoute.Parameter(name: "key", shape: .string, about: "only this key"),
        AdminRoute.Parameter(name: "member", shape: .string, about: "only keys of this member"),
        AdminRoute.Parameter(name: "model", shape: .string, about: "only these models: provider/model, in which * stands for anything"),
    ]
}

extension AdminCall {
    /// The question of the call's span about an organization.
    func usage(by dimensions: String?, in org: String, _ transaction: Transaction) throws -> UsageRequest {
        var request = try UsageRequest(
            from: query["from"], to: query["to"], zone: query["zone"], by: dimensions, now: transaction.clock())
        request.linesMax = AdminTable.usageLinesMax
        request.filter.org = org
        return request
    }
}
