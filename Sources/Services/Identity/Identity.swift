package import HTTP
package import Policy
package import Store
internal import Crypto
package import Spec

/// Tells who asks from what they present: an admin key, a token of their organization's identity provider, or a process of this
/// machine. Callable from any thread.
///
/// Members, roles and keys are those of the newest revision, which each call asks for: who was revoked is refused by the next one.
package final class Identity: Sendable {
    private let known = SharedEdition<IdentityBook>()
    private let keySets: KeySetCache?

    /// Without `keySets` no token is good.
    package init(keySets: KeySetCache? = nil) { self.keySets = keySets }

    /// Who presents a secret or a token in `Authorization: Bearer`, from an address; an unknown address is in no network.
    ///
    /// Asks a token's issuer for its keys, at most for `KeySetCache.patience`, outside of any transaction. Throws `IdentityRefusal`, whose text is for the log, and `DatabaseError`.
    package func caller(presenting credential: String, from address: ClientAddress?, _ connection: Connection) throws -> Caller {
        guard (1...Self.credentialBytesMax).contains(credential.utf8.count) else {
            throw IdentityRefusal("the credential has \(credential.utf8.count) bytes")
        }
        let (book, now, denied) = try book(connection)
        if let key = book.key(SHA256.digest(credential)) {
            try refuse(denied, among: [key.key, key.owner] + [key.project].compactMap(\.self), book)
            return try caller(key, book, now, address)
        }
        // No secret that `charter keys new` makes has one.
        guard credential.contains(".") else { throw IdentityRefusal("no admin key has that secret") }
        do {
            let caller = try caller(try JSONWebToken(credential), book, now)
            try refuse(denied, among: [caller.member].compactMap(\.self), book)
            return caller
        } catch let problem as TokenProblem {
            throw IdentityRefusal("the token is not good: \(problem)")
        }
    }

    /// Who presents `app_<uid>:<secret>`: whoever the key's permissions make known, or the app itself by its own key without any.
    func caller(presenting credential: ApplicationCredential, from address: ClientAddress?, _ connection: Connection) throws -> Caller {
        let (book, now, denied) = try book(connection)
        guard book.key(SHA256.digest(credential.secret)) == nil,
            let app = try connection.transaction(.repeatableRead, { try ApplicationKey($0, credential, book.units) })
        else {
            let caller = try caller(presenting: credential.secret, from: address, connection)
            try credential.check(caller, connection)
            return caller
        }
        try refuse(denied, among: [app.key.owner, app.project], book)
        if denied.contains(app.uid) { throw IdentityRefusal("\(app.key.key) is denied by an override") }
        // The owner's rights are not the app's, but whoever does not count has no apps.
        _ = try caller(app.key, book, now, address)
        return Caller(
            name: app.project.description, member: nil, rights: Rights(org: app.project.org), proof: .key(id: app.key.key.description),
            application: app.project)
    }

    /// What an override denies opens nothing here either.
    private func refuse(_ denied: Set<String>, among keys: [ResourceKey], _ book: IdentityBook) throws(IdentityRefusal) {
        if let key = book.denied(denied, among: keys) { throw IdentityRefusal("\(key) is denied by an override") }
    }

    private func caller(_ key: AdminKey, _ book: IdentityBook, _ now: Instant, _ address: ClientAddress?) throws -> Caller {
        if let objection = key.objection(at: now, from: address) { throw IdentityRefusal(objection) }
        guard let rights = book.rights(of: key.owner, vouchedBy: key.unit, at: now) else {
            throw IdentityRefusal("the owner of \(key.key), or the organization, is suspended or not there")
        }
        return Caller(
            name: key.owner.auditName, member: key.owner, rights: rights.narrowed(to: key.permissions),
            proof: .key(id: key.key.description))
    }

    private func caller(_ token: JSONWebToken, _ book: IdentityBook, _ now: Instant) throws -> Caller {
        // Nobody's but a declared issuer is ever asked for keys.
        let providers = book.providers(of: token.claimedIssuer)
        guard let keySets, !providers.isEmpty else { throw TokenProblem("no organization takes tokens of its issuer") }
        let set = try keySets.keys(of: token.claimedIssuer, holding: token.keyID)
        guard let key = set.key(token.keyID, for: token.algorithm) else { throw TokenProblem("its issuer has no such key") }
        let claims = try token.claims(verifiedBy: key)
        var found: [Caller] = []
        for provider in providers where claims.audiences.contains(provider.audience) {
            try claims.check(audience: provider.audience, now: now)
            guard let member = book.member(subject: claims.subject, in: provider.org),
                let rights = book.rights(
                    of: member, vouchedBy: provider.unit, provided: try claims.groups(in: provider.groupsClaim), at: now)
            else { continue }
            found.append(
                Caller(
                    name: member.auditName, member: member, rights: rights,
                    proof: .token(issuer: claims.issuer, subject: claims.subject)))
        }
        // Where two organizations know the subject, the token does not say which of the two members asks.
        guard found.count == 1 else { throw TokenProblem("it is of \(found.count) members who count") }
        return found[0]
    }

    /// Who asks over a local socket: whoever runs this machine or this process may do everything. Throws `IdentityRefusal`.
    package func caller(over socket: SocketPeer) throws -> Caller {
        guard socket.user == 0 || socket.user == Account.ownUser else {
            throw IdentityRefusal("the account \(Account.name(of: socket.user)) is neither root nor this process's")
        }
        let account = Account.name(of: socket.user)
        return Caller(name: account, member: nil, rights: .ofHost, proof: .socket(account: account))
    }

    /// A member in whose name an account of this machine says it acts: proof of nothing but what the member may. Throws `IdentityRefusal`.
    package func caller(acting member: ResourceKey, _ connection: Connection) throws -> Caller {
        let (book, now, denied) = try book(connection)
        try refuse(denied, among: [member], book)
        guard let rights = book.rights(ofLocal: member, at: now) else {
            throw IdentityRefusal("\(member.auditName), or the organization, is suspended or not there")
        }
        return Caller(name: member.auditName, member: member, rights: rights, proof: .socket(account: Account.name(of: Account.ownUser)))
    }

    /// More than the longest token.
    private static let credentialBytesMax = 16 << 10

    /// What is known at the newest revision, the time by the database, and the lineages that overrides deny.
    private func book(_ connection: Connection) throws -> (IdentityBook, Instant, denied: Set<String>) {
        try connection.transaction(.repeatableRead) { transaction in
            let newest = try Revisions.current(transaction)
            let edition = SharedEdition<IdentityBook>.Edition(revision: newest?.id ?? 0, stateDigest: newest?.stateDigest ?? "")
            let now = try transaction.clock()
            let denials = try Overrides.inForce(transaction, .everything).filter { $0.effect == .denial }
            let denied = Set(denials.map(\.targetUID))
            let book = try known.content(of: edition, where: \.isCurrent) {
                try IdentityBook(transaction, now: now)
            }
            return (book, now, denied)
        }
    }
}

extension ResourceKey {
    /// `acme/sam`.
    var auditName: String { member }
}
