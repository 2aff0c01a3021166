import Crypto
import Policy
import Spec
import Store
import TestKit

@testable import Services

/// Declarations in PostgreSQL as applies leave them, and who is known by them.
struct IdentityScene {
    let connection: Connection
    let identity: Identity

    static let secret = "sk_ops_secret"

    init(keySets: KeySetCache? = nil) throws {
        connection = try Connection(TestPostgres.shared.freshDatabase())
        identity = Identity(keySets: keySets)
    }

    struct Mistakes: Error { let text: String }

    /// Replaces what a unit declares by these documents, by their paths; `beside` are those of other units that they need, `despite` a mistake
    /// that an earlier version let in.
    func apply(
        _ files: [String: String], unit: String = "default", beside others: [String: String] = [:], despite code: DiagnosticCode? = nil
    ) throws {
        let all = files.merging(others) { own, _ in own }
        let declared = Specification.load(all.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) })
        guard declared.diagnostics.allSatisfy({ $0.severity != .error || $0.code == code }) else {
            throw Mistakes(text: declared.diagnostics.map { "\($0.place?.path ?? ""): \($0.message)" }.joined(separator: "\n"))
        }
        try connection.transaction { transaction in
            try Units.ensure(transaction, name: unit, repository: unit, folder: "")
            let id = try Revisions.next(transaction)
            let old = try Resources.all(transaction).filter { $0.unit == unit }
            let own = declared.resources.filter { files.keys.contains($0.value.place?.path ?? "") }
            let new = own.map { key, resource in
                StoredResource(key: key, uid: SecureRandom.uuid(), canonical: resource.canonical, revision: id, unit: unit)
            }
            try Resources.delete(transaction, old.map(\.key))
            try Resources.upsert(transaction, new)
            try History.record(
                transaction,
                old.flatMap { History.changes(uid: $0.uid, from: $0.past, to: nil, revision: id) }
                    + new.flatMap { History.changes(uid: $0.uid, from: nil, to: $0.past, revision: id) })
            try Revisions.record(
                transaction,
                Revision(
                    id: id, unit: unit, commit: "c\(id)", parent: id > 1 ? id - 1 : nil, author: "Ada <ada@acme.test>", message: "Change",
                    committedAt: Instant(milliseconds: 1_700_000_000_000), appliedAt: Instant(milliseconds: 1_700_000_000_000),
                    vector: [unit: "c\(id)"], stateDigest: StateDigest.inDatabase(transaction), counts: ChangeCounts()))
        }
    }

    /// The organization acme with Ada, an admin, and her key for operations; `key` and `member` are more of their fields.
    static func acme(
        roles: String = "admin", member: String = "", scopes: String = "ops", key: String = "", org: String = "", scope: String = "audit.read, keys.read, config.write"
    ) -> [String: String] {
        let digest = SHA256.digest(secret).hex
        return [
            "orgs/acme/org.yaml": document("Organization", "acme", org.isEmpty ? "{}" : "{ \(org) }"),
            "orgs/acme/ada.yaml": document("Member", "ada", "{ email: ada@acme.example, externalId: u1, roles: [\(roles)]\(member) }"),
            "orgs/acme/scope.yaml": document("Scope", "ops", "{ endpoints: [], permissions: [\(scope)] }")
                + document("Scope", "chat", "{ endpoints: [chat.completions] }"),
            "orgs/acme/key.yaml": document("APIKey", "ops", "{ owner: ada, scopes: [\(scopes)], secrets: [{ sha256: \(digest) }]\(key) }"),
        ]
    }

    static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "---\napiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: \(spec)\n"
    }

    func caller(_ credential: String = secret, from address: [UInt8]? = [10, 0, 0, 7]) throws -> Services.Caller {
        try identity.caller(presenting: credential, from: address.flatMap { ClientAddress(bytes: $0) }, connection)
    }

    /// Why nobody is known by it; nil when somebody is.
    func refusal(_ credential: String = secret, from address: [UInt8]? = [10, 0, 0, 7]) throws -> IdentityRefusal? {
        do {
            _ = try caller(credential, from: address)
            return nil
        } catch let refusal as IdentityRefusal {
            return refusal
        }
    }
}

extension StoredResource {
    fileprivate var past: PastResource { PastResource(key: key, canonical: canonical) }
}
