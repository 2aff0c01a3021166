import Crypto
import Foundation
import HTTP
import Spec
import Store
import TestKit

@testable import Services

/// Two organizations that are applied, an API over them, and a key for each role.
final class AdminScene: Sendable {
    let database: String
    let api = AdminAPI { _ in }
    private let repository: TestRepository

    /// Of whom there is one in each organization, with a key of the same name whose secret `secret` tells.
    static let roles = ["admin", "org-admin", "developer", "viewer", "analyst", "security", "finance", "system-admin"]
    static let orgs = ["acme", "globex"]

    init() throws {
        repository = try TestRepository()
        database = try TestPostgres.shared.freshDatabase()
        var files = ["charter.yaml": Self.document("Repository", "test", "drift: report"), "scopes.yaml": Self.scope]
        for org in Self.orgs { files["orgs/\(org)/org.yaml"] = Self.organization(org) }
        try repository.commit(files, message: "First rules")
        try repository.apply(to: database)
    }

    static func secret(_ org: String, _ role: String) -> String { "sk_test_\(org)_\(role)" }

    // MARK: declarations

    private static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: { \(spec) }\n"
    }

    private static let scope = document(
        "Scope", "administration",
        "endpoints: [], permissions: [config.read, members.read, keys.read, keys.mint, keys.revoke, usage.read, budgets.write, models.read, audit.read, status.read, drift.read, override.write, plan.approve, config.propose]")

    private static func organization(_ org: String) -> String {
        var documents = [
            document("Organization", org, "displayName: \(org)"), document("Project", "search", "displayName: Search"),
            document("Budget", "team", "for: { organization: true }, hard: 100 USD/month"),
            document("Scope", "chat", "endpoints: [chat.completions]"),
            document("KeyPool", "ci", "issuers: { roles: [\(roles.joined(separator: ", "))] }, keys: 20, each: { scopes: [chat], lifetime: 2h }"),
        ]
        for role in roles {
            documents.append(document("Member", role, "email: \(role)@\(org).example, roles: [\(role)]"))
            let digest = SHA256.digest(secret(org, role)).hex
            documents.append(
                document("APIKey", role, "owner: \(role), scopes: [administration], secrets: [{ sha256: \(digest), prefix: sk_test }]"))
        }
        return documents.joined(separator: "---\n")
    }

    // MARK: calls

    func call(
        _ method: HTTP.Method = .get, _ path: String, as secret: String?, query: String? = nil, body: String? = nil, headers more: Headers = [:]
    ) throws -> AdminAnswer {
        var headers = more
        if let secret { headers.add("authorization", "Bearer \(secret)") }
        if body != nil { headers.add("content-type", "application/json") }
        let request = AdminRequest(
            method: method, path: path, query: query, headers: headers, body: Array((body ?? "").utf8), id: "the-request")
        let connection = try Connection(database)
        return api.answer(request) { connection }
    }

    /// As whoever runs the machine.
    func callLocally(_ method: HTTP.Method = .get, _ path: String, body: String? = nil) throws -> AdminAnswer {
        var headers: Headers = [:]
        if body != nil { headers.add("content-type", "application/json") }
        let request = AdminRequest(
            method: method, path: path, headers: headers, body: Array((body ?? "").utf8), process: SocketPeer(process: 1, user: 0),
            id: "the-request")
        let connection = try Connection(database)
        return api.answer(request) { connection }
    }

    /// What a scan keeps of fields that a hand changed, each found to say this.
    func find(_ found: String = #""900 USD/month""#, in fields: [(resource: String, pointer: String)]) throws {
        let findings = fields.map { field in
            DriftFinding(
                unit: "default", uid: Self.uid(of: field.resource), resource: field.resource, aspect: .changed, pointer: field.pointer,
                label: String(field.pointer.dropFirst()).replacing("/", with: "."), wanted: #""100 USD/month""#, found: found,
                place: Place(path: "orgs/acme/org.yaml", position: Position(line: 6, column: 9)), revision: 1)
        }
        try Connection(database).transaction { transaction in
            _ = try DriftFindings.record(transaction, unit: "default", seen: findings) { _ in .gone }
            try DriftScans.record(
                transaction,
                DriftScan(unit: "default", revision: 1, resources: Int64(Set(fields.map(\.resource)).count), fields: Int64(fields.count), first: "[]"))
        }
    }

    /// The same for the same name.
    private static func uid(of resource: String) -> String {
        let digits = Array(SHA256.digest(resource).hex)
        return "\(String(digits[..<8]))-0000-4000-8000-\(String(digits[8..<20]))"
    }

    func sql(_ text: String) throws -> [String] {
        try TestPostgres.firstColumn(of: text, in: database)
    }
}

extension AdminAnswer {
    var text: String { String(decoding: body, as: UTF8.self) }

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:] }

    var items: [[String: Any]] { json["items"] as? [[String: Any]] ?? [] }
}

/// Errors as PostgreSQL has them.
enum DatabaseErrorSample {
    static var lost: DatabaseError { DatabaseError(.connectionFailure, "gone") }
}
