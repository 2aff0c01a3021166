internal import Crypto
internal import HTTP
internal import Policy
internal import Spec
internal import Store

/// Keys: those that Git declares and those that were minted in pools, without what opens them.
extension AdminTable {
    static let keyRoutes: [AdminRoute] = [
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/keys"), name: "listKeys",
            summary: "The keys of an organization: those that are declared, then those that are minted and good",
            permission: .keysRead, scope: .organization, isByProject: true, query: AdminRoute.paging, answer: .page(key)
        ) { call in
            let reach = call.caller.reach(.keysRead, in: try call.name("org"))
            return reach == .everything ? try listKeys(call) : try listKeys(call, ofProjects: reach)
        },
        AdminRoute(
            method: .post, template: PathTemplate("/v1/admin/orgs/{org}/keys"), name: "mintKey",
            summary: "Mints a key in a pool; its secret is told this once", permission: .keysMint, scope: .organization, isByProject: true,
            fields: [.idempotencyKey], body: mintFields, status: 201, answer: minted, run: mint),
        AdminRoute(
            method: .get, template: PathTemplate("/v1/admin/orgs/{org}/keys/{key}"), name: "getKey",
            summary: "One key: a declared one by its name, a minted one by its uid", permission: .keysRead, scope: .organization, isByProject: true,
            answer: key
        ) { call in
            try call.connection.transaction(.repeatableRead) { transaction in
                let org = try call.org(transaction)
                try checkReach(call, .keysRead, ofKeyIn: org, transaction)
                return AdminAnswer(try found(call, org, transaction))
            }
        },
        AdminRoute(
            method: .delete, template: PathTemplate("/v1/admin/orgs/{org}/keys/{key}"), name: "revokeKey",
            summary: "Ends a minted key, or removes a declared one by a commit, which takes config.propose or config.write too",
            permission: .keysRevoke, scope: .organization, isByProject: true, query: [reasonParameter], fields: WritableKind.fields,
            locates: true, answer: revoked,
            otherAnswers: [202: revoked], run: revoke),
    ]

    static let key = AdminShape.object([
        "source": .choice(["declared", "minted"]), "org": .string, "name": .string, "uid": .string, "owner": .string,
        "pool": .optional(.string), "project": .optional(.string), "scopes": .optional(.array(.string)),
        "secrets": .array(.object(["prefix": .optional(.string), "from": .optional(.moment), "until": .optional(.moment)])),
        "state": .choice(["declared", "suspended", "good", "expired", "revoked"]), "revision": .optional(.integer),
        "declared": .optional(.declaration),
    ])

    private static let revoked = AdminShape.object(["revoked": .string, "change": .optional(change)])

    private static let minted = AdminShape.object([
        "uid": .string, "org": .string, "name": .string, "pool": .string, "issuer": .string, "secret": .string, "prefix": .string,
        "expires_at": .moment,
    ])

    private static let mintFields = [
        AdminRoute.BodyField(name: "pool", shape: .string, about: "the KeyPool", isRequired: true),
        AdminRoute.BodyField(name: "member", shape: .string, about: "for whom, where whoever runs the platform asks; else the caller"),
        AdminRoute.BodyField(name: "name", shape: .string, about: "with the pool's prefix in front; made up where it is absent"),
        AdminRoute.BodyField(name: "lifetime_seconds", shape: .number(1...lifetimeSecondsMax), about: "as long as the pool allows where it is absent"),
        AdminRoute.BodyField(name: "scopes", shape: .array(.string), about: "of those that the pool gives; all where it is absent"),
        AdminRoute.BodyField(name: "models", shape: .array(.string), about: "patterns, which narrow what the pool allows"),
    ]

    private static func listKeys(_ call: AdminCall) throws -> AdminAnswer {
        let (limit, place) = (try call.limit(), try call.place())
        return try call.connection.transaction(.repeatableRead) { transaction in
            let org = try call.org(transaction)
            var shown: [ShownKey] = []
            if place?.org != ShownKey.minted {
                let rows = try Resources.page(
                    transaction, .organization(org), .apiKey, after: place.map { (org, $0.name) }, limit: limit + 1)
                let now = try transaction.clock()
                shown = try rows.map { try ShownKey(declared: $0, at: now) }
            }
            if shown.count <= limit {
                let after = place?.org == ShownKey.minted ? place?.name : nil
                shown += try mintedKeys(transaction, org, after: after, limit: limit + 1 - shown.count)
            }
            return call.page(shown, limit: limit, position: \.position, \.json)
        }
    }

    private static func mintedKeys(_ transaction: Transaction, _ org: String, after uid: String?, limit: Int) throws -> [ShownKey] {
        let pools = try poolNames(transaction, org)
        let now = try transaction.clock()
        return try DelegatedKeys.page(transaction, .organization(org), after: uid, limit: limit).map { row in
            ShownKey(minted: row, pool: pools[row.poolUID], at: now)
        }
    }

    private static func poolNames(_ transaction: Transaction, _ org: String) throws -> [String: String] {
        let pools = try Resources.page(transaction, .organization(org), .keyPool, after: nil, limit: .max)
        return Dictionary(pools.map { ($0.uid, $0.key.name) }) { first, _ in first }
    }

    private static func found(_ call: AdminCall, _ org: String, _ transaction: Transaction) throws -> JSONTree {
        let name = try call.name("key")
        let now = try transaction.clock()
        if let row = try Resources.one(transaction, ResourceKey(org: org, kind: .apiKey, name: name)) {
            return try ShownKey(declared: row, at: now).json
        }
        // One that was ended is gone; the audit has it.
        guard let row = try DelegatedKeys.find(transaction, .organization(org), uid: name), row.revokedAt == nil else { throw Problem.notFound }
        return ShownKey(minted: row, pool: try poolNames(transaction, org)[row.poolUID], at: now).json
    }

    private static func mint(_ call: AdminCall) throws -> AdminAnswer {
        let pool = call.body.text("pool") ?? ""
        let org = try call.connection.transaction(.repeatableRead) { transaction in
            let org = try call.org(transaction)
            try checkReach(call, ofPool: pool, in: org, transaction)
            return org
        }
        var request = MintRequest(org: org, pool: pool, issuer: try issuer(call, org))
        request.name = call.body.text("name")
        request.scopes = call.body.texts("scopes")
        request.models = call.body.texts("models")
        request.lifetime = call.body.integer("lifetime_seconds").map { .seconds($0) }
        request.idempotencyKey = try call.idempotencyKey()
        let receipt = try request.run(call.connection, operator: call.caller.name)
        let key = receipt.key
        return AdminAnswer(201, .object([
            ("uid", .string(key.uid)), ("org", .string(org)), ("name", .string(key.name)), ("pool", .string(request.pool)),
            ("issuer", .string(key.issuer)), ("secret", .string(receipt.secret)), ("prefix", .string(key.prefix)),
            ("expires_at", .string(key.expiresAt.iso8601)),
        ]))
    }

    /// A hundred years: what the pool allows is asked later.
    private static let lifetimeSecondsMax = 3_155_760_000

    /// A key acts with its issuer's rights, so nobody but the platform's operators mints one for another.
    private static func issuer(_ call: AdminCall, _ org: String) throws(Problem) -> String {
        let own = call.caller.member.flatMap { $0.org == org ? $0.name : nil }
        let wanted = call.body.text("member") ?? own
        guard let wanted else { throw Problem.field("member", "is missing") }
        guard wanted == own || call.caller.may(.keysMint, in: nil) else {
            throw Problem(.forbidden, "only whoever runs the platform mints a key for somebody else")
        }
        return wanted
    }

    private static func revoke(_ call: AdminCall) throws -> AdminAnswer {
        try call.connection.transaction(.repeatableRead) { try checkReach(call, .keysRevoke, ofKeyIn: try call.org($0), $0) }
        if let removed = try removeDeclaredKey(call) { return removed }
        let row = try call.connection.transaction(.repeatableRead) { transaction in
            let org = try call.org(transaction)
            let name = try call.name("key")
            guard let row = try DelegatedKeys.find(transaction, .organization(org), uid: name) else { throw Problem.notFound }
            if try row.revokedAt == nil || call.idempotencyKey() == nil {
                try call.requireMatch { AdminAnswer(try found(call, org, transaction)).etag }
            }
            return row
        }
        // A repeated call is done.
        if try row.revokedAt == nil || call.idempotencyKey() == nil {
            _ = try RevokeRequest(key: row.uid, actor: call.caller.name, reason: call.query["reason"]).run(call.connection)
        }
        return AdminAnswer(.object([("revoked", .string(row.uid)), ("change", .null)]))
    }
}

