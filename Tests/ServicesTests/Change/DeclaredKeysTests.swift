import Crypto
import Foundation
import TestKit
import Testing

@testable import Services

/// Keys that Git declares, made and ended over the admin API.
struct DeclaredKeysTests {
    private static let keys = "orgs/acme/declared-keys"
    private static let key = "orgs/acme/keys/shop"
    private static let body = #"{"name":"shop","spec":{"owner":"bo","scopes":["chat"]}}"#

    private func digests(_ it: WriteScene) throws -> [String] {
        try it.sql(
            "SELECT s ->> 'sha256' FROM charter.resource, jsonb_array_elements(canonical::jsonb -> 'spec' -> 'secrets') s "
                + "WHERE kind = 'APIKey' AND name = 'shop' ORDER BY s ->> 'until' NULLS LAST")
    }

    @Test func `a key is made with a secret that is told once, and its digest alone is committed`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let made = try it.call("POST", Self.keys, Self.body, as: "ada", ["Idempotency-Key": "k"])
        let secret = try #require(made.json["secret"] as? String, "\(made.text) \(it.trouble)")
        #expect(made.status == 201 && MintedKey.isWellFormed(secret) && secret.hasPrefix(made.json["prefix"] as? String ?? "-"))
        #expect(try digests(it) == [SHA256.digest(secret).hex])
        #expect(try !it.repository.git("log", "-p", "main").contains(secret))
        let again = try it.call("POST", Self.keys, Self.body, as: "ada", ["Idempotency-Key": "k"])
        #expect(again.status == 200 && again.json["secret"] is NSNull && again.change["id"] as? String == made.change["id"] as? String, "\(again.text)")
        #expect(try it.call("POST", Self.keys, Self.body).status == 409)
        #expect(try it.sql("SELECT count(*) FROM charter.change_request WHERE patch::text LIKE '%\(secret)%'") == ["0"])
        let shown = try it.call("GET", Self.key)
        #expect(!shown.text.contains("sha256") && shown.text.contains(#""declared":{"spec":{"owner":"bo""#), "\(shown.text)")
    }

    @Test func `a key is rotated, suspended, resumed, put anew with its secrets, and removed`() throws {
        let it = try WriteScene()
        try it.startWatch()
        let made = try it.call("POST", Self.keys, Self.body)
        let first = try #require(made.json["secret"] as? String, "\(made.text) \(it.trouble)")
        let rotated = try it.call("POST", Self.key + "/rotate", #"{"overlap_seconds":3600}"#)
        let second = try #require(rotated.json["secret"] as? String, "\(rotated.text) \(it.trouble)")
        #expect(try digests(it) == [first, second].map { SHA256.digest($0).hex })
        let alone = try it.call("POST", Self.key + "/rotate", "{}")
        let third = try #require(alone.json["secret"] as? String, "\(alone.text) \(it.trouble)")
        #expect(try digests(it) == [SHA256.digest(third).hex])
        let suspended = try it.call("POST", Self.key + "/suspend", #"{"reason":"leaked"}"#)
        #expect(suspended.status == 200 && suspended.resource?["state"] as? String == "suspended", "\(suspended.text) \(it.trouble)")
        let resumed = try it.call("POST", Self.key + "/resume")
        #expect(resumed.status == 200 && resumed.resource?["state"] as? String == "declared", "\(resumed.text) \(it.trouble)")
        #expect(try it.call("POST", Self.key + "/resume").status == 409)
        let etag = try #require(it.call("GET", Self.key).headers["etag"])
        let put = try it.call("PUT", Self.key, #"{"spec":{"owner":"bo","scopes":["chat"],"limits":["5 requests/min"]}}"#, as: "ada", ["If-Match": etag])
        #expect(put.status == 200, "\(put.text) \(it.trouble)")
        #expect(try digests(it) == [SHA256.digest(third).hex])
        #expect(try it.call("DELETE", Self.key, nil, as: "bo").status == 403)
        let removed = try it.call("DELETE", Self.key)
        #expect(removed.status == 200 && removed.json["revoked"] as? String == "shop", "\(removed.text) \(it.trouble)")
        #expect(try digests(it).isEmpty)
    }

    @Test func `a put that leaves the secrets out brings none back that a commit has ended meanwhile`() throws {
        let it = try WriteScene()
        let (path, ended) = ("orgs/acme/people.yaml", SHA256.digest(WriteScene.secret("vi")).hex)
        try it.repository.commit([path: it.file(path).replacing(ended, with: SHA256.digest("another").hex)])
        let raced = Background { () -> (status: Int, text: String) in
            let answer = try it.call("PUT", "orgs/acme/keys/vi", #"{"spec":{"owner":"vi","scopes":["whole"],"limits":["5 requests/min"]}}"#)
            return (answer.status, answer.text)
        }
        try eventually(within: .seconds(60), "the change is asked for") { try it.sql("SELECT count(*) FROM charter.change_request") == ["1"] }
        try it.startWatch()
        let refused = try raced.value()
        #expect(refused.status == 412 && refused.text.contains("changed meanwhile"), "\(refused.text) \(it.trouble)")
        #expect(try !it.file(path).contains(ended))
    }

    @Test func `a secret of the caller's own is refused where one is made, and so is a name that is none`() throws {
        let it = try WriteScene(patience: .zero)
        let brought = #"{"name":"shop","spec":{"owner":"bo","scopes":["chat"],"secrets":[]}}"#
        #expect(try it.call("POST", Self.keys, brought).text.contains("/spec/secrets"))
        #expect(try it.call("POST", Self.keys, #"{"name":"No Name","spec":{}}"#).status == 422)
        #expect(try it.call("POST", Self.key + "/rotate", #"{"overlap_seconds":-1}"#).status == 422)
        #expect(try it.call("POST", Self.key + "/rotate", "{}").status == 404)
        #expect(try it.sql("SELECT count(*) FROM charter.change_request") == ["0"])
        // Nothing carries it out, and the secret is told all the same: it opens the key from when it is enforced.
        let accepted = try it.call("POST", Self.keys, Self.body)
        #expect(accepted.status == 202 && accepted.json["secret"] is String && accepted.json["resource"] is NSNull, "\(accepted.text)")
    }
}
