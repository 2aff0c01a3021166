internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// Plans that are held back, and the words by which they pass.
extension AdminTable {
    static let planRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/plans"), name: "listOrgPlans",
            summary: "Plans that wait and concern an organization; of what is also another's only the code", permission: .planApprove,
            scope: .organization,
            answer: .object(["plans": .array(.object([
                "unit": .string, "digest": .string, "commit": .string, "author": .string, "since": .moment, "blocks": .array(WaitingBlock.shape),
            ]))])
        ) { call in
            try call.connection.transaction(.repeatableRead) { transaction in
                let org = try call.org(transaction)
                let (plans, isAlone) = try WaitingPlans.of(transaction, org: org)
                return AdminAnswer(.object([("plans", .array(plans.map { json($0, org, isAlone: isAlone) }))]))
            }
        },
    ] + approvals("/v1/admin/plans", noun: "", of: "", .platform)
        + approvals("/v1/admin/orgs/{org}/plans", noun: "Org", of: " that concerns an organization", .organization)

    private static func approvals(_ path: String, noun: String, of place: String, _ scope: AdminRoute.Scope) -> [AdminRoute] {
        let template = PathTemplate(path + "/{digest}/approvals")
        return [
            AdminRoute(
                method: .get, template: template, name: "list\(noun)Approvals",
                summary: "The words given for a plan that waits\(place)\(scope == .organization ? ", by its own members" : "")",
                permission: .planApprove, scope: scope,
                answer: .object(["digest": .string, "approvals": .array(.object([
                    "approver": .string, "reason": .string, "at": .moment, "expires_at": .moment, "expired": .boolean,
                ]))])
            ) { call in
                try call.connection.transaction(.repeatableRead) { transaction in
                    let plan = try call.plan(transaction)
                    // Who else let it pass, and why, is for others to know.
                    let words = try Approvals.of(transaction, digest: plan.digest).filter { word in call.path["org"].map { $0 == word.org } ?? true }
                    return AdminAnswer(.object([("digest", .string(plan.digest)), ("approvals", .array(words.map(json)))]))
                }
            },
            AdminRoute(
                method: .post, template: template, name: "approve\(noun)Plan",
                summary: "The caller's word that a plan that waits\(place) may pass, as charter approve gives it", permission: .planApprove,
                scope: scope,
                body: [
                    AdminRoute.BodyField(name: "reason", shape: .string, about: "for the audit", isRequired: true),
                    AdminRoute.BodyField(name: "for_seconds", shape: .number(1...secondsMax), about: "how long it is good for, when less than charter.yaml says"),
                ],
                status: 201, answer: ApprovalReceipt.shape, run: approve),
        ]
    }

    private static func approve(_ call: AdminCall) throws -> AdminAnswer {
        let tenancy = try call.tenancy()
        guard let member = call.caller.member, let org = member.org else {
            throw Problem(.forbidden, "a plan passes by the word of a member: present a member's key or token")
        }
        let within = call.body.integer("for_seconds").map { Duration.seconds($0) }
        let request = ApprovalRequest(
            digest: call.path["digest"] ?? "", org: org, member: member.name, reason: call.body.text("reason") ?? "", within: within,
            tenancy: tenancy)
        return AdminAnswer(201, try request.run(call.connection, operator: call.caller.name).json)
    }

    /// A year: the rules say less.
    private static let secondsMax = 31_557_600

    private static func json(_ plan: WaitingPlan, _ org: String, isAlone: Bool) -> JSONTree {
        .object([
            ("unit", .string(plan.unit)), ("digest", .string(plan.digest)), ("commit", .string(plan.commit)), ("author", .string(plan.author)),
            ("since", .string(plan.since.iso8601)), ("blocks", .array(plan.reasons.map { $0.json(for: org, isAlone: isAlone) })),
        ])
    }

    private static func json(_ approval: Approval) -> JSONTree {
        .object([
            ("approver", .string("\(approval.org)/\(approval.member)")), ("reason", .string(approval.reason)),
            ("at", .string(approval.at.iso8601)), ("expires_at", .string(approval.expiresAt.iso8601)), ("expired", .bool(approval.isExpired)),
        ])
    }
}

extension AdminCall {
    /// The plan that waits whose digest the path names, or begins to.
    fileprivate func plan(_ transaction: Transaction) throws -> WaitingPlan {
        let digest = (path["digest"] ?? "").lowercased()
        let found = try WaitingPlans.of(transaction, tenancy(transaction)).filter { $0.isNamed(by: digest) }
        guard let plan = found.first else { throw Problem.notFound }
        guard found.count == 1 else { throw Problem(.conflict, "several plans begin so; give more of the digest") }
        return plan
    }
}