/// A key as it may be shown: how its secrets begin, and nothing more of them.
struct ShownKey {
    let uid: String
    let position: String
    let json: JSONTree

    /// In front of the place of one that was minted, where an organization's name would be; no organization is called so.
    static let minted = "*"

    init(declared row: StoredResource, at now: Instant) throws {
        let resource = try Resource.decode(key: row.key, canonical: row.canonical)
        guard case .apiKey(let spec) = resource.body else { throw Problem.notFound }
        uid = row.uid
        position = "\(row.key.org ?? "")/\(row.key.name)"
        let secrets = spec.secrets.map { secret in
            JSONTree.object([
                ("prefix", .optional(secret.prefix)), ("from", .optional(secret.from?.iso8601)), ("until", .optional(secret.until?.iso8601)),
            ])
        }
        let isSuspended = resource.suspension?.holds(at: now) ?? false
        json = Self.json(
            source: "declared", row.key.org ?? "", row.key.name, row.uid, owner: spec.owner, pool: nil, project: spec.project, spec.scopes, secrets,
            state: isSuspended ? "suspended" : "declared", row: row)
    }

    init(minted row: DelegatedKeyRow, pool: String?, at now: Instant) {
        uid = row.uid
        position = "\(Self.minted)/\(row.uid)"
        let secret = JSONTree.object([
            ("prefix", .string(row.prefix)), ("from", .string(row.createdAt.iso8601)), ("until", .string(row.expiresAt.iso8601)),
        ])
        json = Self.json(
            source: "minted", row.org, row.name, row.uid, owner: row.issuer, pool: pool, project: nil, row.scopes, [secret],
            state: row.revokedAt != nil ? "revoked" : row.isAlive(at: now) ? "good" : "expired")
    }

