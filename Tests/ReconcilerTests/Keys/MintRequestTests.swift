import Crypto
import Policy
import Reconciler
import Services
import Spec
import Store
import TestKit
import Testing

/// `charter keys mint`, `list` and `revoke` on a database with an applied pool.
struct MintRequestTests {
    private static func pool(_ more: String = "") -> String {
        """
        apiVersion: charter/v1
        kind: KeyPool
        metadata: { name: ci }
        spec:
          issuers: { members: [bo], roles: [admin] }
          keys: 3
          keysPerIssuer: 2
          each: { lifetime: 2h, prefix: ci-, scopes: [chat, embeddings] }
        \(more)

        """
    }

    private static let scopes = """
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: chat }
        spec: { endpoints: [chat.completions] }
        ---
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: embeddings }
        spec: { endpoints: [embeddings] }

        """

    private let scene: Scene

    init() throws {
        var files = Declared.platform
        files["orgs/acme/pool.yaml"] = Self.pool()
        files["scopes.yaml"] = Self.scopes
        files["orgs/acme/members.yaml"] = ["ada: [admin]", "bo: [developer]", "cy: [developer]", "di: [admin]"].map {
            let parts = $0.split(separator: ":").map(String.init)
            return Declared.member(parts[0], roles: parts[1])
        }.joined(separator: "---\n")
        scene = try Scene(files)
        try scene.apply()
    }

    private func mint(_ issuer: String, _ change: (inout MintRequest) -> Void = { _ in }) throws -> MintReceipt {
        var request = MintRequest(org: "acme", pool: "ci", issuer: issuer)
        change(&request)
        return try request.run(Connection(scene.database), operator: "test")
    }

    private func refusal(_ issuer: String, _ change: (inout MintRequest) -> Void = { _ in }) throws -> String {
        do {
            _ = try mint(issuer, change)
            return ""
        } catch let refusal as RequestRefusal {
            return refusal.description
        }
    }

    @Test func `a key is printed once, listed, and revoked, and the audit has both acts`() throws {
        let minted = try scene.charter("keys", "mint", "--pool", "acme/ci", "--as", "bo", "--name", "ci-build", "--lifetime", "1h", "--scopes", "chat", "--quiet")
        #expect(minted.code == 0, "\(minted.errors)")
        let lines = minted.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 2 && MintedKey.isWellFormed(lines[0]))
        let listed = try scene.charter("keys", "list", "acme/ci")
        #expect(listed.output.contains("acme/ci-build") && listed.output.contains("bo") && listed.output.contains("good") && listed.output.contains(lines[1]))
        let json = try scene.charter("keys", "list", "--json").output
        #expect(json.contains(SHA256.digest(lines[0]).hex) && json.contains(#""scopes":["chat"]"#) && !json.contains(lines[0]))
        #expect(try scene.charter("keys", "revoke", "acme/ci-build", "--as", "mira", "--reason", "done").code == 0)
        #expect(try scene.charter("keys", "revoke", "acme/ci-build").code == 1)
        #expect(try scene.charter("keys", "revoke", lines[1]).errors.contains("has ended already"))
        #expect(try scene.charter("keys", "list").output.contains("No keys."))
        #expect(try scene.charter("keys", "list", "acme", "--all").output.contains("revoked"))
        let acts = try scene.sql("SELECT action || ' ' || actor FROM charter.audit WHERE subject = '\(lines[1])' ORDER BY sequence")
        #expect(acts == ["key.minted acme/bo", "key.revoked mira"])
        let stored = try scene.sql("SELECT string_agg(t::text, ' ') FROM charter.delegated_key t") + scene.sql("SELECT string_agg(t::text, ' ') FROM charter.audit t")
        #expect(!stored.joined().contains(lines[0]))
    }

    @Test func `no more keys are minted than the pool and the issuer may have`() throws {
        _ = try mint("ada")
        let second = try mint("ada")
        #expect(try refusal("ada").contains("ada has 2 keys in the pool ci, and may have 2"))
        _ = try mint("bo")
        #expect(try refusal("di").contains("the pool ci has 3 keys, and may have 3"))
        #expect(try scene.charter("keys", "revoke", second.key.uid).code == 0)
        _ = try mint("di")
        #expect(try refusal("ada").contains("may have 3"))
    }

    @Test func `keys minted at the same time never exceed the bound`() throws {
        let minted = try inParallel(12) { part in
            do {
                _ = try mint(["ada", "bo", "di"][part % 3])
                return 1
            } catch is RequestRefusal {
                return 0
            }
        }
        #expect(minted.reduce(0, +) == 3)
        #expect(try scene.sql("SELECT count(*) FROM charter.delegated_key") == ["3"])
        #expect(try scene.sql("SELECT max(c) <= 2 FROM (SELECT count(*) AS c FROM charter.delegated_key GROUP BY caller) t") == ["t"])
    }

    @Test func `what exceeds the pool is refused`() throws {
        #expect(try refusal("cy").contains("lets cy mint no keys"))
        #expect(try refusal("nobody").contains("has no member"))
        #expect(try refusal("bo") { $0.pool = "other" }.contains("no pool acme/other"))
        #expect(try refusal("bo") { $0.lifetime = .seconds(7201) }.contains("7200 seconds at most"))
        #expect(try refusal("bo") { $0.lifetime = .seconds(59) }.contains("a minute at least"))
        #expect(try refusal("bo") { $0.scopes = ["chat", "models"] }.contains("no key the scope models"))
        #expect(try refusal("bo") { $0.scopes = [] }.contains("without scopes"))
        #expect(try refusal("bo") { $0.name = "build" }.contains("begin with ci-"))
        #expect(try refusal("bo") { $0.name = "ci-Build" }.contains("is no name"))
        #expect(try refusal("bo") { $0.models = ["open ai"] }.contains("no pattern"))
        #expect(try scene.sql("SELECT count(*) FROM charter.delegated_key") == ["0"])
        let whole = try mint("bo") { ($0.lifetime, $0.scopes, $0.name) = (.seconds(7200), ["chat", "embeddings"], "ci-a") }
        #expect(whole.key.expiresAt.milliseconds - whole.key.createdAt.milliseconds == 7_200_000)
        #expect(try refusal("ada") { $0.name = "ci-a" }.contains("has a key ci-a already"))
    }

    @Test func `a request that is sent again mints no second key`() throws {
        let first = try mint("bo") { $0.idempotencyKey = "job-1" }
        #expect(try refusal("bo") { $0.idempotencyKey = "job-1" }.contains(first.key.uid))
        _ = try mint("ada") { $0.idempotencyKey = "job-1" }
        #expect(try scene.sql("SELECT count(*) FROM charter.delegated_key") == ["2"])
    }

    @Test func `a suspended pool, member or group mints nothing`() throws {
        try scene.repository.commit(["orgs/acme/pool.yaml": Self.pool("  suspend: { reason: leaked }")])
        try scene.apply()
        #expect(try refusal("bo").contains("the pool ci is suspended"))
        try scene.repository.commit([
            "orgs/acme/pool.yaml": Self.pool(),
            "orgs/acme/members.yaml": Declared.member("ada", roles: "[admin]") + "---\n"
                + Declared.member("bo", roles: "[developer]").replacing("[developer]", with: "[developer], suspend: { reason: away }"),
        ])
        try scene.apply(allowingMassDeletion: true)
        #expect(try refusal("bo").contains("bo is suspended"))
        _ = try mint("ada")
    }
}
