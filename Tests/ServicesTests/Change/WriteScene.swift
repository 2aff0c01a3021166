import Crypto
import Foundation
import HTTP
import Store
import Synchronization
import TestKit

@testable import Services

/// An organization whose rules let changes be asked for, the admin API on a port, and the real `charter watch` where a test starts it.
final class WriteScene: Sendable {
    let repository: TestRepository
    let database: String
    let listener: AdminListener
    private let watch = Mutex<Subprocess?>(nil)

    /// Members with a key each, of which `secret` tells the secret: `half` has an admin's key with config.propose alone. Beside them `ops` is
    /// a key of ada's that sets overrides, and changes nothing that is declared.
    static let roles = ["ada": "admin", "root": "system-admin", "bo": "developer", "vi": "viewer", "half": "admin"]
    static let budget = "orgs/acme/budgets/team.yaml"
    static let budgetText = """
        # What the team may spend.
        apiVersion: charter/v1
        kind: Budget
        metadata: { name: team }
        spec:
          for: { organization: true }
          hard: 100 USD/month   # with finance

        """

    /// `patience` is how long calls wait for their changes.
    init(patience: Duration = .seconds(60)) throws {
        repository = try TestRepository()
        database = try TestPostgres.shared.freshDatabase()
        try repository.commit(
            [
                "charter.yaml": Self.document("Repository", "test", "drift: report, writeBack: { to: main }"),
                "scopes.yaml": Self.scope("whole", "config.read, config.write, config.propose, members.read, keys.read, keys.revoke")
                    + "---\n" + Self.scope("half", "config.read, config.propose") + "---\n" + Self.scope("ops", "drift.read, override.write") + "---\n" + Self.document("Scope", "chat", "endpoints: [chat.completions]"),
                "orgs/acme/org.yaml": Self.document("Organization", "acme", "displayName: Acme"),
                "orgs/acme/people.yaml": (Self.roles.keys.sorted().map(Self.person) + [Self.key("ops", of: "ada", "ops")]).joined(separator: "---\n"),
                Self.budget: Self.budgetText,
            ], message: "First rules")
        try repository.apply(to: database)
        var settings = AdminSettings(database: database)
        settings.listen = "127.0.0.1:0"
        settings.changePatience = patience
        listener = try AdminListener(settings) { _ in }
    }

    deinit { listener.stop() }

    static func secret(_ member: String) -> String { "sk_write_\(member)" }

    private static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: { \(spec) }\n"
    }

    private static func scope(_ name: String, _ permissions: String) -> String {
        document("Scope", name, "endpoints: [], permissions: [\(permissions)]")
    }

    private static func person(_ name: String) -> String {
        document("Member", name, "email: \(name)@acme.example, roles: [\(roles[name] ?? "viewer")]") + "---\n"
            + key(name, of: name, name == "half" ? "half" : "whole")
    }

    private static func key(_ name: String, of owner: String, _ scope: String) -> String {
        let digest = SHA256.digest(secret(name)).hex
        return document("APIKey", name, "owner: \(owner), scopes: [\(scope)], secrets: [{ sha256: \(digest), prefix: sk_write }]")
    }

    // MARK: what runs

    func startWatch() throws {
        let started = try repository.watch(applyingTo: database)
        watch.withLock { $0 = started }
    }

    var trouble: String { watch.withLock { $0?.errors } ?? "no reconciler runs" }

    func file(_ path: String) throws -> String { try repository.git("show", "main:\(path)") + "\n" }

    @discardableResult
    func sql(_ text: String) throws -> [String] {
        try TestPostgres.firstColumn(of: text, in: database)
    }

    // MARK: calls

    struct Answer {
        var status: Int
        var headers: [String: String]
        var json: [String: Any]
        var text: String

        var change: [String: Any] { json["change"] as? [String: Any] ?? [:] }
        var resource: [String: Any]? { json["resource"] as? [String: Any] }
    }

    /// Over a connection of its own; `path` counts from `/v1/admin/`.
    func call(_ method: String, _ path: String, _ body: String? = nil, as member: String = "ada", _ headers: [String: String] = [:]) throws -> Answer {
        var lines = ["\(method) /v1/admin/\(path) HTTP/1.1", "Host: admin", "Connection: close", "Authorization: Bearer \(Self.secret(member))"]
        lines += headers.map { "\($0): \($1)" }
        if let body {
            lines.append("Content-Type: \(method == "PATCH" ? "application/merge-patch+json" : "application/json")")
            lines.append("Content-Length: \(body.utf8.count)")
        }
        let answer = try StreamCall.tcp(listener.port).send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
        guard let end = answer.range(of: "\r\n\r\n") else { throw StreamCall.Failure(call: "no answer") }
        let head = answer[..<end.lowerBound].components(separatedBy: "\r\n")
        let fields = head.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        let text = String(answer[end.upperBound...])
        return Answer(
            status: Int(head[0].split(separator: " ")[1]) ?? 0, headers: Dictionary(fields) { first, _ in first },
            json: (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:], text: text)
    }
}
