internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// What other hands changed in the database, and what is to become of it: of one organization, or of all and the platform.
extension AdminTable {
    static let driftRoutes: [AdminRoute] = routes(
        list: "/v1/admin/drift/findings", acts: "/v1/admin/drift", noun: "Drift", of: "anywhere", .platform)
        + routes(
            list: "/v1/admin/orgs/{org}/drift", acts: "/v1/admin/orgs/{org}/drift", noun: "OrgDrift", of: "in an organization", .organization)

    private static func routes(list: String, acts: String, noun: String, of place: String, _ scope: AdminRoute.Scope) -> [AdminRoute] {
        [
            AdminRoute(
                method: .get, template: PathTemplate(list), name: "list\(noun)",
                summary: "What scans found changed by other hands \(place), field by field, the newest first", permission: .driftRead,
                scope: scope, query: AdminRoute.paging + [state], answer: .page(DriftFinding.shape), run: listFindings),
            AdminRoute(
                method: .post, template: PathTemplate(acts + "/revert"), name: "revert\(noun)",
                summary: "Has the reconciler put findings \(place) right at its next turn", permission: .overrideWrite, scope: scope,
                body: selection, answer: DriftReceipt.shape, run: revert),
            AdminRoute(
                method: .post, template: PathTemplate(acts + "/tolerate"), name: "tolerate\(noun)",
                summary: "Lets findings \(place) stay until a time", permission: .overrideWrite, scope: scope, body: toleration,
                answer: DriftReceipt.shape, run: tolerate),
            AdminRoute(
                method: .post, template: PathTemplate(acts + "/adopt"), name: "adopt\(noun)",
                summary: "Asks in the caller's name for commits that declare what findings \(place) say, one or more for each unit", permission: .configPropose,
                alternative: .configWrite, scope: scope, fields: [.idempotencyKey], locates: true,
                body: selection + [AdminRoute.BodyField(name: "reason", shape: .string, about: "why; the commit's message and the audit keep it")],
                answer: adopted, otherAnswers: [202: adopted], run: adopt),
        ]
    }

    private static let state = AdminRoute.Parameter(
        name: "state", shape: .choice(DriftStates.words), about: "only those of that state; present are open and tolerated ones, as where it is absent")

    static let selection = [
        AdminRoute.BodyField(name: "subject", shape: .string, about: "ORG/KIND/NAME, or ORG/KIND/NAME#/FIELD for one field, with - for the platform"),
        AdminRoute.BodyField(name: "all", shape: .boolean, about: "in place of a subject: all there are"),
    ]

    private static let toleration = [
        AdminRoute.BodyField(
            name: "subject", shape: .string, about: "ORG/KIND/NAME, or ORG/KIND/NAME#/FIELD for one field, with - for the platform", isRequired: true),
        AdminRoute.BodyField(name: "reason", shape: .string, about: "for the audit", isRequired: true),
        AdminRoute.BodyField(name: "until", shape: .moment, about: "when it ends"),
        AdminRoute.BodyField(name: "for_seconds", shape: .number(1...secondsMax), about: "in place of until: after how long, by the database's clock"),
    ]

    private static let adopted = AdminShape.object(["changes": .array(change)])

    private static func listFindings(_ call: AdminCall) throws -> AdminAnswer {
        let (limit, before) = (try call.limit(), try call.number())
        guard let states = DriftStates.named(call.query["state"] ?? DriftStates.present) else {
            throw Problem(.malformed, "state is one of \(DriftStates.words.joined(separator: ", "))")
        }
        return try call.connection.transaction(.repeatableRead) { transaction in
            let found = try DriftFindings.page(
                transaction, try call.tenancy(transaction), states: states, before: before, limit: limit + 1)
            return call.page(found, limit: limit, position: { String($0.id) }, \.json)
        }
    }

    private static func revert(_ call: AdminCall) throws -> AdminAnswer {
        let tenancy = try call.tenancy()
        let request = DriftRevertRequest(subject: try call.driftSubject(), actor: call.caller.name, tenancy: tenancy)
        return answer(try request.run(call.connection))
    }

    private static func tolerate(_ call: AdminCall) throws -> AdminAnswer {
        let tenancy = try call.tenancy()
        let subject = try DriftSubject(call.body.text("subject") ?? "")
        let request = DriftTolerateRequest(
            subject: subject, end: try end(call), reason: call.body.text("reason") ?? "", actor: call.caller.name, tenancy: tenancy)
        return answer(try request.run(call.connection))
    }

    private static func adopt(_ call: AdminCall) throws -> AdminAnswer {
        let tenancy = try call.tenancy()
        // Each finding's unit is its own.
        let terms = ChangeTerms(
            unit: "", caller: try call.memberName(), purpose: call.body.text("reason") ?? "",
            idempotencyKey: try call.idempotencyKey(), call: call.fingerprint)
        var request = DriftAdoptRequest(subject: try call.driftSubject(), terms: terms, tenancy: tenancy)
        request.isProposal = !call.caller.may(.configWrite, in: call.path["org"])
        let receipts = try call.ended(all: { try request.run(call.connection) })
        let shown = JSONTree.object([("changes", .array(receipts.map { json($0.request) }))])
        if receipts.count == 1 { return call.answer(receipts[0], created: false, shown) }
        return AdminAnswer(receipts.allSatisfy { $0.request.state == .enforced } ? 200 : 202, shown)
    }

    private static func end(_ call: AdminCall) throws(Problem) -> DriftTolerateRequest.End {
        switch (try call.until(), call.body.integer("for_seconds")) {
        case (let moment?, nil): return .at(moment)
        case (nil, let seconds?): return .after(.seconds(seconds))
        default: throw Problem(.invalidBody, "a toleration ends: give until or for_seconds, and not both")
        }
    }

    /// A hundred years.
    private static let secondsMax = 3_155_760_000

    /// Thousands of findings make no answer; what they are is told by the list.
    private static func answer(_ receipt: DriftReceipt) -> AdminAnswer { AdminAnswer(receipt.json(first: AdminCall.pageMax)) }
}

/// States by which findings are asked for.
enum DriftStates {
    static let present = "present"
    private static let all = "all"

    static let words = [present, all] + DriftFinding.State.allCases.map(\.rawValue)

    /// No states for all; nil for a word that is none.
    static func named(_ word: String) -> [DriftFinding.State]? {
        switch word {
        case present: DriftFinding.State.allCases.filter(\.isPresent)
        case all: []
        default: DriftFinding.State(rawValue: word).map { [$0] }
        }
    }
}

extension AdminCall {
    /// Of the path's organization, where it is applied; of everything where the path names none, which only the platform's callers reach.
    func tenancy(_ transaction: Transaction) throws -> Tenancy {
        path["org"] == nil ? .everything : .organization(try org(transaction))
    }

    /// The same in a transaction of its own.
    func tenancy() throws -> Tenancy { try connection.transaction { try tenancy($0) } }

    /// The body's `until`.
    func until() throws(Problem) -> Instant? {
        guard let text = body.text("until") else { return nil }
        do { return try Instant.parse(text) } catch { throw Problem.field("until", "is no time: \(error.message)") }
    }

    /// What the body means; nil for all. Nobody means all by leaving something out.
    func driftSubject() throws -> DriftSubject? {
        switch (body.text("subject"), body.flag("all")) {
        case (let text?, false): return try DriftSubject(text)
        case (nil, true): return nil
        default: throw Problem(.invalidBody, "give a subject, or all, and not both")
        }
    }
}
