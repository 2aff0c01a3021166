internal import HTTP
internal import Policy
internal import Spec

/// What the API says of itself and of whoever asks.
extension AdminTable {
    static let figuresPath = "/metrics"
    static let figuresName = "getMetrics"

    static let ownRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/self"), name: "getSelf", summary: "Who the caller is, and what the caller may do",
            permission: nil, scope: .caller,
            answer: .object([
                "name": .string, "org": .optional(.string), "in_organization": .array(.string),
                "in_projects": .array(.object(["project": .string, "permissions": .array(.string)])), "on_platform": .array(.string),
            ])
        ) { call in
            let rights = call.caller.rights
            func names(_ permissions: Set<Permission>) -> JSONTree { .array(permissions.map(\.rawValue).sorted().map(JSONTree.string)) }
            let projects = rights.inProjects.sorted { $0.key < $1.key }.map { name, permissions in
                JSONTree.object([("project", .string(name)), ("permissions", names(permissions))])
            }
            return AdminAnswer(.object([
                ("name", .string(call.caller.name)), ("org", .optional(call.caller.org)), ("in_organization", names(rights.inOrganization)),
                ("in_projects", .array(projects)), ("on_platform", names(rights.onPlatform)),
            ]))
        },
        AdminRoute(
            method: .get, template: PathTemplate(figuresPath), name: figuresName, summary: "Figures on this API in Prometheus' text format",
            permission: .statusRead, scope: .platform, contentType: PrometheusText.contentType, answer: .string
        ) { call in
            AdminAnswer(200, contentType: PrometheusText.contentType, text: call.metrics.text)
        },
        AdminRoute(
            method: .get, template: PathTemplate("/openapi.json"), name: "getDocument", summary: "This API as OpenAPI 3.1.0 describes it",
            permission: nil, scope: .caller, answer: .declaration
        ) { call in
            AdminAnswer(OpenAPIDocument(table: call.table).json)
        },
    ]
}
