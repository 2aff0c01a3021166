import Crypto
import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// What somebody writes into the database past Git gives nobody a right.
struct HandChangedTests {
    /// Changes texts of a kind as a hand does that knows of the digest beside them.
    private func edit(_ kind: Kind, _ before: String, _ after: String, _ scene: IdentityScene) throws {
        try scene.connection.transaction { transaction in
            let rows = try Resources.list(transaction, kinds: [kind]).filter { $0.canonical.contains(before) }
            #expect(!rows.isEmpty)
            try Resources.upsert(transaction, rows.map { row in
                StoredResource(
                    key: row.key, uid: row.uid, canonical: row.canonical.replacing(before, with: after), revision: row.revision, unit: row.unit)
            })
        }
    }

    private func run(_ statement: String, _ scene: IdentityScene) throws {
        _ = try scene.connection.transaction { try $0.query(statement) }
    }

    private func rights(_ scene: IdentityScene) throws -> Set<Permission> {
        try Identity().caller(presenting: IdentityScene.secret, from: nil, scene.connection).rights.inOrganization
    }

    @Test(arguments: [
        (Kind.member, #"["viewer"]"#, #"["admin"]"#), (.apiKey, #""ops""#, #""ops","more""#),
        (.organization, #"{"spec":"#, #"{"labels":{"a":"b"},"spec":"#),
    ]) func `rights that a hand wrote into the database with its digest are nobody's`(kind: Kind, before: String, after: String) throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(roles: kind == .member ? "viewer" : "admin"))
        try edit(kind, before, after, scene)
        #expect(throws: IdentityRefusal.self) { try rights(scene) }
        try edit(kind, after, before, scene)
        #expect(throws: Never.self) { try rights(scene) }
    }

    @Test func `what a hand put right itself counts again, without a revision, for who asks all the time`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme())
        try edit(.member, #"["admin"]"#, #"["viewer"]"#, scene)
        #expect(throws: IdentityRefusal.self) { try scene.caller() }
        let before = try scene.connection.transaction { try Revisions.currentID($0) }
        try edit(.member, #"["viewer"]"#, #"["admin"]"#, scene)
        try eventually(within: .seconds(60), "the row is read again") { try scene.refusal() == nil }
        #expect(try scene.caller().rights.inOrganization == [.auditRead, .keysRead, .configWrite])
        #expect(try scene.connection.transaction { try Revisions.currentID($0) } == before)
    }

    @Test func `a scope that a hand widened permits nothing`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(scope: "audit.read"))
        #expect(try rights(scene) == [.auditRead])
        try edit(.scope, #"["audit.read"]"#, #"["audit.read","config.write"]"#, scene)
        #expect(throws: IdentityRefusal.self) { try rights(scene) }
    }

    @Test(arguments: [
        "UPDATE charter.resource SET canonical = '{' WHERE kind = 'Role'", "DELETE FROM charter.resource WHERE kind = 'Role'",
        "UPDATE charter.resource SET name = 'other' WHERE kind = 'Role'", "UPDATE charter.resource SET unit = 'other' WHERE kind = 'Role'",
    ]) func `a role that a hand changed or removed gives nothing, and least of all what is built in under its name`(statement: String) throws {
        let scene = try IdentityScene()
        var files = IdentityScene.acme()
        files["orgs/acme/role.yaml"] = IdentityScene.document("Role", "admin", "{ permissions: [audit.read] }")
        try scene.apply(files)
        #expect(try rights(scene) == [.auditRead])
        try run(statement, scene)
        #expect(try rights(scene) == [])
    }

    @Test func `the platform's scope does not take the place of one that a hand removed`() throws {
        let scene = try IdentityScene()
        var files = IdentityScene.acme(scopes: "ops, narrow")
        files["scopes.yaml"] = IdentityScene.document("Scope", "narrow", "{ endpoints: [], permissions: [config.write, keys.read] }")
        files["orgs/acme/narrow.yaml"] = IdentityScene.document("Scope", "narrow", "{ endpoints: [], permissions: [keys.read] }")
        files["orgs/acme/scope.yaml"] = IdentityScene.document("Scope", "ops", "{ endpoints: [], permissions: [audit.read] }")
        try scene.apply(files)
        #expect(try rights(scene) == [.auditRead, .keysRead])
        try run("DELETE FROM charter.resource WHERE kind = 'Scope' AND name = 'narrow' AND org = 'acme'", scene)
        #expect(try rights(scene) == [.auditRead])
    }

    @Test func `a key that a hand added is nobody's`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme())
        let secret = "sk_by_hand"
        try scene.connection.transaction { transaction in
            let rows = try Resources.list(transaction, kinds: [.apiKey])
            let digest = SHA256.digest(IdentityScene.secret).hex
            try Resources.upsert(transaction, rows.map { row in
                StoredResource(
                    key: ResourceKey(org: "acme", kind: .apiKey, name: "extra"), uid: SecureRandom.uuid(),
                    canonical: row.canonical.replacing(digest, with: SHA256.digest(secret).hex), revision: row.revision, unit: row.unit)
            })
        }
        #expect(try scene.refusal(secret)?.answer == .unauthenticated)
        #expect(try scene.refusal() == nil)
    }
}