    private static func json(
        source: String, _ org: String, _ name: String, _ uid: String, owner: String, pool: String?, project: String?, _ scopes: [String]?,
        _ secrets: [JSONTree], state: String, row: StoredResource? = nil
    ) -> JSONTree {
        .object([
            ("source", .string(source)), ("org", .string(org)), ("name", .string(name)), ("uid", .string(uid)), ("owner", .string(owner)),
            ("pool", .optional(pool)), ("project", .optional(project)), ("scopes", scopes.map { .array($0.map(JSONTree.string)) } ?? .null),
            ("secrets", .array(secrets)), ("state", .string(state)), ("revision", row.map { .int($0.revision) } ?? .null),
            ("declared", row.map { withoutSecrets($0.canonical) } ?? .null),
        ])
    }

    /// What a PUT takes: it keeps the secrets that it does not name.
    private static func withoutSecrets(_ canonical: String) -> JSONTree {
        guard let declared = try? JSONReader.parse(canonical) else { return .null }
        return .object(declared.entries.map { entry in
            guard entry.key == "spec" else { return (entry.key, JSONTree(entry.value)) }
            return (entry.key, .object(entry.value.entries.filter { $0.key != "secrets" }.map { ($0.key, JSONTree($0.value)) }))
        })
    }
}
