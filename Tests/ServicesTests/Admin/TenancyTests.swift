import HTTP
import TestKit
import Testing

@testable import Services

/// Whose things a caller is told of.
struct TenancyTests {
    private let scene: AdminScene

    init() throws { scene = try AdminScene() }

    @Test func `lists hold the caller's own organization alone, and all of them for the platform`() throws {
        let own = try scene.call(.get, "/v1/admin/orgs", as: AdminScene.secret("acme", "admin"))
        #expect(own.items.compactMap { $0["name"] as? String } == ["acme"])
        let all = try scene.callLocally(.get, "/v1/admin/orgs")
        #expect(all.items.compactMap { $0["name"] as? String } == ["acme", "globex"])
    }

    @Test func `a minted key of another organization is not found by its uid, and is not ended`() throws {
        let minted = try scene.call(.post, "/v1/admin/orgs/globex/keys", as: AdminScene.secret("globex", "admin"), body: #"{"pool":"ci"}"#)
        let uid = try #require(minted.json["uid"] as? String)
        let secret = AdminScene.secret("acme", "admin")
        for org in ["acme", "globex"] {
            #expect(try scene.call(.get, "/v1/admin/orgs/\(org)/keys/\(uid)", as: secret).status == 404)
            #expect(try scene.call(.delete, "/v1/admin/orgs/\(org)/keys/\(uid)", as: secret).status == 404)
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.delegated_key WHERE revoked_at IS NULL") == ["1"])
    }

    @Test func `only the platform's operators mint for somebody else`() throws {
        let body = #"{"pool":"ci","member":"viewer"}"#
        let refused = try scene.call(.post, "/v1/admin/orgs/acme/keys", as: AdminScene.secret("acme", "admin"), body: body)
        #expect(refused.status == 403)
        #expect(try scene.callLocally(.post, "/v1/admin/orgs/acme/keys", body: body).status == 201)
    }
}
