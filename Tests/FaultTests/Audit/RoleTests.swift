import Spec
import Store
import TestKit
import Testing

/// Each kind of process under the role that is made for it, in a server of its own since roles are the server's.
struct RoleTests {
    private let server: ControlledPostgres
    private let scene: FaultScene

    init() throws {
        server = try ControlledPostgres()
        scene = try FaultScene(database: server.url())
        let outcome = try scene.charter("grants", "--apply")
        #expect(outcome.code == 0 && outcome.output.contains("charter_reconciler"), "\(outcome)")
        for role in DatabaseRole.allCases { try scene.sql("ALTER ROLE \(role.name(prefix: "charter")) LOGIN") }
    }

    private func url(_ role: DatabaseRole) -> String { server.url().replacing("user=tester", with: "user=\(role.name(prefix: "charter"))") }

    private func charter(as role: DatabaseRole, _ words: String...) throws -> Subprocess.Outcome {
        var environment = scene.environment()
        environment["CHARTER_DATABASE_URL"] = url(role)
        return try Subprocess.run([Programs.charter] + words, environment: environment)
    }

    /// The SQLSTATE that a statement fails with; nil where it does not.
    private func refusal(of sql: String, _ role: DatabaseRole) throws -> String? {
        let connection = try Connection(url(role))
        do {
            try connection.transaction { _ = try $0.query(sql) }
            return nil
        } catch let error as DatabaseError {
            return error.sqlState.rawValue
        }
    }

