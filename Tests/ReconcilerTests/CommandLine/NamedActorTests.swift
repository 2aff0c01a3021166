import Crypto
import Reconciler
import Services
import Spec
import Store
import TestKit
import Testing

/// `--as ORG/MEMBER` of commands that act: with no more than that member may do.
struct NamedActorTests {
    private static let pool = """
        apiVersion: charter/v1
        kind: KeyPool
        metadata: { name: ci }
        spec: { issuers: { roles: [admin] }, keys: 3, each: { lifetime: 2h, scopes: [chat] } }
        ---
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: chat }
        spec: { endpoints: [chat.completions] }

        """

    /// A second organization, of which Eve is an admin.
    private static let globex = [
        "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { displayName: Globex }\n",
        "orgs/globex/members.yaml": Declared.member("eve", roles: "[admin]"), "orgs/globex/pool.yaml": pool,
    ]

    /// Keeps a finding of each of these, as a scan does.
    private func find(_ resources: [String], in scene: Scene) throws {
        let findings = resources.map { resource in
            DriftFinding(
                unit: ReconcileSession.defaultUnit, uid: SecureRandom.uuid(), resource: resource, aspect: .changed, pointer: "/spec/hard", label: "spec.hard",
                wanted: #""1 USD/month""#, found: #""9 USD/month""#, place: Place(path: "a.yaml", position: Position(line: 1, column: 1)), revision: 1)
        }
        try Connection(scene.database).transaction { transaction in
            _ = try DriftFindings.record(transaction, unit: ReconcileSession.defaultUnit, seen: findings) { _ in .gone }
        }
    }

    private func acts(_ action: String, in scene: Scene) throws -> [String] {
        try scene.sql("SELECT actor || ' ' || org FROM charter.audit WHERE action = '\(action)' ORDER BY sequence")
    }

    @Test func `drift is reverted and tolerated by members who hold the right there, and of their own organization`() throws {
        let scene = try Scene(Declared.platform.merging(Self.globex) { $1 })
        try scene.apply()
        try find(["acme/Budget/team", "globex/Budget/team", "-/Scope/chat"], in: scene)
        func revert(_ subject: String..., as name: String) throws -> Subprocess.Outcome {
            try scene.charter(["drift", "revert"] + subject + ["--as", name])
        }
        func tolerate(_ subject: String, as name: String) throws -> Subprocess.Outcome {
            try scene.charter("drift", "tolerate", subject, "--for", "1h", "--reason", "x", "--as", name)
        }
        for name in ["acme/bo", "acme/nobody", "globex/eve"] {
            for refused in [try revert("acme/Budget/team", as: name), try tolerate("acme/Budget/team", as: name)] {
                #expect(refused.code == 1 && refused.errors.contains(name), "\(refused)")
            }
        }
        #expect(try revert(as: "acme/bo").code == 1)
        #expect(try tolerate("-/Scope/chat", as: "acme/ada").code == 1, "what is the platform's is no organization's")
        #expect(try acts("drift.revert_asked", in: scene).isEmpty && acts("drift.tolerated", in: scene).isEmpty)
        #expect(try tolerate("acme/Budget/team", as: "acme/ada").code == 0)
        #expect(try revert(as: "acme/ada").code == 0)
        #expect(try acts("drift.tolerated", in: scene) == ["acme/ada acme"])
        #expect(try acts("drift.revert_asked", in: scene) == ["acme/ada acme"], "all is all of the member's organization")
    }

    @Test func `a change is withdrawn by the member who asked for it, or by one who holds config write there`() throws {
        let it = try WriteBackScene(files: Self.globex)
        func withdraw(_ id: String, as name: String) throws -> Subprocess.Outcome {
            try it.scene.charter("changes", "withdraw", id, "--reason", "x", "--as", name)
        }
        let (adas, bos, another) = (try it.ask("hard=1 USD/month"), try it.ask("hard=2 USD/month", as: "acme/bo"), try it.ask("hard=3 USD/month", as: "acme/bo"))
        for (id, name) in [(adas, "acme/bo"), (adas, "globex/eve"), (bos, "globex/eve"), ("00000000-0000-4000-8000-000000000000", "acme/ada")] {
            let refused = try withdraw(id, as: name)
            #expect(refused.code == 1 && refused.errors.contains("there is no change \(id)"), "\(name): \(refused)")
        }
        #expect(try acts("change.withdrawn", in: it.scene).isEmpty)
        #expect(try withdraw(bos, as: "acme/bo").code == 0)
        #expect(try withdraw(another, as: "acme/ada").code == 0)
        #expect(try acts("change.withdrawn", in: it.scene) == ["acme/bo acme", "acme/ada acme"])
    }

    @Test func `a minted key is revoked, by its name or uid, by members of its organization who hold the right`() throws {
        let scene = try Scene(Declared.platform.merging(Self.globex) { $1 })
        try scene.apply()
        let key = try MintRequest(org: "globex", pool: "ci", issuer: "eve").run(Connection(scene.database), operator: "test").key
        for name in ["acme/ada", "acme/bo"] {
            for words in [key.uid, "globex/\(key.name)", SecureRandom.uuid()] {
                let refused = try scene.charter("keys", "revoke", words, "--as", name)
                #expect(refused.code == 1 && refused.errors.contains("no key \(words) was minted"), "\(refused)")
            }
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.delegated_key WHERE revoked_at IS NOT NULL") == ["0"])
        #expect(try scene.charter("keys", "revoke", key.uid, "--as", "globex/eve").code == 0)
        #expect(try acts("key.revoked", in: scene) == ["globex/eve globex"])
    }

    @Test func `a member mints who holds the right and is an issuer, and the operator for any issuer`() throws {
        let own = ["orgs/acme/pool.yaml": Self.pool.replacing("roles: [admin]", with: "members: [ada, bo]")]
        let scene = try Scene(Declared.platform.merging(Self.globex) { $1 }.merging(own) { $1 })
        try scene.apply()
        func mint(_ pool: String, as name: String) throws -> Subprocess.Outcome { try scene.charter("keys", "mint", "--pool", pool, "--as", name) }
        let powerless = try mint("acme/ci", as: "acme/bo")
        #expect(powerless.code == 1 && powerless.errors.contains("acme/bo does not hold keys.mint"), "\(powerless)")
        let (foreign, missing) = (try mint("globex/ci", as: "acme/ada"), try mint("globex/other", as: "acme/ada"))
        #expect(foreign.code == 1 && foreign.errors.contains("no pool globex/ci is applied"), "\(foreign)")
        #expect(missing.code == 1 && missing.errors.contains("no pool globex/other is applied"), "\(missing)")
        #expect(try acts("key.minted", in: scene).isEmpty)
        #expect(try mint("acme/ci", as: "acme/ada").code == 0)
        #expect(try mint("acme/ci", as: "bo").code == 0)
        #expect(try acts("key.minted", in: scene) == ["acme/ada acme", "acme/bo acme"])
    }

    @Test func `what no permission lets a member do is refused to whoever is named as one`() throws {
        let scene = try Scene()
        try scene.apply()
        let commands = [
            ["rollback", "1", "--reason", "x"], ["suspend", "--reason", "x"], ["resume"], ["events", "redeliver", "1"], ["usage", "reprice", "--reason", "x"],
        ]
        for words in commands {
            let refused = try scene.charter(words + ["--as", "acme/ada"])
            #expect(refused.code == 1 && refused.errors.contains("no permission lets a member do this"), "\(refused)")
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE actor = 'acme/ada'") == ["0"])
    }
}
