internal import HTTP
internal import Spec
internal import Store

/// What was applied, and who did what.
extension AdminTable {
    static let historyRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/revisions"), name: "listRevisions", summary: "What was applied, the newest first",
            permission: .statusRead, scope: .platform, query: AdminRoute.paging, answer: .page(revision)
        ) { call in
            let (limit, before) = (try call.limit(), try call.number())
            return try call.connection.transaction { transaction in
                let rows = try Revisions.list(transaction, through: before.map { $0 - 1 } ?? .max, unit: nil, limit: limit + 1)
                return call.page(rows, limit: limit, position: { String($0.id) }, json)
            }
        },
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/revisions/{id}"), name: "getRevision", summary: "One revision",
            permission: .statusRead, scope: .platform, answer: revision
        ) { call in
            guard let id = call.path["id"].flatMap({ Int64($0) }) else { throw Problem.notFound }
            return try call.connection.transaction { transaction in
                guard let row = try Revisions.one(transaction, id) else { throw Problem.notFound }
                return AdminAnswer(json(row))
            }
        },
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/audit"), name: "listAudit", summary: "Administrative acts anywhere, the newest first",
            permission: .auditRead, scope: .platform, query: AdminRoute.paging, answer: .page(act)
        ) { call in
            try acts(call, .everything)
        },
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/audit"), name: "listOrgAudit",
            summary: "Administrative acts on an organization, the newest first", permission: .auditRead, scope: .organization,
            query: AdminRoute.paging, answer: .page(act)
        ) { call in
            let org = try call.connection.transaction { try call.org($0) }
            return try acts(call, .organization(org))
        },
    ]

    private static let revision = AdminShape.object([
        "id": .integer, "unit": .string, "commit": .string, "parent": .optional(.integer), "author": .string, "message": .string,
        "applied_at": .moment, "act": .string, "state_digest": .string,
    ])

    private static func json(_ revision: Revision) -> JSONTree {
        .object([
            ("id", .int(revision.id)), ("unit", .string(revision.unit)), ("commit", .string(revision.commit)),
            ("parent", revision.parent.map { .int($0) } ?? .null), ("author", .string(revision.author)), ("message", .string(revision.message)),
            ("applied_at", .string(revision.appliedAt.iso8601)), ("act", .string(revision.act.rawValue)),
            ("state_digest", .string(revision.stateDigest)),
        ])
    }

    private static let act = AdminShape.object([
        "sequence": .integer, "at": .moment, "org": .string, "actor": .string, "action": .string, "subject": .string, "detail": .declaration,
        "hash": .string,
    ])

    private static func acts(_ call: AdminCall, _ tenancy: Tenancy) throws -> AdminAnswer {
        let (limit, before) = (try call.limit(), try call.number())
        return try call.connection.transaction { transaction in
            let rows = try Audit.list(transaction, tenancy, before: before, limit: limit + 1)
            return call.page(rows, limit: limit, position: { String($0.sequence) }) { record in
                .object([
                    ("sequence", .int(record.sequence)), ("at", .string(record.at.iso8601)), ("org", .string(record.org)),
                    ("actor", .string(record.actor)), ("action", .string(record.action)), ("subject", .string(record.subject)),
                    ("detail", .raw(record.detail)), ("hash", .string(record.hash)),
                ])
            }
        }
    }
}

extension AdminCall {
    /// The number behind which the page begins.
    func number() throws(Problem) -> Int64? {
        guard let position = try position() else { return nil }
        guard let number = Int64(position), number > 0 else { throw Problem(.malformed, "the cursor is none of this list") }
        return number
    }
}
