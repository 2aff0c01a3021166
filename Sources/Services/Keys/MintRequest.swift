internal import Crypto
internal import Policy
package import Spec
package import Store

/// `charter keys mint`: a key for a member, within what a declared pool allows.
package struct MintRequest: Sendable {
    package var org: String
    package var pool: String
    /// Name of the Member who asks, and with whose rights the key acts.
    package var issuer: String
    /// With the pool's prefix in front; made up where nil.
    package var name: String?
    /// As long as the pool allows where nil.
    package var lifetime: Duration?
    /// All of the pool's where nil.
    package var scopes: [String]?
    /// Patterns; all that the pool allows where nil.
    package var models: [String]?
    /// Whoever asks again with the same is told that the key is there, and gets no second one.
    package var idempotencyKey: String?
    /// Who asks where that is not the host's operator: then `keys.mint` is needed where the pool is, and other organizations are not there.
    package var caller: Caller?

    package init(org: String, pool: String, issuer: String) {
        (self.org, self.pool, self.issuer) = (org, pool, issuer)
    }

    /// Mints the key in one transaction, in which nobody else mints keys of the organization, so that no bound is exceeded.
    ///
    /// Throws `RequestRefusal` with the bound that is in the way. `operator` is who runs the command, for the audit.
    package func run(_ connection: Connection, operator name: String) throws -> MintReceipt {
        let secret = MintedKey()
        return try connection.transaction { transaction in
            if let own = caller?.org, own != org { throw DeclaredPool.missing(org, pool) }
            let declared = try DeclaredPool(transaction, org: org, pool: pool)
            try checkCaller(declared)
            try RuntimeSequence.advance(transaction, orgUID: declared.orgUID)
            let now = try transaction.clock()
            try checkIssuer(declared, now)
            let idempotencyKey = idempotencyKey ?? SecureRandom.uuid()
            if let known = try DelegatedKeys.find(
                transaction, issuer: issuer, orgUID: declared.orgUID, idempotencyKey: idempotencyKey)
            {
                throw RequestRefusal("\(known.name) was minted by this request already, as \(known.uid); its secret was told then")
            }
            let key = DelegatedKeyRow(
                uid: SecureRandom.uuid(), org: org, orgUID: declared.orgUID, poolUID: declared.uid,
                name: try freeName(declared, transaction), digest: secret.digest, prefix: secret.prefix, issuer: issuer,
                scopes: try grantedScopes(declared), models: try grantedModels(), createdAt: now,
                expiresAt: Instant(milliseconds: now.milliseconds + Int64(try grantedLifetime(declared).components.seconds) * 1000))
            try checkCounts(declared, transaction)
            try DelegatedKeys.insert(transaction, key, idempotencyKey: idempotencyKey)
            let receipt = MintReceipt(key: key, pool: pool, secret: secret.secret)
            try Audit.append(
                transaction, .organization(org), actor: "\(org)/\(issuer)", action: "key.minted", subject: key.uid,
                detail: receipt.detail(operator: name).text)
            return receipt
        }
    }

    /// Beside the pool's own list of issuers, which says who may have its keys.
    private func checkCaller(_ declared: DeclaredPool) throws {
        guard let caller, !caller.reach(.keysMint, in: org).includes(declared.spec.project) else { return }
        throw RequestRefusal("\(caller.name.printable) does not hold \(Permission.keysMint.rawValue) there", .forbidden)
    }

    private func checkIssuer(_ declared: DeclaredPool, _ now: Instant) throws {
        let rights = RightsBook(declared.people, now: now)
        let key = ResourceKey(org: org, kind: .member, name: issuer)
        guard let member = rights.member(key) else { throw RequestRefusal("\(org) has no member \(issuer)") }
        guard member.sort != .group else { throw RequestRefusal("\(issuer) is a group; a person or a service asks for keys") }
        guard rights.isActive(key) else { throw RequestRefusal("\(issuer) is suspended") }
        if let suspended = declared.suspended(at: now) { throw RequestRefusal("\(suspended) is suspended") }
        let issuers = declared.spec.issuers
        let names = Set([issuer] + rights.groups(around: key).map(\.name))
        guard names.isDisjoint(with: issuers.members), rights.roles(of: key).isDisjoint(with: issuers.roles) else { return }
        throw RequestRefusal("the pool \(pool) lets \(issuer) mint no keys: see `issuers`")
    }

    private func checkCounts(_ declared: DeclaredPool, _ transaction: Transaction) throws {
        let count = try DelegatedKeys.count(transaction, poolUID: declared.uid, issuer: issuer)
        guard count.all < declared.spec.keys else {
            throw RequestRefusal("the pool \(pool) has \(count.all) keys, and may have \(declared.spec.keys)")
        }
        if let most = declared.spec.keysPerIssuer, count.ofIssuer >= most {
            throw RequestRefusal("\(issuer) has \(count.ofIssuer) keys in the pool \(pool), and may have \(most)")
        }
    }

    private func grantedLifetime(_ declared: DeclaredPool) throws -> Duration {
        let most = declared.spec.each.lifetime
        guard let lifetime else { return most }
        guard lifetime >= Self.lifetimeMin else { throw RequestRefusal("a key lives for a minute at least") }
        guard lifetime <= most else { throw RequestRefusal("the pool \(pool) gives a key \(most.components.seconds) seconds at most") }
        return lifetime
    }

    private static let lifetimeMin = Duration.seconds(60)

    private func grantedScopes(_ declared: DeclaredPool) throws -> [String]? {
        guard let scopes else { return nil }
        guard !scopes.isEmpty else { throw RequestRefusal("a key without scopes may call nothing") }
        if let other = scopes.first(where: { !declared.spec.each.scopes.contains($0) }) {
            throw RequestRefusal("the pool \(pool) gives no key the scope \(other)")
        }
        return scopes
    }

    /// Patterns only narrow what the pool allows, whatever they match.
    private func grantedModels() throws -> [String]? {
        guard let models else { return nil }
        for text in models {
            do { _ = try ModelPattern.parse(text) } catch { throw RequestRefusal("`\(text)` is no model and no pattern: \(error.message)") }
        }
        return models.isEmpty ? nil : models
    }

    private func freeName(_ declared: DeclaredPool, _ transaction: Transaction) throws -> String {
        let prefix = declared.spec.each.prefix ?? ""
        guard let name else {
            let made = SecureRandom.bytes(Self.madeNameBytes).map { byte in Self.nameCharacters[Int(byte) % Self.nameCharacters.count] }
            return prefix + String(decoding: made, as: UTF8.self)
        }
        guard name.hasPrefix(prefix) else { throw RequestRefusal("names of keys of the pool \(pool) begin with \(prefix)") }
        guard Names.isResourceName(name) else { throw RequestRefusal("`\(name)` is no name: small letters, digits, `.`, `_` and `-`") }
        guard try !DelegatedKeys.isTaken(transaction, .organization(org), name: name)
            && Resources.one(transaction, ResourceKey(org: org, kind: .apiKey, name: name)) == nil
        else { throw RequestRefusal("\(org) has a key \(name) already") }
        return name
    }

    private static let madeNameBytes = 10
    private static let nameCharacters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
}

