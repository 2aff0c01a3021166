import Crypto
import Foundation
import HTTP
import Spec
import Store
import TestKit

@testable import Services

/// Two organizations that are applied, with a person for each role, known by a key and by tokens of an issuer of their own.
///
/// Each has two projects. Everything of globex has that word in it, and what is of acme's second project has `secluded`: an answer to
/// one who may not know of it holds neither.
struct MatrixScene {
    let database: String
    let connection: Connection
    private let api: AdminAPI
    private let repository: TestRepository
    private let tokens: [String: String]

    static let orgs = ["acme", "globex"]
    static let roles = ["admin", "viewer", "developer", "security", "finance", Role.systemAdmin, inProject]
    /// Who has no role but in the project `own`.
    static let inProject = "in-project"
    static let projectRoles = ["security", "finance"]
    /// Who manages the project `own`, and nothing else; none of `roles`.
    static let projectAdmin = "project-admin"

    init() throws {
        repository = try TestRepository()
        database = try TestPostgres.shared.freshDatabase()
        var files = ["charter.yaml": Self.document("Repository", "test", "drift: report"), "scopes.yaml": Self.scopes]
        for org in Self.orgs { files["orgs/\(org)/org.yaml"] = Self.organization(org) }
        try repository.commit(files, message: "First rules")
        try repository.apply(to: database)
        connection = try Connection(database)
        api = AdminAPI(keySets: KeySetCache(Issuers())) { _ in }
        tokens = try Self.tokens()
    }

    // MARK: declarations

    /// All that any route takes, so that a key may do what its owner may.
    private static var permissions: Set<Permission> {
        Set(AdminTable.all.routes.flatMap { [$0.permission, $0.alternative].compactMap(\.self) })
    }

    private static var scopes: String {
        let names = permissions.map(\.rawValue).sorted().joined(separator: ", ")
        return document("Scope", "administration", "endpoints: [], permissions: [\(names)]") + document("Scope", "chat", "endpoints: [chat.completions]")
    }

