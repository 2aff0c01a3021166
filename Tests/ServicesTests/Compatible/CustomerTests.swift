import Crypto
import Foundation
import Spec
import TestKit
import Testing

@testable import Services

/// `/customers` and `/api/keys` over a socket, through commits.
struct CustomerTests {
    private static let company = #"{"name":"Your Company","email":"contact@company.com","company":"Your Company Inc"}"#

    @Test func `a customer is an organization, gets a key by the email address, and has it switched off and on`() throws {
        let scene = try CompatibleScene()
        let customer = try scene.change("POST", "/customers", as: .root, Self.company)
        #expect(customer["company"] as? String == "Your Company Inc" && customer["email"] as? String == "contact@company.com")
        let org = "your-company-inc"
        #expect(try scene.canonical(.organization, org, in: org)?.contains("Your Company Inc") == true)
        #expect(try scene.canonical(.member, "your-company", in: org)?.contains("contact@company.com") == true)
        if customer.status == 201 {
            #expect(customer["id"] as? Int64 == LineageNumber.number(of: try scene.uid(.organization, org, in: org)))
        }

        let created = try scene.change(
            "POST", "/api/keys", as: .root, #"{"customer_email":"contact@company.com","name":"Production Key","allowed_models":[1,"local/small"]}"#)
        let secret = try #require(created["key"] as? String)
        #expect(created["rate_limit"] as? Int == 60 && created.text.contains(#""allowed_models":[1,"local/small"]"#), "\(created.text)")
        let canonical = try #require(try scene.canonical(.apiKey, "production-key", in: org))
        #expect(canonical.contains(SHA256.digest(secret).hex) && canonical.contains("60 requests/min per model"))
        #expect(canonical.contains(#""owner":"your-company""#) && canonical.contains(#""1""#))
        #expect(try scene.canonical(.scope, "generate", in: org)?.contains("chat.completions") == true)

        let number = try #require(LineageNumber.number(of: try scene.uid(.apiKey, "production-key", in: org)))
        let off = try scene.change("POST", "/api/keys/\(number)/toggle", as: .root)
        #expect(off["is_active"] as? Bool == false && off["id"] as? Int64 == number)
        #expect(try scene.canonical(.apiKey, "production-key", in: org)?.contains("toggled by acme/root") == true)
        let on = try scene.change("POST", "/api/keys/\(number)/toggle", as: .root)
        #expect(on["is_active"] as? Bool == true)
        #expect(try scene.canonical(.apiKey, "production-key", in: org)?.contains("suspend") == false)

        let again = try scene.call("POST", "/customers", as: .root, Self.company)
        #expect(again.status == 409 && again["detail"] is String, "\(again.text)")
    }

    @Test func `whoever runs the platform declares a customer, and gives nobody elsewhere what is not theirs`() throws {
        let scene = try CompatibleScene()
        // Its rights are not to call models, which the customer's are.
        _ = try scene.change("POST", "/customers", as: .sys, Self.company)
        #expect(try scene.canonical(.member, "your-company", in: "your-company-inc") != nil)
        #expect(try scene.repository.git("log", "-1", "--format=%an", "main") == "sys")
        let body = #"{"spec":{"email":"kim@example.com","roles":["developer"]}}"#
        let elsewhere = try scene.call("PUT", "/v1/admin/orgs/globex/members/kim", as: .sys, body)
        let id = try #require(elsewhere.headers["location"]?.split(separator: "/").last, "\(elsewhere.text)")
        try eventually(within: .seconds(60), "the change is proposed") {
            try scene.sql("SELECT state FROM charter.change_request WHERE uid = '\(id)'") == ["proposed"]
        }
        #expect(try scene.canonical(.member, "kim", in: "globex") == nil)
    }

    @Test func `an organization's own people make no customers, and find no others'`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let forbidden = try scene.call("POST", "/customers", Self.company)
        #expect(forbidden.status == 403 && forbidden["charter.code"] as? String == "forbidden", "\(forbidden.text)")
        let foreign = try scene.call("POST", "/api/keys", #"{"customer_email":"eve@example.com","name":"K"}"#)
        let missing = try scene.call("POST", "/api/keys", #"{"customer_email":"nobody@example.com","name":"K"}"#)
        #expect(foreign.status == 404 && missing.status == 404 && foreign["detail"] as? String == missing["detail"] as? String)
        let number = try #require(LineageNumber.number(of: try scene.uid(.apiKey, "eve", in: "globex")))
        for id in ["\(number)", "999999", "eve", "%00", "-1"] {
            #expect(try scene.call("POST", "/api/keys/\(id)/toggle").status == 404, "\(id)")
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.change_request") == ["0"])
    }

    @Test func `a key is changed in the unit that declares it, whichever declares its organization`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let theirs = try TestRepository()
        try theirs.commit([
            "orgs/initech/org.yaml": CompatibleScene.document("Organization", "initech", "displayName: Initech"),
            "orgs/initech/ivy.yaml": CompatibleScene.document("Member", "ivy", "email: ivy@initech.example, roles: [developer]"),
        ])
        try theirs.apply(to: scene.database, unit: "team")
        try scene.repository.commit(["orgs/initech/key.yaml": CompatibleScene.document("APIKey", "night", "owner: ivy, scopes: [chat]")])
        try scene.repository.apply(to: scene.database)
        let number = try #require(LineageNumber.number(of: try scene.uid(.apiKey, "night", in: "initech")))
        let asked = try scene.call("POST", "/api/keys/\(number)/toggle", as: .root)
        #expect(asked.status == 202, "\(asked.text)")
        #expect(try scene.sql("SELECT unit FROM charter.change_request") == ["default"])
    }

    @Test func `nobody hides a customer behind members whose names look like its email address`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let crowd = (0..<60).map {
            CompatibleScene.document("Member", "m\($0)", "email: m\($0)@acme.example, displayName: eve@example.com, roles: [viewer]")
        }
        try scene.repository.commit(["orgs/acme/crowd.yaml": crowd.joined(separator: "---\n")])
        try scene.repository.apply(to: scene.database)
        let asked = try scene.call("POST", "/api/keys", as: .root, #"{"customer_email":"eve@example.com","name":"K"}"#)
        #expect(asked.status == 202, "\(asked.text)")
        #expect(try scene.sql("SELECT org FROM charter.change_request") == ["globex"])
    }

    @Test func `an owner whose keys could call nothing gets none`() throws {
        let scene = try CompatibleScene(isWatched: false)
        let refused = try scene.call("POST", "/api/keys", #"{"customer_email":"vi@example.com","name":"K"}"#)
        #expect(refused.status == 409 && refused.text.contains("inference.invoke"), "\(refused.text)")
    }

    @Test(arguments: [
        #"{"name":"A"}"#, #"{"name":"A","email":"none"}"#, #"{"name":"A","email":"a@b.example","id":1}"#, #"{"name":"!","email":"a@b.example"}"#,
    ]) func `a customer's field that cannot be kept is refused with its name`(body: String) throws {
        let scene = try CompatibleScene(isWatched: false)
        let answer = try scene.call("POST", "/customers", as: .root, body)
        #expect(answer.status == 422 && answer["detail"] is String, "\(answer.text)")
    }
}
