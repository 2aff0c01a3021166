import Foundation
import Policy
import Spec
import TestKit
import Testing

@testable import Services

/// Members who come with a token of their organization's identity provider.
struct TokenCallerTests {
    private static let issuer = "https://login.acme.example/realms/staff"
    private static let signer = Result { try TokenKey(.ec("P-256")) }

    /// Issuers that all have the key of `signer`.
    private struct Issuers: KeySetSource {
        func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void) {
            do {
                done(.success(try KeySet(Array(#"{"keys":[\#(try TokenCallerTests.signer.get().jwk(#""kid":"a""#))]}"#.utf8))))
            } catch {
                done(.failure(TokenProblem("\(error)")))
            }
        }
    }

    private static func scene(
        _ files: [String: String] = IdentityScene.acme(roles: "viewer", org: signIn), despite code: DiagnosticCode? = nil
    ) throws -> IdentityScene {
        let scene = try IdentityScene(keySets: KeySetCache(Issuers()))
        try scene.apply(files, despite: code)
        return scene
    }

    private static let signIn = "signIn: { issuer: \"\(issuer)\" }"

    private static func token(iss: String = issuer, sub: String = "u1", aud: String = "charter", offset: Int = 300, more: String = "") throws -> String {
        let exp = Int(Date().timeIntervalSince1970) + offset
        return try signer.get().token(
            "ES256", header: #""kid":"a""#, claims: #"{"iss":"\#(iss)","sub":"\#(sub)","aud":"\#(aud)","exp":\#(exp)\#(more)}"#)
    }

    @Test func `a token of the organization's issuer is the member whom it names`() throws {
        let scene = try Self.scene()
        let caller = try scene.caller(Self.token())
        #expect(caller.name == "acme/ada" && caller.org == "acme")
        #expect(caller.proof == .token(issuer: Self.issuer, subject: "u1"))
        #expect(caller.may(.usageRead, in: "acme") && !caller.may(.configWrite, in: "acme"))
    }

    @Test func `groups of the issuer bring the roles of the groups declared for them`() throws {
        var files = IdentityScene.acme(roles: "viewer", org: Self.signIn)
        files["orgs/acme/leads.yaml"] = IdentityScene.document("Member", "leads", "{ type: group, externalGroup: Leads, roles: [security] }")
        let scene = try Self.scene(files)
        #expect(try scene.caller(Self.token(more: #","groups":["Leads","x"]"#)).may(.auditRead, in: "acme"))
        #expect(try !scene.caller(Self.token(more: #","groups":["leads"]"#)).may(.auditRead, in: "acme"))
        #expect(try !scene.caller(Self.token(more: #","groups":{"Leads":1}"#)).may(.auditRead, in: "acme"))
        #expect(try !scene.caller(Self.token(more: #","roles":["security"]"#)).may(.auditRead, in: "acme"))
    }

    @Test(arguments: [
        "https://login.acme.example/realms/staff/", "https://login.acme.example/realms/staff2", "https://login.acme.example/realms",
        "https://login.acme.example/realms/staff.evil.example", "https://evil.example", "",
    ]) func `an issuer that nobody declares exactly so is not asked for keys (prefix trick)`(issuer: String) throws {
        let scene = try Self.scene()
        #expect(try scene.refusal(Self.token(iss: issuer))?.answer == .unauthenticated)
        #expect(try scene.refusal(Self.token()) == nil)
    }

    @Test func `a token for another, of nobody here, or expired is refused alike`() throws {
        let scene = try Self.scene()
        let refusals = try [
            scene.refusal(Self.token(aud: "wiki")), scene.refusal(Self.token(sub: "u2")), scene.refusal(Self.token(offset: -3600)),
            scene.refusal(Self.token() + "x"), scene.refusal("a.b.c"),
        ]
        #expect(refusals.allSatisfy { $0?.answer == .unauthenticated })
    }

    @Test func `a token's organization is that of its issuer, whatever the token says`() throws {
        var files = IdentityScene.acme(roles: "viewer", org: Self.signIn)
        files["orgs/globex/org.yaml"] = IdentityScene.document("Organization", "globex", "{}")
        files["orgs/globex/u1.yaml"] = IdentityScene.document("Member", "eve", "{ email: eve@globex.example, externalId: u1, roles: [admin] }")
        let caller = try Self.scene(files).caller(Self.token(more: #","org":"globex","role":"admin","roles":["admin"]"#))
        #expect(caller.name == "acme/ada" && !caller.may(.usageRead, in: "globex"))
    }

    @Test func `a subject that two members of an organization claim is neither`() throws {
        var files = IdentityScene.acme(roles: "viewer", org: Self.signIn)
        files["orgs/acme/eve.yaml"] = IdentityScene.document("Member", "eve", "{ email: eve@acme.example, externalId: u1, roles: [admin] }")
        #expect(try Self.scene(files, despite: .identityShared).refusal(Self.token()) != nil)
    }

    @Test func `a suspended member's token is refused`() throws {
        let files = IdentityScene.acme(roles: "viewer", member: ", suspend: { reason: left }", org: Self.signIn)
        #expect(try Self.scene(files).refusal(Self.token())?.answer == .unauthenticated)
    }

    @Test func `without issuers' keys no token is good`() throws {
        let scene = try IdentityScene()
        try scene.apply(IdentityScene.acme(org: Self.signIn))
        #expect(try scene.refusal(Self.token()) != nil)
    }

    @Test func `an issuer that does not answer is a trouble of ours and no fault of the token`() throws {
        struct Silent: KeySetSource {
            func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void) {
                done(.failure(TokenProblem("it is down")))
            }
        }
        let scene = try IdentityScene(keySets: KeySetCache(Silent()))
        try scene.apply(IdentityScene.acme(org: Self.signIn))
        #expect(try scene.refusal(Self.token())?.answer == .unavailable)
    }
}
