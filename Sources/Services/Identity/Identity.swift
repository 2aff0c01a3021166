package import HTTP
package import Policy
package import Store
internal import Crypto
internal import Spec
internal import Synchronization

/// Tells who asks from what they present: an admin key, or a process of this machine. Callable from any thread.
///
/// Members, roles and keys are those of the newest revision, which each call asks for: who was revoked is refused by the next one.
package final class Identity: Sendable {
    private let known = Mutex<IdentityBook?>(nil)

    package init() {}

    /// Who presents a secret in `Authorization: Bearer`, from an address; an unknown address is in no network.
    ///
    /// Throws `IdentityRefusal`, whose text is for the log, and `DatabaseError`.
    package func caller(presenting credential: String, from address: ClientAddress?, _ connection: Connection) throws -> Caller {
        guard (1...Self.credentialBytesMax).contains(credential.utf8.count) else {
            throw IdentityRefusal("the credential has \(credential.utf8.count) bytes")
        }
        let (book, now) = try book(connection)
        guard let key = book.key(SHA256.digest(credential)) else { throw IdentityRefusal("no admin key has that secret") }
        if let objection = key.objection(at: now, from: address) { throw IdentityRefusal(objection) }
        guard let rights = book.rights(of: key.owner, at: now) else {
            throw IdentityRefusal("the owner of \(key.key), or the organization, is suspended or not there")
        }
        return Caller(
            name: key.owner.auditName, member: key.owner, rights: rights.narrowed(to: key.permissions),
            proof: .key(id: key.key.description))
    }

    /// Who asks over a local socket: whoever runs this machine or this process may do everything. Throws `IdentityRefusal`.
    package func caller(over socket: SocketPeer) throws -> Caller {
        guard socket.user == 0 || socket.user == Account.ownUser else {
            throw IdentityRefusal("the account \(Account.name(of: socket.user)) is neither root nor this process's")
        }
        let account = Account.name(of: socket.user)
        return Caller(name: account, member: nil, rights: .ofHost, proof: .socket(account: account))
    }

    /// More than the longest token.
    private static let credentialBytesMax = 16 << 10

    /// What is known at the newest revision, and the time by the database.
    private func book(_ connection: Connection) throws -> (IdentityBook, Instant) {
        try connection.transaction(.repeatableRead) { transaction in
            let revision = try Revisions.currentID(transaction)
            let now = try transaction.clock()
            if let book = known.withLock({ $0 }), book.revision == revision { return (book, now) }
            let book = try IdentityBook(transaction, revision: revision, now: now)
            known.withLock { known in
                // Another thread may have read a newer one meanwhile.
                if known.map({ $0.revision < revision }) ?? true { known = book }
            }
            return (book, now)
        }
    }
}

extension ResourceKey {
    /// `acme/sam`.
    var auditName: String { "\(org ?? "-")/\(name)" }
}
