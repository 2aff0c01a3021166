import HTTP
import Spec
import TestKit
import Testing

@testable import Services

/// Every route by every role of every organization, at what is its own, another's, and nobody's.
struct TenancyMatrixTests {
    private let scene: AdminScene

    init() throws { scene = try AdminScene() }

    /// A path of the route in an organization, with names that are there, or of which none is.
    private func path(_ route: AdminRoute, in org: String, isMissing: Bool = false) -> String {
        var path = route.template.text.replacing("{org}", with: org)
        let name: String =
            switch route.name {
            case "getProject": "search"
            case "getRevision": "1"
            case "resetBudget": "team"
            default: "viewer"
            }
        path = path.replacing("{kind}", with: "budget")
        for part in ["{name}", "{key}", "{id}", "{digest}"] { path = path.replacing(part, with: isMissing ? "999999" : name) }
        return path
    }

    private func body(_ route: AdminRoute, in org: String) -> String? {
        switch route.name {
        case "mintKey": #"{"pool":"ci"}"#
        case "resetBudget": #"{"reason":"test","dry_run":true}"#
        case "revertDrift", "revertOrgDrift", "adoptDrift", "adoptOrgDrift": #"{"all":true}"#
        case "tolerateDrift", "tolerateOrgDrift": #"{"subject":"acme/Budget/none","reason":"test","for_seconds":60}"#
        case "approvePlan", "approveOrgPlan": #"{"reason":"test"}"#
        case "setOverride": #"{"target":"budget/acme/team","set":["limit=400USD"],"until":"1h","reason":"test"}"#
        case "setOrgOverride": #"{"target":"budget/\(org)/team","set":["limit=400USD"],"until":"1h","reason":"test"}"#
        default: nil
        }
    }

    private func permissions(_ role: String) -> Set<Permission> { Set(Role.builtIn[role] ?? []) }

    private static let given: Set<Permission> = [
        .configRead, .membersRead, .keysRead, .keysMint, .keysRevoke, .usageRead, .budgetsWrite, .modelsRead, .auditRead, .statusRead, .driftRead,
        .overrideWrite, .planApprove, .configPropose,
    ]

    /// Of which nothing is there that could be asked for.
    private static let missing: Set<String> = [
        "getOrgRoute", "revertDrift", "revertOrgDrift", "tolerateDrift", "tolerateOrgDrift", "getOverride", "getOrgOverride", "endOverride",
        "endOrgOverride", "commitOverride", "commitOrgOverride", "listApprovals", "listOrgApprovals", "approvePlan", "approveOrgPlan",
    ]

    /// Whether a role may call a route on an organization's things.
    private func isPermitted(_ route: AdminRoute, _ role: String, own: String, in org: String) -> Bool {
        guard let permission = route.permission else { return true }
        guard Self.given.contains(permission), permissions(role).contains(permission) else { return false }
        switch route.scope {
        case .platform: return role == "system-admin"
        case .caller: return true
        case .organization: return role == "system-admin" || own == org
        }
    }

    @Test func `nobody gets anything that their role does not give, in any organization`() throws {
        for route in AdminTable.all.routes {
            for own in AdminScene.orgs {
                for role in AdminScene.roles {
                    for org in AdminScene.orgs {
                        let answer = try scene.call(
                            route.method, path(route, in: org), as: AdminScene.secret(own, role), body: body(route, in: org))
                        let isPermitted = isPermitted(route, role, own: own, in: org)
                        // A pool may be full, and what becomes a commit is refused for what it says.
                        let isDone = answer.status < 300 || answer.status == 409 || route.alternative != nil && answer.status < 500 || Self.missing.contains(route.name) && answer.status == 404
                        #expect(
                            isPermitted ? isDone : [403, 404].contains(answer.status),
                            "\(own)/\(role) \(route.name) in \(org): \(answer.status) \(answer.text)")
                        if own != org, route.scope == .organization, role != "system-admin" {
                            #expect(answer.status == 404, "\(own)/\(role) \(route.name) in \(org): \(answer.status)")
                        }
                    }
                }
            }
        }
    }

    @Test func `what is another's cannot be told from what is nobody's, byte for byte`() throws {
        for route in AdminTable.all.routes where route.scope == .organization {
            for role in AdminScene.roles where role != "system-admin" {
                let secret = AdminScene.secret("acme", role)
                let foreign = try scene.call(route.method, path(route, in: "globex"), as: secret, body: body(route, in: "globex"))
                let missing = try scene.call(route.method, path(route, in: "nobody"), as: secret, body: body(route, in: "globex"))
                let both = try scene.call(route.method, path(route, in: "globex", isMissing: true), as: secret, body: body(route, in: "globex"))
                for other in [missing, both] {
                    #expect(foreign.status == other.status && foreign.body == other.body && foreign.headers.description == other.headers.description)
                }
                #expect(foreign.status == 404, "\(role) \(route.name)")
            }
        }
    }

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
