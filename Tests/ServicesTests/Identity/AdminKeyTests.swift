import Policy
import Spec
import Store
import TestKit
import Testing

@testable import Services

struct AdminKeyTests {
    @Test func `a key has those of its owner's rights that its scopes name`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(roles: "security"))
        let caller = try scene.caller()
        #expect(caller.name == "acme/ada" && caller.org == "acme" && caller.tenancy == .organization("acme"))
        #expect(caller.member == ResourceKey(org: "acme", kind: .member, name: "ada"))
        #expect(caller.proof == .key(id: "acme/APIKey/ops"))
        #expect(caller.rights.inOrganization == [.auditRead, .keysRead])
        // The scope names it and the owner has it not; the owner has it and the scope does not name it.
        #expect(!caller.may(.configWrite, in: "acme") && !caller.may(.keysRevoke, in: "acme"))
        #expect(!caller.may(.auditRead, in: "globex") && !caller.may(.auditRead, in: nil))
    }

    @Test func `a key for inference alone is as unknown here as one that nobody declares`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(scopes: "chat"))
        let refusals = try [scene.refusal(), scene.refusal("sk_never_was"), scene.refusal(""), scene.refusal(String(repeating: "k", count: 20_000))]
        #expect(refusals.allSatisfy { $0?.answer == .unauthenticated })
    }

    @Test(arguments: [Kind.apiKey, .member, .organization]) func `what an override denies opens nothing, as long as it holds`(kind: Kind) throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme())
        #expect(try scene.refusal() == nil)
        let target = ["apikey/acme/ops", "member/acme/ada", "org/acme"].first { $0.hasPrefix(kind.rawValue.lowercased().prefix(3)) }
        let request = OverrideRequest(target: try #require(target), .denial, until: .after(.seconds(60)), actor: "eve", reason: "it leaked")
        let uid = try request.run(scene.connection).override.uid
        #expect(try scene.refusal()?.answer == .unauthenticated)
        _ = try OverrideEndRequest(id: uid, actor: "eve", reason: "it did not").run(scene.connection)
        #expect(try scene.refusal() == nil)
    }

    @Test func `the stored digest is no secret`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme())
        #expect(try scene.refusal(String(repeating: "0", count: 64)) != nil)
        let digest = try scene.connection.transaction { try Resources.all($0) }.compactMap { row in
            row.key.kind == .apiKey ? row.canonical.split(separator: "\"").first { $0.count == 64 }.map(String.init) : nil
        }
        #expect(try scene.refusal(try #require(digest.first)) != nil)
        #expect(try scene.refusal() == nil)
    }

    @Test func `a key that is expired, or outside of its secret's time, opens nothing`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(key: ", expires: 2020-01-01"))
        #expect(try scene.refusal()?.answer == .unauthenticated)
        try scene.apply(IdentityScene.acme(key: ", expires: 2999-01-01"))
        #expect(try scene.refusal() == nil)
    }

    @Test(arguments: [
        [10, 1, 2, 3], [11, 0, 0, 1], nil,
    ] as [[UInt8]?]) func `a key is good from its networks only`(address: [UInt8]?) throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(key: ", networks: [10.0.0.0/8], denyNetworks: [10.1.0.0/16]"))
        #expect(try scene.refusal(from: address) != nil)
        #expect(try scene.refusal(from: [10, 2, 0, 1]) == nil)
    }

    @Test func `networks of the organization hold for a key without its own`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(org: "keyDefaults: { networks: [192.0.2.0/24] }"))
        #expect(try scene.refusal(from: [10, 0, 0, 7]) != nil)
        #expect(try scene.refusal(from: [192, 0, 2, 9]) == nil)
    }

    @Test func `a suspended key, owner or organization opens nothing`() throws {
        let scene = try IdentityScene()
        let suspend = "suspend: { reason: looked at }"
        for files in [IdentityScene.acme(key: ", \(suspend)"), IdentityScene.acme(member: ", \(suspend)"), IdentityScene.acme(org: suspend)] {
            try scene.apply(files)
            #expect(try scene.refusal()?.answer == .unauthenticated)
        }
        try scene.apply(IdentityScene.acme())
        #expect(try scene.refusal() == nil)
    }

    @Test func `who loses a role has lost its rights with the next call`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme())
        #expect(try scene.caller().may(.configWrite, in: "acme"))
        try scene.apply(IdentityScene.acme(roles: "viewer"))
        #expect(try scene.caller().rights.isEmpty)
        try scene.apply(IdentityScene.acme(scopes: "chat"))
        #expect(try scene.refusal() != nil)
    }

    @Test func `a system administrator's key speaks for the platform as far as its scopes say`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(roles: "system-admin"))
        let caller = try scene.caller()
        #expect(caller.org == nil && caller.tenancy == .everything)
        #expect(caller.may(.auditRead, in: nil) && caller.may(.auditRead, in: "globex"))
        #expect(!caller.may(.gatewayOperate, in: nil))
    }
}