    private func ship(_ connection: Connection, at: Instant) throws {
        let org = try scene.sql("SELECT uid FROM charter.resource WHERE kind = 'Organization'")[0]
        let terms = UsageTerms(
            org: "acme", orgUID: org, key: "main", keyUID: org, endpoint: "chat.completions", requestedModel: "m", model: "openai/m",
            revision: 1, priceVersion: "v")
        let row = UsageRow(
            at: at, terms: terms, decision: "d", attempt: 1, status: 200, input: 1, output: 1, cost: NanoUSD(7), estimated: false,
            latencyMs: 1, detail: #"{"v":1}"#)
        try connection.transaction { transaction in
            let epoch = try Epochs.mint(transaction, gateway: "g", above: 7)
            _ = try Ledger.ship(transaction, epoch: epoch, segment: 1, from: 0, to: 1, rows: [row])
        }
    }

    /// What is asked of the reconciler and of gateways, and what these do with it.
    private func askAndOverride() throws {
        let (services, gateway) = (try Connection(url(.services)), try Connection(url(.gateway)))
        let organization = ResourceKey(org: "acme", kind: .organization, name: "acme")
        let draft = ChangeDraft(
            org: "acme", unit: "default", title: "t", patch: ChangePatch([.remove(organization)]), caller: "acme/ada", purpose: "", idempotencyKey: nil)
        let uid = "00000000-0000-4000-8000-000000000001"
        _ = try services.transaction { try ChangeRequests.ask($0, draft, uid: uid) }
        #expect(try services.transaction { try ChangeRequests.withdraw($0, .everything, uid: uid, reason: "r", by: "a") })
        let now = try gateway.transaction { try $0.clock() }
        let override = Override(
            uid: "00000000-0000-4000-8000-000000000002", target: organization, targetUID: uid, effect: .denial, owner: "ada", reason: "r",
            baseRevision: 1, createdAt: now, expiresAt: Instant(milliseconds: now.milliseconds + 60_000), gateway: "g")
        try gateway.transaction { _ = try Overrides.open($0, override, actor: "ada") }
        try scene.sql("UPDATE charter.override SET created_at = created_at - interval '1 hour', expires_at = now() - interval '1 second'")
        try gateway.transaction { _ = try Overrides.closeExpired($0) }
        #expect(try scene.sql("SELECT ended_by FROM charter.override") == ["expiry"])
    }

    private static let past = Instant(milliseconds: 1_700_000_000_000)

    @Test func `each process does its work under its own role`() throws {
        #expect(try charter(as: .reconciler, "apply").code == 0)
        try scene.commit(2)
        #expect(try charter(as: .reconciler, "apply").code == 0)
        let rolled = try charter(as: .reconciler, "rollback", "1", "--reason", "it did harm")
        #expect(rolled.code == 0, "\(rolled)")
        for words in [["suspend", "--reason", "a while"], ["resume"], ["budget", "list"], ["budget", "reset", "acme/team", "--reason", "ours"], ["status"], ["audit", "verify"]] {
            var environment = scene.environment()
            environment["CHARTER_DATABASE_URL"] = url(.services)
            let outcome = try Subprocess.run([Programs.charter] + words, environment: environment)
            #expect(outcome.code == 0, "\(words): \(outcome)")
        }
        #expect(try charter(as: .reconciler, "apply").code == 0)
        let gateway = try Connection(url(.gateway))
        try gateway.transaction { try UsagePartitions.ensureAhead($0, now: Self.past) }
        try ship(gateway, at: Self.past)
        try askAndOverride()
        let reset = try charter(as: .services, "budget", "reset", "acme/team", "--reason", "ours", "--json")
        #expect(reset.code == 0, "\(reset)")
        let org = try scene.sql("SELECT uid FROM charter.resource WHERE kind = 'Organization'")[0]
        for part in [UsageRetention.Part.decisions, .usage] {
            // 2023-11-14T23:00:00Z, the hour after the row's.
            let end = Instant(milliseconds: 1_700_002_800_000)
            let step = try gateway.transaction { try UsageRetention.step($0, orgUID: org, part, before: end, rowsMax: 10) }
            #expect(step.rows == 1, "\(part)")
        }
        #expect(try scene.sql("SELECT count(*) FROM charter.usage") == ["0"])
        try expectNothing(scene.whatIsWrong())
    }

    @Test func `a watcher leads, applies and tells under the reconciler's role`() throws {
        let watch = try scene.start("watch", "--lease", "1s", by: url(.reconciler))
        try eventually(within: .seconds(20), "the first state: \(watch.errors)") { try scene.applied == scene.tip }
        let tip = try scene.commit(2)
        try eventually(within: .seconds(20), "the second: \(watch.errors)") { try scene.applied == tip }
        watch.kill(15)
        #expect(watch.wait(within: .seconds(15)) == 0)
        #expect(!watch.errors.contains("permission denied"), "\(watch.errors)")
    }

    @Test func `F20 the ledger and the audit are only added to, whoever asks`() throws {
        try scene.apply()
        try ship(Connection(url(.gateway)), at: Self.past)
        let before = try scene.sql("SELECT (SELECT sum(cost) FROM charter.usage) || ' ' || (SELECT string_agg(hash::text, ' ') FROM charter.audit)")
        for role in DatabaseRole.allCases {
            for table in ["usage", "usage_2023_11", "audit", "budget_reset", "budget_credit", "approval", "history", "revision"] {
                for sql in ["DELETE FROM charter.\(table)", "TRUNCATE charter.\(table)", "ALTER TABLE charter.\(table) DISABLE TRIGGER ALL", "DROP TABLE charter.\(table)"] {
                    #expect(try refusal(of: sql, role) == "42501", "\(role): \(sql)")
                }
            }
            for sql in ["UPDATE charter.usage SET cost = 0", "UPDATE charter.usage_2023_11 SET cost = 0", "UPDATE charter.audit SET actor = 'eve'"] {
                #expect(try refusal(of: sql, role) == "42501", "\(role): \(sql)")
            }
        }
        #expect(try scene.sql("SELECT (SELECT sum(cost) FROM charter.usage) || ' ' || (SELECT string_agg(hash::text, ' ') FROM charter.audit)") == before)
    }

    @Test func `the reconciler cannot write what runs, and nobody else what is declared`() throws {
        try scene.apply()
        for sql in [
            "INSERT INTO charter.epoch (gateway) VALUES ('x')", "DELETE FROM charter.cell", "UPDATE charter.delegated_key SET revoked_at = NULL",
            "INSERT INTO charter.runtime_sequence VALUES (gen_random_uuid(), 1)", "DELETE FROM charter.usage_hour", "DELETE FROM charter.suspension",
            "SELECT charter.make_usage_month(2030, 1)", "SELECT charter.remove_usage('attempts', gen_random_uuid(), now(), now(), 1)",
        ] { #expect(try refusal(of: sql, .reconciler) == "42501", "\(sql)") }
        for role in [DatabaseRole.gateway, .services] {
            for sql in [
                "UPDATE charter.resource SET canonical = '{}'", "DELETE FROM charter.resource", "UPDATE charter.revision_head SET id = 9",
                "UPDATE charter.lineage SET name = 'x'", "DELETE FROM charter.provenance", "UPDATE charter.unit SET folder = 'x'",
                "UPDATE charter.leader SET holder = 'x'", "CREATE TABLE charter.mine ()",
            ] { #expect(try refusal(of: sql, role) == "42501", "\(role): \(sql)") }
        }
        #expect(try charter(as: .services, "apply").code == 1)
        #expect(try charter(as: .gateway, "suspend", "--reason", "mine").code == 1)
    }

    @Test func `granting again changes nothing, and takes back what a hand gave; printed, it is the same`() throws {
        let privileges = "SELECT string_agg(relname || coalesce(relacl::text, ''), ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'charter'::regnamespace AND relkind <> 'i'"
        let before = try scene.sql(privileges)
        try scene.sql("GRANT DELETE ON charter.audit TO charter_gateway")
        #expect(try scene.sql(privileges) != before)
        let printed = try scene.charter("grants").output
        #expect(printed.hasPrefix("BEGIN;\n") && printed.hasSuffix("COMMIT;\n") && !printed.contains("CREATE ROLE"), "\(printed.prefix(200))")
        #expect(try scene.charter("grants", "--apply").code == 0)
        #expect(try refusal(of: "DELETE FROM charter.audit", .gateway) == "42501")
        #expect(try scene.charter("grants", "--prefix", "x;y").code == 2)
    }

    @Test func `who is no superuser and owns the schema gives the rights, and says what is missing where roles cannot be made`() throws {
        let admin = try Connection(server.url(of: "postgres"))
        try admin.administer("CREATE ROLE owner LOGIN")
        try admin.administer("CREATE DATABASE managed OWNER owner")
        var environment = scene.environment()
        environment["CHARTER_DATABASE_URL"] = server.url(of: "managed").replacing("user=tester", with: "user=owner")
        #expect(try Subprocess.run([Programs.charter, "migrate"], environment: environment).code == 0)
        let granted = try Subprocess.run([Programs.charter, "grants", "--apply"], environment: environment)
        #expect(granted.code == 0, "\(granted)")
        let refused = try Subprocess.run([Programs.charter, "grants", "--apply", "--prefix", "other"], environment: environment)
        #expect(refused.code == 1 && refused.errors.contains("permission denied to create role"), "\(refused)")
    }
}
