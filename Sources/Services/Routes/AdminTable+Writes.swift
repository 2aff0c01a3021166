internal import HTTP
internal import Spec
internal import Store

/// Declarations that callers put, patch and remove: each becomes a commit.
extension AdminTable {
    static let orgWriteRoutes: [AdminRoute] =
        WritableKind(
            path: "/v1/admin/orgs/{org}", noun: "Org", kind: .organization, scope: .platform, show: shownOrg,
            key: { call, _ in
                let name = try call.name("org")
                return ResourceKey(org: name, kind: .organization, name: name)
            }
        ).putAndPatch + [removeOrg]
        + WritableKind(in: "projects", noun: "Project", kind: .project, .configRead).routes
        + WritableKind(in: "members", noun: "Member", kind: .member, .membersRead).routes
        + WritableKind(in: "routes", noun: "OrgRoute", kind: .routingPolicy, .modelsRead).routes
        + WritableKind(in: "budgets", noun: "Budget", kind: .budget, .configRead).routes

    private static let shownOrg = ShownResource.declared(.configRead)

    private static let removeOrg = AdminRoute(
        method: .delete, template: PathTemplate("/v1/admin/orgs/{org}"), name: "removeOrg",
        summary: "Removes an organization by a commit; with everything=true also all that is declared in it", permission: .configPropose,
        alternative: .configWrite, scope: .platform,
        query: [reasonParameter, AdminRoute.Parameter(name: "everything", shape: .boolean, about: "whether what it declares goes too")],
        fields: WritableKind.fields, locates: true,
        answer: shownOrg.written, otherAnswers: [202: shownOrg.written]
    ) { call in
        guard ["true", "false", nil].contains(call.query["everything"]) else { throw Problem(.malformed, "everything is true or false") }
        if let receipt = try call.repeated() {
            let name = try call.name("org")
            return try DeclarationWrite.answer(
                call, receipt, ResourceKey(org: name, kind: .organization, name: name), created: false, show: shownOrg)
        }
        let (write, others) = try call.connection.transaction(.repeatableRead) { transaction in
            let name = try call.org(transaction)
            let key = ResourceKey(org: name, kind: .organization, name: name)
            return (try DeclarationWrite(call, key, transaction, show: shownOrg), try Resources.count(transaction, .organization(name)) - 1)
        }
        if call.query["everything"] == "true" { return try write.remove(.removeOrganization(write.key.name)) }
        guard others == 0 else { throw Problem(.conflict, "it declares \(others) things; everything=true removes them too") }
        return try write.remove()
    }
}

/// A kind whose resources callers put, patch and remove at one path; a value.
struct WritableKind: Sendable {
    /// With the name of the resource at its end.
    var path: String
    /// In the names of the routes.
    var noun: String
    var kind: Kind
    var scope: AdminRoute.Scope = .organization
    var show: ShownResource
    /// Throws where the organization is not there.
    var key: @Sendable (AdminCall, Transaction) throws -> ResourceKey
    /// Adds to a body what callers leave out of it; answers whether that follows from what is applied.
    var complete: @Sendable (inout DeclarationBody, StoredResource?) throws -> Bool = { _, _ in false }

    static let fields: [RequestField] = [.idempotencyKey, .ifMatch]

    var routes: [AdminRoute] { putAndPatch + [remove] }

    var putAndPatch: [AdminRoute] {
        let written = show.written
        return [
            AdminRoute(
                method: .put, template: PathTemplate(path), name: "put\(noun)",
                summary: "Declares \(kind.withArticle) by a commit, which the body says whole", permission: .configPropose,
                alternative: .configWrite, scope: scope, query: [AdminTable.reasonParameter],
                fields: Self.fields + [.ifNoneMatch], locates: true, document: .declaration, answer: written,
                otherAnswers: [201: written, 202: written]
            ) { call in
                try answer(call) { write in
                    var body = try DeclarationBody(call.request.body)
                    let isExact = try complete(&body, write.row)
                    return try write.declare(body.canonical(of: write.key), isExact: isExact)
                }
            },
            AdminRoute(
                method: .patch, template: PathTemplate(path), name: "patch\(noun)",
                summary: "Changes fields of \(kind.withArticle) by a commit, as the merge patch says", permission: .configPropose,
                alternative: .configWrite, scope: scope, query: [AdminTable.reasonParameter], fields: Self.fields, locates: true,
                document: .mergePatch, answer: written,
                otherAnswers: [202: written]
            ) { call in
                try answer(call) { try $0.patch(MergePatch(call.request.body)) }
            },
        ]
    }

    private var remove: AdminRoute {
        AdminRoute(
            method: .delete, template: PathTemplate(path), name: "remove\(noun)", summary: "Removes \(kind.withArticle) by a commit",
            permission: .configPropose, alternative: .configWrite, scope: scope, query: [AdminTable.reasonParameter],
            fields: Self.fields, locates: true, answer: show.written, otherAnswers: [202: show.written]
        ) { call in
            try answer(call) { try $0.remove() }
        }
    }

    /// A call that was made before is answered with what became of it, whatever stands now.
    func answer(_ call: AdminCall, _ write: (DeclarationWrite) throws -> AdminAnswer) throws -> AdminAnswer {
        if let receipt = try call.repeated() {
            let resource = try call.connection.transaction { try key(call, $0) }
            return try DeclarationWrite.answer(call, receipt, resource, created: false, show: show)
        }
        return try write(found(call))
    }

    /// What the call is about, with its conditions looked at.
    func found(_ call: AdminCall) throws -> DeclarationWrite {
        try call.connection.transaction(.repeatableRead) { transaction in
            try DeclarationWrite(call, key(call, transaction), transaction, show: show)
        }
    }
}

extension WritableKind {
    /// Of an organization's resources below one word of the path.
    init(in word: String, noun: String, kind: Kind, _ permission: Permission) {
        self.init(
            path: "/v1/admin/orgs/{org}/\(word)/{name}", noun: noun, kind: kind, show: .declared(permission),
            key: { call, transaction in ResourceKey(org: try call.org(transaction), kind: kind, name: try call.name("name")) })
    }
}
