import HTTP
import Spec
import Store
import TestKit
import Testing

@testable import Services

/// Every route by every role of every organization and every proof, at what is its own, another's, and nobody's.
///
/// All is derived from the routes, so that none can be forgotten. Whether a caller is let through is asked with a parameter that no
/// route knows: who may is told so (400), and nothing is done.
struct RouteMatrixTests {
    private static let probe = "no-such-parameter=1"

    private let scene: MatrixScene

    init() throws { scene = try MatrixScene() }

    /// Whether the role's permissions let it call a route on an organization's things, told apart from how the program does it.
    private func isPermitted(_ route: AdminRoute, _ role: String, of own: String, in org: String) -> Bool {
        if route.permission == nil { return true }
        let isOfProject = role == MatrixScene.inProject
        let permissions = isOfProject ? MatrixScene.projectRoles.flatMap { Role.builtIn[$0] ?? [] } : Role.builtIn[role] ?? []
        guard !Set(permissions).isDisjoint(with: route.sufficient) else { return false }
        switch route.scope {
        case .platform: return role == Role.systemAdmin
        case .caller: return !isOfProject || route.isByProject
        case .organization: return role == Role.systemAdmin || own == org && (!isOfProject || route.isByProject)
        }
    }

    private func callers(_ body: (_ own: String, _ role: String, _ proof: MatrixScene.Proof) throws -> Void) rethrows {
        for own in MatrixScene.orgs {
            for role in MatrixScene.roles {
                for proof in MatrixScene.Proof.allCases { try body(own, role, proof) }
            }
        }
    }

    @Test func `nobody is let through whom their role does not let, in any organization, by any proof`() throws {
        try callers { own, role, proof in
            let credential = scene.credential(own, role, proof)
            for route in AdminTable.all.routes {
                for org in route.scope == .organization ? MatrixScene.orgs + ["nobody"] : [own] {
                    let answer = try scene.call(route, route.path(in: org, naming: "own"), as: credential, query: Self.probe)
                    let isForeign = route.scope == .organization && org != own && role != Role.systemAdmin && route.permission != nil
                    let wanted = isPermitted(route, role, of: own, in: org) ? 400 : isForeign ? 404 : 403
                    #expect(answer.status == wanted, "\(own)/\(role) by \(proof), \(route.name) in \(org): \(answer.text)")
                }
            }
        }
    }

    @Test func `whoever runs the machine is let through everywhere, and no other account of it anywhere`() throws {
        for route in AdminTable.all.routes {
            let path = route.path(in: "acme", naming: "own")
            #expect(try scene.call(route, path, as: nil, user: 0, query: Self.probe).status == 400, "\(route.name)")
            #expect(try scene.call(route, path, as: nil, user: 4_000_000_000, query: Self.probe).status == 401, "\(route.name)")
        }
    }

    @Test func `without a proof that is good a route answers alike, whatever is asked for`() throws {
        for route in AdminTable.all.routes {
            for credentials in [[nil], ["sk_matrix_acme_nobody", "a.b.c"]] as [[String?]] {
                var answers: Set<String> = []
                for (org, name) in [("acme", "own"), ("acme", "missing"), ("nobody", "own")] {
                    for credential in credentials {
                        let answer = try scene.call(route, route.path(in: org, naming: name), as: credential)
                        #expect(answer.status == 401, "\(route.name): \(answer.text)")
                        answers.insert(answer.whole)
                    }
                }
                #expect(answers.count == 1, "\(route.name): \(answers)")
            }
        }
    }

    @Test func `another organization cannot be told from one that is not there, byte for byte`() throws {
        try callers { own, role, proof in
            guard own == "acme", role != Role.systemAdmin else { return }
            let credential = scene.credential(own, role, proof)
            for route in AdminTable.all.routes where route.scope == .organization && route.permission != nil {
                let answers = try [("globex", "own"), ("globex", "missing"), ("nobody", "own")].map { org, name in
                    try scene.call(route, route.path(in: org, naming: name), as: credential)
                }
                #expect(answers.allSatisfy { $0.status == 404 }, "\(role) by \(proof), \(route.name): \(answers[0].text)")
                #expect(Set(answers.map(\.whole)).count == 1, "\(role) by \(proof), \(route.name)")
            }
        }
    }

    /// A name and an id, as long as those that are there.
    private static let missing = ["missing", "7f1d2f4e-5b1c-4c7e-9a43-0d5f7f1d2f4e"]

    @Test func `a name that only another organization has is one that is not there`() throws {
        let minted = try MintRequest(org: "globex", pool: "own", issuer: "admin").run(scene.connection, operator: "test").key.uid
        // PUT declares what is not there, by any name.
        for route in AdminTable.all.routes where route.namesItem && route.method != .put && route.scope != .platform {
            let secret = scene.credential("acme", "admin", .key)
            for (foreign, missing) in zip(["foreign", minted], Self.missing) {
                let one = try scene.call(route, route.path(in: "acme", naming: foreign), as: secret)
                let other = try scene.call(route, route.path(in: "acme", naming: missing), as: secret)
                #expect((400..<500).contains(one.status) && (route.method != .get || one.status == 404), "\(route.name): \(one.status) \(one.text)")
                // What the caller wrote may be repeated.
                #expect(one.whole.replacing(foreign, with: "*") == other.whole.replacing(missing, with: "*"), "\(route.name)")
            }
        }
    }

