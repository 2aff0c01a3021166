import Crypto
import Foundation
import Spec
import Store
import TestKit

@testable import Services

/// Two organizations whose rules let changes be asked for, the admin API over a socket, and the program that makes commits of changes.
final class CompatibleScene: Sendable {
    let database: String
    let repository: TestRepository
    private let listener: AdminListener
    private let watch: Subprocess?

    /// The key of each of these opens with `sk_test_` and the name.
    enum Person: String, CaseIterable {
        /// May do everything in acme.
        case ada
        /// May look in acme.
        case vi
        /// May do everything in acme, with a key that may but end keys.
        case rex
        /// May do everything in acme, with a key that may but ask for changes and end keys.
        case pia
        /// Runs the platform, and has no other role.
        case sys
        /// May do everything in globex.
        case eve
        /// May do everything in acme, and runs the platform.
        case root

        var secret: String { "sk_test_\(rawValue)" }
    }

    init(isWatched: Bool = true) throws {
        repository = try TestRepository()
        database = try TestPostgres.shared.freshDatabase()
        try repository.commit(Self.files, message: "First rules")
        try repository.apply(to: database)
        var settings = AdminSettings(database: database)
        settings.listen = "127.0.0.1:0"
        listener = try AdminListener(settings) { _ in }
        watch = isWatched ? try repository.watch(applyingTo: database) : nil
    }

    deinit { listener.stop() }

    // MARK: declarations

    static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \"\(name)\" }\nspec: { \(spec) }\n"
    }

    private static func person(_ person: Person, _ roles: String, scope: String = "administration") -> String {
        let digest = SHA256.digest(person.secret).hex
        return document("Member", person.rawValue, "email: \(person)@example.com, roles: [\(roles)]") + "---\n"
            + document("APIKey", person.rawValue, "owner: \(person), scopes: [\(scope)], secrets: [{ sha256: \(digest), prefix: sk_test }]")
    }

    private static let files = [
        "charter.yaml": document("Repository", "test", "drift: report, writeBack: { to: main }"),
        "scopes.yaml": document(
            "Scope", "administration", "endpoints: [], permissions: [config.propose, config.write, config.read, keys.read, keys.revoke, usage.read]")
            + "---\n" + document("Scope", "revoking", "endpoints: [], permissions: [keys.revoke]") + "---\n"
            + document("Scope", "changing", "endpoints: [], permissions: [config.propose, config.write, keys.revoke]") + "---\n" + document("Scope", "chat", "endpoints: [chat.completions]"),
        "plans.yaml": document("Plan", "team", "limits: [6000 requests/min, 50k requests/month], features: [ml-routing, analytics]"),
        "catalog.yaml": document("Provider", "local", "type: vllm, baseURL: \"http://127.0.0.1:8000/v1\"") + "---\n"
            + document("ModelCatalog", "local", "provider: local, models: { small: { context: 8k } }") + "---\n"
            + document("RoutingPolicy", "1", "strategy: priority, targets: [{ model: local/small }]"),
        "orgs/acme/org.yaml": document("Organization", "acme", "displayName: Acme, plan: team"),
        "orgs/acme/people.yaml": [
            person(.ada, "admin"), person(.vi, "viewer"), person(.root, "admin, system-admin"), person(.rex, "admin", scope: "revoking"),
            person(.pia, "admin", scope: "changing"), person(.sys, "system-admin"),
        ].joined(separator: "---\n"),
        "orgs/globex/org.yaml": document("Organization", "globex", "displayName: Globex"),
        "orgs/globex/people.yaml": person(.eve, "admin"),
        "orgs/globex/search.yaml": document("Project", "search", "displayName: Search"),
    ]

    // MARK: calls

    /// An answer as it came over the socket.
    struct Answer {
        let status: Int
        let headers: [String: String]
        let text: String

        init(_ raw: String) {
            let parts = raw.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            let lines = (parts.first ?? "").split(separator: "\r\n")
            status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
            let fields = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) } }
            headers = Dictionary(fields.filter { $0.count == 2 }.map { ($0[0].lowercased(), $0[1]) }) { first, _ in first }
            text = parts.count > 1 ? String(parts[1]) : ""
        }

        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:] }

        /// What a member holds, down a path such as `app.usage`.
        subscript(_ path: String) -> Any? {
            path.split(separator: ".").reduce(json as Any?) { ($0 as? [String: Any])?[String($1)] }
        }
    }

    func call(
        _ method: String, _ path: String, as person: Person? = .ada, _ body: String? = nil, headers: [String: String] = [:]
    ) throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: admin\r\nConnection: close\r\n"
        if let person { head += "Authorization: Bearer \(person.secret)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
        return Answer(try StreamCall.tcp(listener.port).send(head + "\r\n" + (body ?? "")))
    }

    /// A call that changes what is declared, once that is enforced: however fast this machine is.
    func change(
        _ method: String, _ path: String, as person: Person? = .ada, _ body: String? = nil, headers: [String: String] = [:]
    ) throws -> Answer {
        let answer = try call(method, path, as: person, body, headers: headers)
        guard let id = answer.headers["location"]?.split(separator: "/").last, [200, 201, 202].contains(answer.status) else {
            throw NotMade(answer: answer.text, log: watch?.errors ?? "")
        }
        try eventually(within: .seconds(60), "\(method) \(path) is enforced: \(answer.text) \(watch?.errors ?? "")") {
            try sql("SELECT state FROM charter.change_request WHERE uid = '\(id)'") == ["enforced"]
        }
        return answer
    }

    struct NotMade: Error {
        let answer: String
        let log: String
    }

    func sql(_ text: String) throws -> [String] {
        try TestPostgres.firstColumn(of: text, in: database)
    }

    func canonical(_ kind: Kind, _ name: String, in org: String = "acme") throws -> String? {
        try sql("SELECT canonical FROM charter.resource WHERE org = '\(org)' AND kind = '\(kind.rawValue)' AND name = '\(name)'").first
    }

    func uid(_ kind: Kind, _ name: String, in org: String = "acme") throws -> String {
        try sql("SELECT uid FROM charter.resource WHERE org = '\(org)' AND kind = '\(kind.rawValue)' AND name = '\(name)'").first ?? ""
    }

    /// Books requests to a key as a gateway would, one for each status.
    func book(_ key: String, project: String? = nil, statuses: [Int]) throws {
        let now = try Connection(database).transaction { try $0.clock() }
        let terms = UsageTerms(
            org: "acme", orgUID: try uid(.organization, "acme"), project: project, projectUID: try project.map { try uid(.project, $0) },
            member: "ada", memberUID: try uid(.member, "ada"), key: key, keyUID: try uid(.apiKey, key), endpoint: "chat.completions",
            requestedModel: "1", model: "local/small", revision: 1, priceVersion: "p1")
        let rows = statuses.enumerated().map { index, status in
            UsageRow(
                at: Instant(milliseconds: now.milliseconds - 1), terms: terms, decision: "d\(index)", attempt: 1, status: status, input: 10, output: 5, cost: NanoUSD(1_500_000),
                estimated: false, latencyMs: 200, detail: "{}")
        }
        try Connection(database).transaction { transaction in
            let epoch = try Epochs.mint(transaction, gateway: "g")
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 100, rows: rows)
        }
    }
}
