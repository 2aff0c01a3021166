import Crypto
import Foundation
import HTTP
import Spec
import Store
import TestKit

@testable import Services

/// A platform of two revisions, and requests of last month in its ledger that were answered under the first.
struct DecisionScene {
    let database: String
    let connection: Connection
    /// When the requests were admitted, by the ledger: a month before now.
    let then: Instant
    let commits: (first: String, second: String)
    private let repository: TestRepository

    static let budgetPath = "orgs/acme/budgets.yaml"

    init() throws {
        repository = try TestRepository()
        database = try TestPostgres.shared.freshDatabase()
        let first = try repository.commit(Self.files, message: "Begin small", author: "Ada Park <ada@example.com>")
        try repository.apply(to: database)
        let later = [
            Self.budgetPath: "# raised\n" + Self.budget(hard: "900 USD/month"), "orgs/acme/keys.yaml": Self.key(scopes: "chat, wide"),
        ]
        let second = try repository.commit(later, message: "Raise the budget", author: "Bo Lind <bo@example.com>")
        try repository.apply(to: database)
        commits = (first, second)
        connection = try Connection(database)
        then = Instant(milliseconds: try connection.transaction { try $0.clock() }.milliseconds - 30 * 86_400_000)
    }

    // MARK: declarations

    private static func document(_ kind: String, _ name: String, _ spec: String) -> String {
        "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: { \(spec) }\n"
    }

    private static func budget(hard: String) -> String {
        document("Budget", "team", "for: { organization: true }, hard: \(hard)") + "---\n"
            + document("Budget", "other", "for: { project: secluded }, hard: 5 USD/month")
    }

    private static func key(scopes: String) -> String {
        let digest = SHA256.digest("sk_of_checkout").hex
        return document("APIKey", "checkout", "owner: sam, project: search, scopes: [\(scopes)], secrets: [{ sha256: \(digest) }]")
    }

    private static func people(_ org: String) -> String {
        let people = [
            ("sam", "roles: [developer]"), ("lee", "roles: [security]"), ("pat", "projects: { search: [security] }"),
            ("kim", "projects: { secluded: [security] }"),
        ]
        var documents = people.map { document("Member", $0.0, "email: \($0.0)@\(org).example, \($0.1)") }
        documents += people.map { name, _ in
            document("APIKey", "of-\(name)", "owner: \(name), scopes: [reading], secrets: [{ sha256: \(SHA256.digest(secret(org, name)).hex) }]")
        }
        return documents.joined(separator: "---\n")
    }

    private static var files: [String: String] {
        var files = [
            "charter.yaml": document("Repository", "test", "drift: report"),
            "scopes.yaml": [
                document("Scope", "chat", "endpoints: [chat.completions]"), document("Scope", "wide", "endpoints: [embeddings]"),
                document("Scope", "reading", "endpoints: [], permissions: [decisions.read, usage.read]"),
            ].joined(separator: "---\n"),
            "catalog.yaml": [
                document("Provider", "local", "type: vllm, baseURL: \"http://127.0.0.1:8000/v1\""),
                document("ModelCatalog", "local", "provider: local, models: { small: { context: 8k }, large: { context: 32k } }"),
                document("RoutingPolicy", "assistant", "strategy: priority, targets: [{ model: local/small }]"),
            ].joined(separator: "---\n"),
            budgetPath: budget(hard: "100 USD/month"), "orgs/acme/keys.yaml": key(scopes: "chat"),
        ]
        for org in ["acme", "globex"] {
            files["orgs/\(org)/org.yaml"] = document("Organization", org, "displayName: \(org)")
            files["orgs/\(org)/projects.yaml"] =
                document("Project", "search", "displayName: Search") + "---\n" + document("Project", "secluded", "displayName: Secluded")
            files["orgs/\(org)/people.yaml"] = people(org)
        }
        return files
    }

    static func secret(_ org: String, _ name: String) -> String { "sk_reader_\(org)_\(name)" }

    // MARK: the ledger

    func uid(_ kind: Kind, _ name: String, in org: String = "acme") throws -> String {
        let key = ResourceKey(org: org.isEmpty ? nil : org, kind: kind, name: name)
        let row = try connection.transaction { try Resources.one($0, key) }
        guard let row else { throw Missing(key: key) }
        return row.uid
    }

    struct Missing: Error { let key: ResourceKey }

