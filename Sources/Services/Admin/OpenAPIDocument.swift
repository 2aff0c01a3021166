internal import HTTP
internal import Spec

/// The admin API as OpenAPI 3.1.0 has it, written from the routes that are served.
struct OpenAPIDocument {
    let table: AdminTable

    var json: JSONTree {
        .object([
            ("openapi", .string("3.1.0")),
            ("info", .object([("title", .string("Charter admin API")), ("version", .string(Release.version))])),
            ("security", Self.security(["bearer", "named"])), ("paths", .object(paths)),
            ("components", .object([
                ("securitySchemes", Self.proofs),
                ("schemas", .object(ProblemForm.allCases.map { ($0.rawValue, $0.shape.schema) })),
                ("responses", .object(ProblemForm.allCases.map { ($0.rawValue, Self.response($0)) })),
            ])),
        ])
    }

    /// As `AdminRequest.credential` reads them.
    private static let proofs = JSONTree.object([
        ("bearer", .object([
            ("type", .string("http")), ("scheme", .string("bearer")),
            ("description", .string("a key, alone or behind `app_<uid>:` of its project or its own, or a token of the organization's identity provider")),
        ])),
        ("named", .object([
            ("type", .string("apiKey")), ("in", .string("header")), ("name", .string("X-API-Key")), ("description", .string("the same key or token")),
        ])),
        ("password", .object([
            ("type", .string("http")), ("scheme", .string("basic")), ("description", .string("the key as the password, on pages alone; the name may be any")),
        ])),
    ])

    /// One of these is enough.
    private static func security(_ names: [String]) -> JSONTree { .array(names.map { .object([($0, .array([]))]) }) }

    private static func response(_ form: ProblemForm) -> JSONTree {
        .object([
            ("description", .string("why the call is not carried out")),
            ("headers", headers([
                ("Retry-After", .integer, "with 503: after how many seconds it may be tried again"),
                ("WWW-Authenticate", .string, "with 401: how the caller makes itself known"),
                ("Allow", .string, "with 405: the methods of the path"),
            ])),
            ("content", content(form.contentType, .object([("$ref", .string("#/components/schemas/\(form.rawValue)"))]))),
        ])
    }

    private var paths: [(String, JSONTree)] {
        var templates: [PathTemplate] = []
        for route in table.routes where !templates.contains(route.template) { templates.append(route.template) }
        return templates.map { template in
            let routes = table.routes.filter { $0.template == template }
            return (template.text, .object(routes.map { ($0.method.rawValue.lowercased(), operation($0)) }))
        }
    }

    private func operation(_ route: AdminRoute) -> JSONTree {
        var members: [(String, JSONTree)] = [("operationId", .string(route.name)), ("summary", .string(route.summary))]
        if let permission = route.permission {
            let other = route.alternative.map { " or `\($0.rawValue)`" } ?? ""
            members.append(("description", .string("Takes the permission `\(permission.rawValue)`\(other).")))
        }
        let fields = RequestField.allCases.filter { route.heeds($0) }
        let parameters = route.template.names.map { Self.parameter($0, in: "path", .string, "a name", isRequired: true) }
            + route.query.map { Self.parameter($0.name, in: "query", $0.shape, $0.about, isRequired: false) }
            + fields.map { Self.parameter($0.rawValue, in: "header", $0.shape(route.method), $0.about(route.method), isRequired: false) }
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let body = route.body { members.append(("requestBody", requestBody(body))) }
        if let document = route.document {
            members.append(("requestBody", .object([
                ("required", .bool(true)), ("content", Self.content(document.rawValue, AdminShape.declaration.schema)),
            ])))
        }
        if AdminRequest.isPage(route.template.text) { members.append(("security", Self.security(["bearer", "named", "password"]))) }
        members.append(("responses", responses(route)))
        return .object(members)
    }

    private static func parameter(_ name: String, in place: String, _ shape: AdminShape, _ about: String, isRequired: Bool) -> JSONTree {
        .object([
            ("name", .string(name)), ("in", .string(place)), ("required", .bool(isRequired)), ("description", .string(about)),
            ("schema", shape.schema),
        ])
    }

    private func requestBody(_ fields: [AdminRoute.BodyField]) -> JSONTree {
        let required = fields.filter(\.isRequired)
        let schema = JSONTree.object([
            ("type", .string("object")), ("properties", .object(fields.map { ($0.name, Self.described($0)) })),
            ("required", .array(required.map { .string($0.name) })), ("additionalProperties", .bool(false)),
        ])
        return .object([("required", .bool(!required.isEmpty)), ("content", Self.content("application/json", schema))])
    }

    private static func described(_ field: AdminRoute.BodyField) -> JSONTree {
        let least: [(String, JSONTree)] = field.shape == .string ? [("minLength", .int(1))] : []
        return .object([("description", .string(field.about)), ("allOf", .array([field.shape.schema]))] + least)
    }

    private typealias Header = (name: String, shape: AdminShape, about: String)

    private static let requestID: Header = ("X-Request-Id", .string, "by which the log names the call")
    private static let etag: Header = ("ETag", .string, "what If-None-Match and If-Match take")
    private static let location: Header = ("Location", .string, "where the change is followed that was asked for")

    /// Every answer has its id beside these.
    private static func headers(_ more: [Header]) -> JSONTree {
        let all: [Header] = more + [requestID]
        return .object(all.map { ($0.name, .object([("description", .string($0.about)), ("schema", $0.shape.schema)])) })
    }

    private func responses(_ route: AdminRoute) -> JSONTree {
        let own: [Header] = (route.method == .get ? [Self.etag] : []) + (route.locates ? [Self.location] : [])
        func done(_ shape: AdminShape) -> JSONTree {
            .object([
                ("description", .string(route.summary)),
                ("headers", Self.headers(own)),
                ("content", .object(([route.contentType] + route.otherTypes).map { ($0, .object([("schema", shape.schema)])) })),
            ])
        }
        let answers = route.otherAnswers.merging([route.status: route.answer]) { _, own in own }
        let problem = JSONTree.object([("$ref", .string("#/components/responses/\(route.problems.rawValue)"))])
        let unchanged = JSONTree.object([("description", .string("it is as the caller knows it")), ("headers", Self.headers([Self.etag]))])
        var members = answers.sorted { $0.key < $1.key }.map { (String($0.key), done($0.value)) }
        if route.method == .get { members.append(("304", unchanged)) }
        return .object(members + [("4XX", problem), ("5XX", problem)])
    }

    private static func content(_ type: String, _ schema: JSONTree) -> JSONTree {
        .object([(type, .object([("schema", schema)]))])
    }
}
