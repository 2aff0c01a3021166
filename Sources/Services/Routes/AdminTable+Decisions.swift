internal import HTTP
internal import Spec
internal import Store

/// Why requests were answered as they were.
extension AdminTable {
    static let decisionRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/decisions/{decision}"), name: "getDecision",
            summary: "Why a request was answered as it was, with what was declared then, as charter why --json prints it",
            permission: .decisionsRead, scope: .organization, isByProject: true, answer: DecisionChain.shape
        ) { call in
            try call.connection.transaction(.repeatableRead, timeout: decisionPatience) { transaction in
                let org = try call.org(transaction)
                guard let name = call.path["decision"], let question = try? DecisionQuestion(name, org: org, caller: call.caller) else {
                    throw Problem.notFound
                }
                return AdminAnswer(try question.run(transaction).json)
            }
        }
    ]

    /// Of one statement: who asks holds a connection that others wait for.
    private static let decisionPatience = Duration.seconds(10)
}
