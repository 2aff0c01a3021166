internal import HTTP
internal import Spec
internal import Store

/// Organizations with what is declared in them.
extension AdminTable {
    static let orgRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs"), name: "listOrgs", summary: "The organizations that the caller may see",
            permission: .configRead, scope: .caller, query: AdminRoute.paging, answer: .page(declared)
        ) { call in
            try listed(call, .organization, call.caller.tenancy)
        },
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}"), name: "getOrg", summary: "One organization",
            permission: .configRead, scope: .organization, answer: declared
        ) { call in
            try call.connection.transaction(.repeatableRead) { transaction in
                let name = try call.org(transaction)
                guard let row = try Resources.one(transaction, ResourceKey(org: name, kind: .organization, name: name)) else {
                    throw Problem.notFound
                }
                return AdminAnswer(json(row))
            }
        },
    ] + lists(.project, "projects", "Project", .configRead) + lists(.member, "members", "Member", .membersRead)
        + lists(.routingPolicy, "routes", "OrgRoute", .modelsRead) + [item(.budget, "budgets", "Budget", .configRead)]

    static let declared = AdminShape.object([
        "org": .optional(.string), "kind": .string, "name": .string, "uid": .string, "revision": .integer, "unit": .string,
        "declared": .declaration,
    ])

    /// The list of a kind in an organization, and one of them.
    private static func lists(_ kind: Kind, _ word: String, _ noun: String, _ permission: Permission) -> [AdminRoute] {
        let path = "/v1/admin/orgs/{org}/\(word)"
        return [
            AdminRoute(
                method: .get, template: PathTemplate(path), name: "list\(noun)s", summary: "The \(word) of an organization",
                permission: permission, scope: .organization, isByProject: kind == .project, query: AdminRoute.paging, answer: .page(declared)
            ) { call in
                let org = try call.name("org")
                if kind == .project, case .projects(let names) = call.caller.reach(permission, in: org) { return try listed(call, projects: names) }
                return try listed(call, kind, .organization(org))
            },
            item(kind, word, noun, permission),
        ]
    }

    private static func item(_ kind: Kind, _ word: String, _ noun: String, _ permission: Permission) -> AdminRoute {
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/\(word)/{name}"), name: "get\(noun)",
            summary: "One \(kind.rawValue) of an organization", permission: permission, scope: .organization,
            isByProject: [.project, .budget].contains(kind), answer: declared
        ) { call in
            try call.connection.transaction(.repeatableRead) { transaction in
                let org = try call.org(transaction)
                let key = ResourceKey(org: org, kind: kind, name: try call.name("name"))
                guard let row = try Resources.one(transaction, key) else { throw Problem.notFound }
                try call.checkReach(permission, in: org, of: row)
                return AdminAnswer(json(row))
            }
        }
    }

    static func listed(_ call: AdminCall, _ kind: Kind, _ tenancy: Tenancy) throws -> AdminAnswer {
        let (limit, place) = (try call.limit(), try call.place())
        return try call.connection.transaction(.repeatableRead) { transaction in
            if call.path["org"] != nil { _ = try call.org(transaction) }
            let rows = try Resources.page(transaction, tenancy, kind, after: place, limit: limit + 1)
            return call.page(rows, limit: limit, position: { $0.key.position }, json)
        }
    }

    /// For one whose rights hold in these projects alone, which are few.
    private static func listed(_ call: AdminCall, projects names: Set<String>) throws -> AdminAnswer {
        let (limit, place) = (try call.limit(), try call.place())
        return try call.connection.transaction(.repeatableRead) { transaction in
            let org = try call.org(transaction)
            let rows = try names.sorted().filter { $0 > place?.name ?? "" }.compactMap { name in
                try Resources.one(transaction, ResourceKey(org: org, kind: .project, name: name))
            }
            return call.page(rows, limit: limit, position: { $0.key.position }, json)
        }
    }

    static func json(_ row: StoredResource) -> JSONTree {
        .object([
            ("org", .optional(row.key.org)), ("kind", .string(row.key.kind.rawValue)), ("name", .string(row.key.name)), ("uid", .string(row.uid)),
            ("revision", .int(row.revision)), ("unit", .string(row.unit)), ("declared", .raw(row.canonical)),
        ])
    }
}

extension ResourceKey {
    /// Where it stands in a list of its kind; no name holds a slash.
    fileprivate var position: String { "\(org ?? "")/\(name)" }
}

extension AdminCall {
    /// The organization and name behind which the page begins.
    func place() throws(Problem) -> (org: String, name: String)? {
        guard let position = try position() else { return nil }
        let parts = position.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw Problem(.malformed, "the cursor is none of this list") }
        return (parts[0], parts[1])
    }
}
