import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// What a unit may say of people beside the platform's.
struct UnitCallerTests {
    private static let globex = ["orgs/globex/org.yaml": IdentityScene.document("Organization", "globex", "{}")]

    /// The key of Ada, an administrator of the platform, apart from everything else of acme.
    private static var split: (key: [String: String], rest: [String: String]) {
        let files = IdentityScene.acme(roles: "system-admin")
        return (files.filter { $0.key.hasSuffix("key.yaml") }, files.filter { !$0.key.hasSuffix("key.yaml") })
    }

    @Test func `an organization that another unit declares makes nobody an administrator of the platform`() throws {
        let scene = try IdentityScene()
        try scene.apply(Self.globex)
        try scene.apply(IdentityScene.acme(roles: "system-admin"), unit: "acme")
        let caller = try scene.caller()
        #expect(caller.org == "acme" && caller.rights.onPlatform.isEmpty)
        #expect(caller.may(.auditRead, in: "acme") && !caller.may(.auditRead, in: "globex"))
    }

    @Test func `a key that another unit declares speaks for nobody of the platform's unit`() throws {
        let scene = try IdentityScene()
        let (key, rest) = Self.split
        try scene.apply(rest)
        try scene.apply(key.merging(Self.globex) { own, _ in own }, unit: "other", beside: rest)
        #expect(try scene.refusal()?.answer == .unauthenticated)
        try scene.apply(Self.globex, unit: "other")
        try scene.apply(rest.merging(key) { own, _ in own })
        #expect(try scene.caller().may(.auditRead, in: nil))
    }

    @Test func `a unit's key speaks for nobody whom the platform's unit declares in that unit's organization`() throws {
        let scene = try IdentityScene()
        var own = IdentityScene.acme()
        own["orgs/acme/ada.yaml"] = nil
        let ada = ["orgs/acme/ada.yaml": IdentityScene.acme(roles: "system-admin")["orgs/acme/ada.yaml"] ?? ""]
        try scene.apply(ada.merging(Self.globex) { own, _ in own }, beside: own)
        try scene.apply(own, unit: "other", beside: ada)
        #expect(try scene.refusal()?.answer == .unauthenticated)
    }

    @Test func `a key of the platform's unit speaks for a unit's own people, within what that unit may give`() throws {
        let scene = try IdentityScene()
        let (key, rest) = Self.split
        try scene.apply(rest, unit: "other")
        try scene.apply(key.merging(Self.globex) { own, _ in own }, beside: rest)
        // Its scopes are the organization's, which the other unit declares.
        let caller = try scene.caller()
        #expect(caller.org == "acme" && caller.may(.auditRead, in: "acme") && !caller.may(.auditRead, in: nil))
    }

    @Test func `a pool mints for nobody by members or roles of another unit`() throws {
        let scene = try IdentityScene()
        var acme = IdentityScene.acme()
        acme["orgs/acme/pool.yaml"] = IdentityScene.document("KeyPool", "ci", "{ issuers: { roles: [admin] }, keys: 9, each: { scopes: [chat], lifetime: 2h } }")
        let role = ["helper.yaml": IdentityScene.document("Role", "helper", "{ permissions: [], inherits: [admin] }")]
        let eve = ["orgs/acme/eve.yaml": IdentityScene.document("Member", "eve", "{ email: eve@acme.example, roles: [admin] }")]
        let bo = ["orgs/acme/bo.yaml": IdentityScene.document("Member", "bo", "{ email: bo@acme.example, roles: [helper] }")]
        try scene.apply(acme)
        try scene.apply(Self.globex.merging(role) { own, _ in own }.merging(eve) { own, _ in own }, unit: "other", beside: acme)
        try scene.apply(acme.merging(bo) { own, _ in own }, beside: role)
        for name in ["eve", "bo"] {
            #expect(throws: RequestRefusal.self) { try MintRequest(org: "acme", pool: "ci", issuer: name).run(scene.connection, operator: "test") }
        }
        #expect(throws: Never.self) { try MintRequest(org: "acme", pool: "ci", issuer: "ada").run(scene.connection, operator: "test") }
        // The same, declared by a unit that has a say there.
        try scene.apply(Self.globex, unit: "other")
        try scene.apply(acme.merging(bo) { own, _ in own }.merging(role) { own, _ in own }.merging(eve) { own, _ in own })
        for name in ["eve", "bo"] {
            #expect(throws: Never.self) { try MintRequest(org: "acme", pool: "ci", issuer: name).run(scene.connection, operator: "test") }
        }
    }

    @Test func `rows that a hand damaged make no other unit the platform's`() throws {
        let scene = try IdentityScene()
        try scene.apply(Self.globex)
        try scene.apply(IdentityScene.acme(roles: "system-admin"), unit: "other")
        for statement in [
            "UPDATE charter.resource SET canonical = '{' WHERE unit = 'default'", "DELETE FROM charter.resource WHERE unit = 'default'",
            "UPDATE charter.resource SET unit = 'other'",
        ] {
            _ = try scene.connection.transaction { try $0.query(statement) }
            let caller = try Identity().caller(presenting: IdentityScene.secret, from: nil, scene.connection)
            #expect(caller.org == "acme" && caller.rights.onPlatform.isEmpty, "\(statement)")
        }
    }

    @Test func `a platform's unit without people of its own is the platform's all the same, until it declares nothing`() throws {
        let scene = try IdentityScene()
        try scene.apply(["charter.yaml": IdentityScene.document("Repository", "rules", "{ drift: report }")])
        try scene.apply(IdentityScene.acme(roles: "system-admin"), unit: "other")
        let caller = try scene.caller()
        #expect(caller.org == "acme" && caller.rights.onPlatform.isEmpty && !caller.may(.auditRead, in: "globex"))
        try scene.apply([:])
        #expect(try scene.caller().may(.auditRead, in: nil))
    }

    @Test func `the only unit is the platform's, whatever its name`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(roles: "system-admin"), unit: "prod")
        #expect(try scene.caller().may(.auditRead, in: nil))
    }
}
