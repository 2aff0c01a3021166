internal import Spec
internal import Store

/// `app_<uid>:<secret>`, as the platform of apps has its credentials and the gateway takes them; a value.
struct ApplicationCredential: Hashable {
    let uid: String
    let secret: String

    /// What the ids of apps begin with.
    static let mark = "app_"

    /// Nil for any other text.
    init?(_ text: String) {
        guard text.hasPrefix(Self.mark), let colon = text.lastIndex(of: ":") else { return nil }
        uid = text[..<colon].dropFirst(Self.mark.utf8.count).lowercased()
        secret = String(text[text.index(after: colon)...])
    }

    /// Throws where the key that a caller is known by is neither of this lineage nor of a project of it.
    func check(_ caller: Caller, _ connection: Connection) throws {
        guard case .key(let id) = caller.proof, case let parts = id.split(separator: "/").map(String.init), parts.count == 3
        else { throw IdentityRefusal("a credential of an application holds no key") }
        let isOf = try connection.transaction { transaction in
            guard let row = try Resources.one(transaction, ResourceKey(org: parts[0], kind: .apiKey, name: parts[2])) else { return false }
            if row.uid == uid { return true }
            guard let project = try DeclaredKey(row).spec.project else { return false }
            return try Resources.one(transaction, ResourceKey(org: parts[0], kind: .project, name: project))?.uid == uid
        }
        guard isOf else { throw IdentityRefusal("\(id) is not of the application that was named") }
    }
}