    @Test func `no answer to one organization's people holds anything of another's`() throws {
        try callers { own, role, proof in
            guard own == "acme", role != Role.systemAdmin, proof == .key else { return }
            let credential = scene.credential(own, role, proof)
            for route in AdminTable.all.routes where route.method == .get && isPermitted(route, role, of: own, in: own) {
                let answer = try scene.call(route, route.path(in: own, naming: "own"), as: credential)
                let isFound = answer.status == 200 || answer.status == 404 && (route.namesItem || role == MatrixScene.inProject)
                #expect(isFound, "\(role) \(route.name): \(answer.status) \(answer.text)")
                #expect(!answer.text.contains("globex") && !answer.text.contains("\"foreign\""), "\(role) \(route.name): \(answer.text)")
            }
        }
    }

    @Test func `whose rights hold in one project sees and does what is of it, and cannot tell the rest from what is missing`() throws {
        let credential = scene.credential("acme", MatrixScene.inProject, .key)
        for route in AdminTable.all.routes where route.isByProject {
            let whole = try scene.call(route, route.path(in: "acme", naming: "own"), as: credential, query: route.projectQuery("own"))
            #expect(whole.status < 300 || route.method != .get && whole.status != 404, "\(route.name): \(whole.status) \(whole.text)")
            #expect(!whole.text.contains("secluded"), "\(route.name): \(whole.text)")
            let refusals = try ["secluded", "missing", "of-admin"].compactMap { name -> AdminAnswer? in
                guard route.namesItem || route.projectQuery(name) != nil else { return nil }
                return try scene.call(route, route.path(in: "acme", naming: name), as: credential, query: route.projectQuery(name))
            }
            #expect(refusals.allSatisfy { $0.status == 404 } && Set(refusals.map(\.whole)).count < 2, "\(route.name): \(refusals.map(\.text))")
        }
        let keys = try scene.get("/v1/admin/orgs/acme/keys", as: credential)
        #expect(keys.items.compactMap { $0["name"] as? String } == ["own"])
        let budgets = try scene.get("/v1/admin/orgs/acme/budgets", as: credential)
        #expect((budgets.json["budgets"] as? [[String: Any]])?.compactMap { $0["budget"] as? String } == ["acme/Budget/own"])
        let projects = try scene.get("/v1/admin/orgs/acme/projects", as: credential)
        #expect(projects.items.compactMap { $0["name"] as? String } == ["own"])
        let budget = try scene.get("/v1/admin/orgs/acme/budgets/own", as: credential)
        #expect(budget.status == 200 && budget.json["name"] as? String == "own", "\(budget.text)")
        let app = try scene.get("/v1/apps/app_own", as: credential)
        #expect((app.json["app"] as? [String: Any])?["name"] as? String == "acme own", "\(app.text)")
        // Nothing of the whole organization's is told of by leaving the project out.
        #expect(try scene.get("/v1/admin/orgs/acme/usage", as: credential).status == 404)
    }

    @Test func `whose right to mint holds in one project mints in its pools, and is told of these rights`() throws {
        let secret = scene.credential("acme", MatrixScene.projectAdmin, .key)
        func mint(_ pool: String) throws -> AdminAnswer {
            try scene.call(.post, "/v1/admin/orgs/acme/keys", as: secret, body: #"{"pool":"\#(pool)"}"#)
        }
        let minted = try mint("own")
        #expect(minted.status == 201 && minted.json["issuer"] as? String == MatrixScene.projectAdmin, "\(minted.text)")
        let refusals = try [mint("secluded"), mint("missing")]
        #expect(refusals.allSatisfy { $0.status == 404 } && Set(refusals.map(\.whole)).count == 1, "\(refusals.map(\.text))")
        #expect(try scene.call(.post, "/v1/admin/orgs/globex/keys", as: secret, body: #"{"pool":"own"}"#).status == 404)
        let own = try scene.get("/v1/admin/self", as: secret)
        #expect(own.json["in_organization"] as? [String] == [])
        let projects = try #require(own.json["in_projects"] as? [[String: Any]])
        #expect(projects.compactMap { $0["project"] as? String } == ["own"])
        #expect((projects.first?["permissions"] as? [String])?.contains("keys.mint") == true, "\(own.text)")
    }
}

extension AdminRoute {
    /// Asks for one project alone, where it can be asked for.
    fileprivate func projectQuery(_ name: String) -> String? {
        query.contains { $0.name == "project" } ? "project=\(name)" : nil
    }
}

extension AdminAnswer {
    /// All that the caller gets.
    fileprivate var whole: String { "\(status) \(headers) \(text)" }
}