    /// Ships a request with one attempt that failed and one that served; `rule` stands where the budget's place does.
    @discardableResult
    func ship(revision: Int64 = 1, rule: String = "\(DecisionScene.budgetPath):4", detail: String? = nil, corrected: Int64? = nil) throws -> String {
        let time = String(then.milliseconds, radix: 16)
        let name = String(repeating: "0", count: 12 - time.count) + time + SecureRandom.uuid().replacing("-", with: "").prefix(20)
        let terms = UsageTerms(
            org: "acme", orgUID: try uid(.organization, "acme"), project: "search", projectUID: try uid(.project, "search"), member: "sam",
            memberUID: try uid(.member, "sam"), key: "checkout", keyUID: try uid(.apiKey, "checkout"), endpoint: "chat.completions",
            requestedModel: "assistant", model: "local/small", route: "assistant", revision: revision, priceVersion: "v7")
        let record = detail ?? """
            {"outcome":"admitted","revision":\(revision),"commit":"\(commits.first)","key":"acme/APIKey/checkout","keyUID":"\(terms.keyUID)",\
            "secret":0,"endpoint":"chat.completions","requested":"assistant","scope":"scopes.yaml:1",\
            "claim":{"inputTokens":10,"outputCap":50,"holdNanoUSD":70},\
            "holds":[{"rule":"\(rule)","bound":"100 USD/month","asked":70,"remaining":930}],\
            "targets":[{"model":"local/small","verdict":"possible"},{"model":"local/large","verdict":"denied","rule":"orgs/acme/keys.yaml:4"}],\
            "draw":"ff","order":["local/small"],"attempts":[{"model":"local/small","prices":"v7","outcome":"failed: http 503","status":503,\
            "costNanoUSD":0,"ms":4},{"model":"local/small","prices":"v7","outcome":"served","status":200,"costNanoUSD":60,"ms":9}]}
            """
        func row(_ attempt: Int, _ status: Int, cost: Int64, flags: UsageFlags = [], detail: String) -> UsageRow {
            UsageRow(
                at: then, terms: terms, decision: name, attempt: attempt, status: status, input: 10, output: 5, requests: attempt == 2 ? 1 : 0,
                cost: NanoUSD(cost), estimated: false, flags: flags, latencyMs: 9, detail: detail)
        }
        var rows = [row(1, 503, cost: 0, detail: "{}"), row(2, 200, cost: 60, detail: record)]
        if let corrected { rows.append(row(2, 200, cost: corrected, flags: .repriced, detail: #"{"reason":"the invoice"}"#)) }
        try connection.transaction { transaction in
            _ = try Ledger.ship(transaction, epoch: try Epochs.mint(transaction, gateway: "g"), segment: 1, from: 0, to: 1, rows: rows)
        }
        return name
    }

    /// An override from `from` to `to` minutes after the requests; answers its id.
    @discardableResult
    func override(
        _ kind: Kind, _ name: String, in org: String? = "acme", part: String? = nil, patch: [String: String]? = nil, from: Int64, to: Int64,
        reason: String
    ) throws -> String {
        func minutes(_ count: Int64) -> Instant { Instant(milliseconds: then.milliseconds + count * 60_000) }
        let override = Override(
            uid: SecureRandom.uuid(), target: ResourceKey(org: org, kind: kind, name: name), targetUID: try uid(kind, name, in: org ?? ""), part: part,
            effect: patch.map { Override.Effect.patch(ResourcePatch($0)) } ?? .denial, owner: "mira", reason: reason, baseRevision: 1, createdAt: minutes(from),
            expiresAt: minutes(to))
        _ = try connection.transaction { try Overrides.open($0, override, actor: "mira") }
        return override.uid
    }

    // MARK: questions

    func chain(_ decision: String) throws -> DecisionChain {
        let question = try DecisionQuestion(decision, org: nil, caller: nil)
        return try connection.transaction(.repeatableRead) { try question.run($0) }
    }

    /// Over the admin API.
    func get(_ decision: String, in org: String = "acme", as person: (org: String, name: String)) throws -> AdminAnswer {
        var headers: Headers = [:]
        headers.add("authorization", "Bearer \(Self.secret(person.org, person.name))")
        let request = AdminRequest(
            method: .get, path: "/v1/admin/orgs/\(org)/decisions/\(decision)", query: nil, headers: headers, body: [], id: "the-request")
        return AdminAPI { _ in }.answer(request) { connection }
    }
}