    private static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "---\napiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: { \(spec) }\n"
    }

    private static func issuer(_ org: String) -> String { "https://login.\(org).example" }

    private static func organization(_ org: String) -> String {
        var text = document("Organization", org, "displayName: \(org), signIn: { issuer: \"\(issuer(org))\" }")
        // What only globex has is foreign to acme.
        for project in ["own", "secluded"] + (org == "globex" ? ["foreign"] : []) {
            text += document("Project", project, "displayName: \(org) \(project)")
            text += document("Budget", project, "for: { project: \(project) }, hard: 100 USD/month, description: \(org)")
            text += document("APIKey", project, "owner: developer, project: \(project), scopes: [chat], secrets: [{ sha256: \(digest(org, project)) }]")
            text += document("KeyPool", project, "issuers: { members: [\(projectAdmin)], roles: [admin] }, project: \(project), keys: 9, each: { scopes: [chat], lifetime: 2h }")
        }
        let ofProject = [inProject: projectRoles.joined(separator: ", "), projectAdmin: "org-admin"]
        for role in roles + [projectAdmin] + (org == "globex" ? ["foreign"] : []) {
            let roles = ofProject[role].map { "projects: { own: [\($0)] }" } ?? "roles: [\(role == "foreign" ? "viewer" : role)]"
            text += document("Member", role, "email: \(role)@\(org).example, externalId: \(role), \(roles)")
            guard role != "foreign" else { continue }
            text += document("APIKey", "of-\(role)", "owner: \(role), scopes: [administration], secrets: [{ sha256: \(digest(org, role)) }]")
        }
        return text
    }

    private static func secret(_ org: String, _ name: String) -> String { "sk_matrix_\(org)_\(name)" }

    private static func digest(_ org: String, _ name: String) -> String { SHA256.digest(secret(org, name)).hex }

    // MARK: proofs

    enum Proof: String, CaseIterable { case key, token }

    private static let signer = Result { try TokenKey(.ec("P-256")) }

    /// Issuers that all have the key of `signer`.
    private struct Issuers: KeySetSource {
        func fetch(_ issuer: String, _ done: @escaping @Sendable (Result<KeySet, TokenProblem>) -> Void) {
            do {
                done(.success(try KeySet(Array(#"{"keys":[\#(try MatrixScene.signer.get().jwk(#""kid":"a""#))]}"#.utf8))))
            } catch {
                done(.failure(TokenProblem("\(error)")))
            }
        }
    }

    private static func tokens() throws -> [String: String] {
        let end = Int(Date().timeIntervalSince1970) + 3600
        var tokens: [String: String] = [:]
        for org in orgs {
            for role in roles {
                tokens[secret(org, role)] = try signer.get().token(
                    "ES256", header: #""kid":"a""#, claims: #"{"iss":"\#(issuer(org))","sub":"\#(role)","aud":"charter","exp":\#(end)}"#)
            }
        }
        return tokens
    }

    func credential(_ org: String, _ role: String, _ proof: Proof) -> String {
        let secret = Self.secret(org, role)
        return proof == .key ? secret : tokens[secret] ?? ""
    }

    // MARK: calls

    /// Nobody where there is neither a credential nor a user of this machine.
    func call(_ route: AdminRoute, _ path: String, as credential: String?, user: UInt32? = nil, query: String? = nil) throws -> AdminAnswer {
        var headers: Headers = [:]
        if let credential { headers.add("authorization", "Bearer \(credential)") }
        let body = route.leastBody
        if let body { headers.add("content-type", body.type) }
        let request = AdminRequest(
            method: route.method, path: path, query: query, headers: headers, body: Array((body?.text ?? "").utf8),
            process: user.map { SocketPeer(process: 1, user: $0) }, id: "the-request")
        return api.answer(request) { connection }
    }

    func get(_ path: String, as credential: String) throws -> AdminAnswer { try call(.get, path, as: credential) }

    /// With a body where there is one, by any connection.
    func call(
        _ method: HTTP.Method, _ path: String, as credential: String, body: String? = nil, by other: Connection? = nil
    ) throws -> AdminAnswer {
        var headers: Headers = [:]
        headers.add("authorization", "Bearer \(credential)")
        if body != nil { headers.add("content-type", "application/json") }
        let request = AdminRequest(method: method, path: path, headers: headers, body: Array((body ?? "").utf8), id: "the-request")
        return api.answer(request) { other ?? connection }
    }
}

extension AdminRoute {
    /// Any of which is enough; none where being known is.
    var sufficient: [Permission] { [permission, alternative].compactMap(\.self) }

    /// What every item of the API that is named by the last part of a path has in its place: the organization apart, the same for all.
    func path(in org: String, naming name: String) -> String {
        var path = template.text.replacing("{org}", with: org).replacing("{kind}", with: "budget")
        let mark = path.hasPrefix("/v1/apps/") ? ApplicationCredential.mark : ""
        for part in template.names { path = path.replacing("{\(part)}", with: mark + name) }
        return path
    }

    /// Whether its path names something beside the organization.
    var namesItem: Bool { template.names.contains { $0 != "org" } }

    /// Of its shape, with required members alone, and of nothing that is there.
    fileprivate var leastBody: (type: String, text: String)? {
        if let document { return (document.rawValue, "{}") }
        guard let body else { return nil }
        return ("application/json", "{" + body.filter(\.isRequired).map { "\"\($0.name)\":\($0.shape.example)" }.joined(separator: ",") + "}")
    }
}

extension AdminShape {
    fileprivate var example: String {
        switch self {
        case .integer: "1"
        case .number(let bounds): "\(bounds.lowerBound)"
        case .boolean: "true"
        case .array: "[]"
        case .declaration, .members: "{}"
        case .choice(let words): "\"\(words.first ?? "")\""
        case .optional(let shape): shape.example
        default: #""2031-01-01T00:00:00Z""#
        }
    }
}
