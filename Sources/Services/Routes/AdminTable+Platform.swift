internal import HTTP
internal import Spec
internal import Store

/// How the platform stands.
extension AdminTable {
    static let platformRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/status"), name: "getStatus", summary: "Units and gateways, and what they stand at",
            permission: .statusRead, scope: .platform,
            answer: .object(["revision": .integer, "units": .array(unit), "gateways": .array(gateway)])
        ) { call in
            try call.connection.transaction(.repeatableRead) { transaction in
                let units = try Units.status(transaction).map(json)
                let gateways = try Replicas.list(transaction).map(json)
                return AdminAnswer(.object([
                    ("revision", .int(try Revisions.currentID(transaction))), ("units", .array(units)), ("gateways", .array(gateways)),
                ]))
            }
        },
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/plans"), name: "listPlans", summary: "Plans that wait until somebody lets them pass",
            permission: .statusRead, scope: .platform,
            answer: .object(["plans": .array(.object([
                "unit": .string, "digest": .string, "commit": .string, "author": .string, "since": .moment, "blocks": .array(.declaration),
            ]))])
        ) { call in
            try call.connection.transaction { transaction in
                AdminAnswer(.object([("plans", .array(try WaitingPlans.list(transaction).map(json)))]))
            }
        },
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/drift"), name: "getDrift",
            summary: "What the last scan of each unit found changed by other hands", permission: .driftRead, scope: .platform,
            answer: .object(["scans": .array(.object([
                "unit": .string, "at": .moment, "revision": .integer, "resources": .integer, "fields": .integer, "first": .array(.string),
                "since": .moment,
            ]))])
        ) { call in
            try call.connection.transaction { transaction in
                AdminAnswer(.object([("scans", .array(try DriftScans.list(transaction).map(json)))]))
            }
        },
    ]

    private static let unit = AdminShape.object([
        "name": .string, "repository": .string, "folder": .string, "fetched": .optional(.string), "validated": .optional(.string),
        "rejected": .optional(.string), "applied": .optional(.integer),
    ])

    private static func json(_ unit: UnitStatus) -> JSONTree {
        .object([
            ("name", .string(unit.name)), ("repository", .string(unit.repository)), ("folder", .string(unit.folder)),
            ("fetched", .optional(unit.fetched?.commit)), ("validated", .optional(unit.validated?.commit)),
            ("rejected", .optional(unit.rejected?.commit)), ("applied", unit.applied.map { .int($0) } ?? .null),
        ])
    }

    private static let gateway = AdminShape.object([
        "id": .string, "revision": .integer, "state_digest": .string, "version": .string, "started_at": .moment, "reported_at": .moment,
    ])

    private static func json(_ replica: Replica) -> JSONTree {
        .object([
            ("id", .string(replica.id)), ("revision", .int(replica.revision)), ("state_digest", .string(replica.stateDigest)),
            ("version", .string(replica.version)), ("started_at", .string(replica.startedAt.iso8601)),
            ("reported_at", .string(replica.reportedAt.iso8601)),
        ])
    }

    private static func json(_ plan: WaitingPlan) -> JSONTree {
        .object([
            ("unit", .string(plan.unit)), ("digest", .string(plan.digest)), ("commit", .string(plan.commit)), ("author", .string(plan.author)),
            ("since", .string(plan.since.iso8601)), ("blocks", .raw(plan.blocks)),
        ])
    }

    private static func json(_ scan: DriftScan) -> JSONTree {
        .object([
            ("unit", .string(scan.unit)), ("at", .string(scan.at.iso8601)), ("revision", .int(scan.revision)),
            ("resources", .int(scan.resources)), ("fields", .int(scan.fields)), ("first", .raw(scan.first)), ("since", .string(scan.since.iso8601)),
        ])
    }
}
