internal import Crypto
internal import HTTP
internal import Spec
internal import Store

/// Keys that Git declares: made, replaced, rotated, suspended and resumed by commits, which hold digests of secrets alone.
extension AdminTable {
    private static let keyPath = "/v1/admin/orgs/{org}/keys/{key}"

    private static let apiKey = WritableKind(
        path: keyPath, noun: "Key", kind: .apiKey,
        show: ShownResource(permission: .keysRead, shape: key) { try ShownKey(declared: $0, at: $1.clock()).json },
        key: { call, transaction in ResourceKey(org: try call.org(transaction), kind: .apiKey, name: try call.name("key")) },
        complete: { try keepSecrets(of: $1, in: &$0) })

    static let declaredKeyRoutes: [AdminRoute] =
        apiKey.putAndPatch + [
            AdminRoute(
                method: .post, template: PathTemplate("/v1/admin/orgs/{org}/declared-keys"), name: "createKey",
                summary: "Declares an APIKey with a fresh secret by a commit; the secret is told this once", permission: .configPropose,
                alternative: .configWrite, scope: .organization, query: [reasonParameter],
                fields: [.idempotencyKey, .ifNoneMatch], locates: true, document: .declaration, status: 201,
                answer: secretShape, otherAnswers: [200: secretShape, 202: secretShape], run: createKey),
            AdminRoute(
                method: .post, template: PathTemplate(keyPath + "/rotate"), name: "rotateKey",
                summary: "Gives a declared key a fresh secret by a commit, which is told this once; the old ones end", permission: .configPropose,
                alternative: .configWrite, scope: .organization, query: [reasonParameter],
                fields: WritableKind.fields, locates: true,
                body: [
                    AdminRoute.BodyField(
                        name: "overlap_seconds", shape: .number(0...overlapSecondsMax), about: "how long the old secrets stay good; 0, at once, where it is absent")
                ],
                answer: secretShape, otherAnswers: [202: secretShape], run: rotateKey),
            AdminRoute(
                method: .post, template: PathTemplate(keyPath + "/suspend"), name: "suspendKey",
                summary: "Has a declared key open nothing until it is resumed, by a commit", permission: .configPropose,
                alternative: .configWrite, scope: .organization, query: [reasonParameter],
                fields: WritableKind.fields, locates: true,
                body: [
                    AdminRoute.BodyField(name: "reason", shape: .string, about: "for whoever meets it", isRequired: true),
                    AdminRoute.BodyField(name: "until", shape: .moment, about: "from when on it opens again by itself"),
                ],
                answer: apiKey.show.written, otherAnswers: [202: apiKey.show.written]
            ) { call in
                let members = ["reason", "until"].map { ($0, JSONTree.optional(call.body.text($0))) }
                return try apiKey.answer(call) { try $0.set("suspend", .object(members)) }
            },
            AdminRoute(
                method: .post, template: PathTemplate(keyPath + "/resume"), name: "resumeKey",
                summary: "Ends the suspension of a declared key by a commit", permission: .configPropose, alternative: .configWrite,
                scope: .organization, query: [reasonParameter], fields: WritableKind.fields, locates: true, answer: apiKey.show.written,
                otherAnswers: [202: apiKey.show.written]
            ) { call in
                try apiKey.answer(call) { write in
                    let row = try write.applied()
                    guard try Resource.decode(key: row.key, canonical: row.canonical).suspension != nil else {
                        throw Problem(.conflict, "the key is not suspended")
                    }
                    return try write.set("suspend", nil)
                }
            },
        ]

    /// Why ending a key takes more than `keys.revoke`.
    static let keyIsDeclared = "the key is declared"

    /// Nil where the path names no declared key, and the call removed none before.
    static func removeDeclaredKey(_ call: AdminCall) throws -> AdminAnswer? {
        let (key, isDeclared) = try call.connection.transaction(.repeatableRead) { transaction in
            let key = try apiKey.key(call, transaction)
            return (key, try Resources.one(transaction, key) != nil)
        }
        let receipt = try call.caller.member.flatMap { _ in try call.repeated() }
        guard receipt != nil || isDeclared else { return nil }
        try call.requireChange(of: key.org, keyIsDeclared)
        let change = try receipt ?? apiKey.found(call).ask("Remove", [.remove(key)])
        let members: [(String, JSONTree)] = [("revoked", .string(key.name)), ("change", json(change.request))]
        return call.answer(change, created: false, .object(members))
    }

    // MARK: Secrets

    private static let secretShape = AdminShape.object([
        "change": change, "resource": .optional(key), "name": .string, "secret": .optional(.string), "prefix": .optional(.string),
    ])

