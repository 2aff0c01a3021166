import Store
import TestKit
import Testing

/// Commits that cannot be taken, among others that can.
struct BadCommitTests {
    private static let catalog = """
        apiVersion: charter/v1
        kind: Provider
        metadata: { name: openai }
        spec: { type: openai, baseURL: "https://api.openai.com/v1", credential: { env: OPENAI_API_KEY } }
        ---
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: openai }
        spec: { provider: openai, models: { small: { context: 128k, prices: { input: 1 USD/M, output: 1 USD/M } } } }

        """
    private static let circle = FaultScene.document("RoutingPolicy", "quick", "{ targets: [{ model: openai/small }], fallback: [slow] }")
        + "---\n" + FaultScene.document("RoutingPolicy", "slow", "{ targets: [{ model: openai/small }], fallback: [quick] }")

    private static let mistakes: [(what: String, files: [String: String], place: String, said: String)] = [
        ("a value of the wrong type", ["orgs/acme/bad.yaml": FaultScene.document("Budget", "bad", "{ for: { organization: true }, hard: lots }")], "orgs/acme/bad.yaml:4:", "lots"),
        ("a reference to nothing", ["orgs/acme/bad.yaml": FaultScene.document("APIKey", "bad", "{ owner: nobody, scopes: [], secrets: [] }")], "orgs/acme/bad.yaml:4:", "nobody"),
        ("a circle", ["catalog/models.yaml": catalog, "catalog/bad.yaml": circle], "catalog/bad.yaml:4:", "CH2012"),
    ]

    @Test func `F22 a commit with a mistake leaves the last good one in force, holds up no other unit, and status and exit code tell`() throws {
        let scene = try FaultScene()
        try scene.apply()
        let other = try TestRepository()
        try other.commit([
            "charter.yaml": FaultScene.document("Repository", "other", "{ drift: report }"),
            "orgs/globex/org.yaml": FaultScene.document("Organization", "globex", "{ displayName: Globex }"),
        ])
        for (turn, mistake) in Self.mistakes.enumerated() {
            let own = "SELECT string_agg(name || canonical, ' ' ORDER BY kind, name) FROM charter.resource WHERE unit = 'default'"
            let before = try scene.sql(own)
            try scene.repository.commit(mistake.files)
            let outcome = try scene.charter("apply")
            #expect(outcome.code == 1 && (outcome.errors + outcome.output).contains(mistake.said), "\(mistake.what): \(outcome)")
            #expect(try scene.sql(own) == before, "\(mistake.what)")
            try other.commit(["orgs/globex/p.yaml": FaultScene.document("Project", "p", "{ displayName: P\(turn) }")])
            #expect(try scene.charter("apply", "--unit", "other", "--repo", other.path).code == 0, "\(mistake.what) holds up another unit")
            let status = try scene.charter("status").output
            #expect(status.contains("rejected") && status.contains(mistake.place), "\(mistake.what): \(status)")
            try scene.repository.commit(mistake.files.mapValues { _ in nil })
            try scene.commit(turn + 2)
            #expect(try scene.charter("apply").code == 0, "the next good one")
            #expect(try !scene.charter("status").output.contains("rejected"))
        }
        let acts = try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'revision.applied'")
        #expect(try acts == scene.sql("SELECT count(*) FROM charter.revision"), "a rejected commit is no act")
        guard case .intact = try Audit.verify(Connection(scene.database)) else {
            Issue.record("the audit is broken")
            return
        }
    }
}

/// CVE-2026-40886: what cannot be taken lies in wait for every start.
struct PoisonCommitTests {
    private static let poisons = [
        ("no YAML", "orgs/acme/team.yaml", "spec: [\n"), ("an unknown kind", "orgs/acme/extra.yaml", "apiVersion: charter/v1\nkind: Nothing\n"),
        ("bytes that are no text", "orgs/acme/bytes.yaml", "a: \u{0}\u{1b}"),
    ]

    @Test func `a poisonous commit that is there at every start stops nothing, and the next good one goes through`() throws {
        let scene = try FaultScene()
        try scene.apply()
        let before = try scene.state()
        for (turn, (what, path, text)) in Self.poisons.enumerated() {
            try scene.repository.commit([path: text])
            for start in 1...2 {
                let watch = try scene.start("watch", "--lease", "1s")
                try eventually(within: .seconds(15), "\(what), start \(start): \(watch.errors)") { watch.errors.contains(" rejected ") }
                #expect(watch.isRunning)
                #expect(try scene.charter("status").output.contains("rejected"))
                watch.kill(9)
                _ = watch.wait(within: .seconds(5))
            }
            if turn == 0 { #expect(try scene.state() == before) }
            let watch = try scene.start("watch", "--lease", "1s")
            try scene.commit(turn + 2)
            try eventually(within: .seconds(20), "after \(what): \(watch.errors)") { try scene.applied == scene.tip }
            try expectNothing(scene.whatIsWrong())
        }
    }
}