/// A pool as it is applied, with those who may have to do with it.
struct DeclaredPool {
    let uid: String
    let orgUID: String
    let spec: KeyPool
    /// The organization's members and roles, and the platform's roles, of the units that have a say there.
    let people: [Resource]
    private let above: [(noun: String, suspension: Suspension)]

    init(_ transaction: Transaction, org: String, pool: String) throws {
        let key = ResourceKey(org: org, kind: .keyPool, name: pool)
        let organization = ResourceKey(org: org, kind: .organization, name: org)
        let named = try [key, organization, ResourceKey(org: nil, kind: .organization, name: org)]
            .compactMap { try Resources.one(transaction, $0) }
        guard let row = named.first(where: { $0.key == key }), let owner = named.first(where: { $0.key.kind == .organization }) else {
            throw Self.missing(org, pool)
        }
        let resource = try Resource.decode(key: row.key, canonical: row.canonical)
        guard case .keyPool(let spec) = resource.body else { throw Self.missing(org, pool) }
        (uid, orgUID, self.spec) = (row.uid, owner.uid, spec)
        let rows = try Resources.list(transaction, .organization(org)) + Resources.list(transaction, .platform)
        let units = UnitReach(home: try UnitOwnership.platform(transaction), organizations: [org: owner.unit])
        people = try rows.filter { RightsBook.kinds.contains($0.key.kind) && units.counts($0.unit, in: $0.key.org) }
            .map { try Resource.decode(key: $0.key, canonical: $0.canonical) }
        let ownerSuspension = try Resource.decode(key: owner.key, canonical: owner.canonical).suspension
        above = [("the pool \(pool)", resource.suspension), (org, ownerSuspension)].compactMap { noun, suspension in
            suspension.map { (noun: noun, suspension: $0) }
        }
    }

    static func missing(_ org: String, _ pool: String) -> RequestRefusal { RequestRefusal("no pool \(org)/\(pool) is applied") }

    /// What of the pool and its organization does not count at a time.
    func suspended(at now: Instant) -> String? { above.first { $0.suspension.holds(at: now) }?.noun }
}

/// A key that was minted, with its secret, which is stored nowhere.
package struct MintReceipt: Sendable {
    package let key: DelegatedKeyRow
    let pool: String
    package let secret: String

    /// The secret and the uid alone, for scripts.
    package var bareLines: String { "\(secret)\n\(key.uid)" }

    package var text: String {
        """
        Secret of key \(key.org)/\(key.name), shown this once and stored nowhere:

            \(secret)

        It is good until \(key.expiresAt.iso8601), as one of the pool \(pool). Gateways know it in less than a second.
        charter keys revoke \(key.uid) ends it before.
        """
    }

    package var json: JSONTree {
        .object(DelegatedKeyTable.members(of: key, pool: pool) + [("secret", .string(secret))])
    }

    func detail(operator name: String) -> JSONTree {
        .object(DelegatedKeyTable.members(of: key, pool: pool) + [("operator", .string(name))])
    }
}