    /// What a body leaves out stays as it is: answers show no digests. They are those applied, of which a commit may have ended some.
    private static func keepSecrets(of row: StoredResource?, in body: inout DeclarationBody) throws -> Bool {
        guard body.spec("secrets") == nil else { return false }
        guard let row else { return true }
        let spec = try JSONReader.parse(row.canonical).entries.first { $0.key == "spec" }?.value
        if let secrets = spec?.entries.first(where: { $0.key == "secrets" }) { body.set("secrets", ofSpec: secrets.value) }
        return true
    }

    private static func createKey(_ call: AdminCall) throws -> AdminAnswer {
        var body = try DeclarationBody(call.request.body)
        guard let name = body.take("name"), Names.isResourceName(name) else {
            throw Problem.field("name", "the name of the key is missing, or none: small letters, digits, `.`, `_` and `-`")
        }
        if let receipt = try call.repeated() {
            return try told(call, receipt, ResourceKey(org: call.name("org"), kind: .apiKey, name: name), nil)
        }
        guard body.spec("secrets") == nil else { throw Problem.field("spec/secrets", "the secret is made by this call") }
        let (secret, write) = (MintedKey(), try newKey(call, name))
        body.set("secrets", ofSpec: try JSONReader.parse(JSONTree.array([secret.declaration]).text))
        let canonical = try body.canonical(of: write.key)
        return try told(call, write.ask("Add", [.declare(write.key, canonical: canonical)]), write.key, secret, created: true)
    }

    /// Throws where there is a key of the name.
    private static func newKey(_ call: AdminCall, _ name: String) throws -> DeclarationWrite {
        try call.connection.transaction(.repeatableRead) { transaction in
            let key = ResourceKey(org: try call.org(transaction), kind: .apiKey, name: name)
            let write = try DeclarationWrite(call, key, transaction, show: apiKey.show)
            try call.refuseTaken(key, transaction)
            return write.expectingAbsence
        }
    }

    private static func rotateKey(_ call: AdminCall) throws -> AdminAnswer {
        let overlap = call.body.integer("overlap_seconds") ?? 0
        if let receipt = try call.repeated() {
            return try told(call, receipt, ResourceKey(org: call.name("org"), kind: .apiKey, name: call.name("key")), nil)
        }
        let (secret, write) = (MintedKey(), try apiKey.found(call))
        let row = try write.applied()
        guard case .apiKey(let spec) = try Resource.decode(key: row.key, canonical: row.canonical).body else { throw Problem.notFound }
        let now = try call.connection.transaction { try $0.clock() }
        let end = Instant(milliseconds: now.milliseconds + overlap * 1000)
        let kept = overlap == 0 ? [] : spec.secrets.compactMap { $0.declared(endingAt: end, now) }
        let secrets = JSONTree.array(kept + [secret.declaration]).text
        let receipt = try write.ask(
            "Rotate the secret of", [.edit(write.key, [.init(pointer: "/spec/secrets", value: secrets)])], isExact: true)
        return try told(call, receipt, write.key, secret)
    }

    /// Ninety days.
    private static let overlapSecondsMax = 7_776_000

    /// The secret is told to whoever asked first: a repetition finds the change, and what opens the key is kept nowhere.
    private static func told(
        _ call: AdminCall, _ receipt: ChangeReceipt, _ key: ResourceKey, _ secret: MintedKey?, created: Bool = false
    ) throws -> AdminAnswer {
        let fresh = receipt.isRepeated ? nil : secret
        return try DeclarationWrite.answer(
            call, receipt, key, created: created && !receipt.isRepeated,
            more: [("name", .string(key.name)), ("secret", .optional(fresh?.secret)), ("prefix", .optional(fresh?.prefix))], show: apiKey.show)
    }
}

extension DeclarationWrite {
    /// Sets a field of the spec, or removes it, where the result can be.
    fileprivate func set(_ name: String, _ value: JSONTree?) throws -> AdminAnswer {
        let patch = JSONTree.object([("spec", .object([(name, value ?? .null)]))])
        return try self.patch(MergePatch(Array(patch.text.utf8)), isAlone: true)
    }
}

extension APIKey.Secret {
    /// As it stands on until a time; nil where it opens nothing any more, or not before then.
    fileprivate func declared(endingAt end: Instant, _ now: Instant) -> JSONTree? {
        if let until, until <= now { return nil }
        if let from, from >= end { return nil }
        let last = until.map { min($0, end) } ?? end
        var members: [(String, JSONTree)] = [("sha256", .string(Hex.text(sha256)))]
        if let prefix { members.append(("prefix", .string(prefix))) }
        if let from { members.append(("from", .string(from.iso8601))) }
        return .object(members + [("until", .string(last.iso8601))])
    }
}
