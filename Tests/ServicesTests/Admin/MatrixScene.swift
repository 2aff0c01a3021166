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
        for org in Self.orgs { try book(org) }
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

    /// What only globex has is foreign to acme.
    private static func projects(of org: String) -> [String] { ["own", "secluded"] + (org == "globex" ? ["foreign"] : []) }

    private static func organization(_ org: String) -> String {
        var text = document("Organization", org, "displayName: \(org), signIn: { issuer: \"\(issuer(org))\" }")
        for project in projects(of: org) {
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

    // MARK: the ledger

    private static let arrival = Int64(Date().timeIntervalSince1970 * 1000)

    /// What the request to a project is called that the ledger has; `foreign` names globex's everywhere.
    fileprivate static func decision(_ org: String, _ project: String) -> String {
        let time = String(arrival, radix: 16)
        let rest = SHA256.digest(project == "foreign" ? "globex/foreign" : "\(org)/\(project)").hex
        return String(repeating: "0", count: 12 - time.count) + time + rest.prefix(20)
    }

    /// A request to each project.
    private func book(_ org: String) throws {
        try connection.transaction { transaction in
            func uid(_ kind: Kind, _ name: String) throws -> String {
                try Resources.one(transaction, ResourceKey(org: org, kind: kind, name: name))?.uid ?? ""
            }
            let rows = try Self.projects(of: org).map { project in
                let terms = UsageTerms(
                    org: org, orgUID: try uid(.organization, org), project: project, projectUID: try uid(.project, project), member: "developer",
                    memberUID: try uid(.member, "developer"), key: project, keyUID: try uid(.apiKey, project), endpoint: "chat.completions",
                    requestedModel: "1", model: "local/small", revision: 1, priceVersion: "p1")
                return UsageRow(
                    at: Instant(milliseconds: Self.arrival), terms: terms, decision: Self.decision(org, project), attempt: 1, status: 200,
                    input: 10, output: 5, cost: NanoUSD(60), estimated: false, latencyMs: 9, detail: "{}")
            }
            _ = try Ledger.ship(transaction, epoch: try Epochs.mint(transaction, gateway: "g"), segment: 1, from: 0, to: 1, rows: rows)
        }
    }

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
    func call(
        _ route: AdminRoute, _ path: String, as credential: String?, user: UInt32? = nil, query: String? = nil, headers: Headers = [:],
        sending text: String? = nil
    ) throws -> AdminAnswer {
        var headers = headers
        if let credential { headers.add("authorization", "Bearer \(credential)") }
        let body = route.leastBody.map { (type: $0.type, text: text ?? $0.text) }
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
        for part in template.names {
            path = path.replacing("{\(part)}", with: part == "decision" ? MatrixScene.decision(org, name) : mark + name)
        }
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
