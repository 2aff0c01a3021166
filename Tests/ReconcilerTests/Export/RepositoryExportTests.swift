import Foundation
import Reconciler
import Spec
import Store
import TestKit
import Testing

/// `charter export --yaml`: a repository made from a database.
struct RepositoryExportTests {
    private func folder(_ scene: Scene) -> String { scene.repository.root.appending(path: "out").path }

    /// Makes a Git repository of the folder, and plans it against the scene's database.
    private func plan(_ folder: String, _ scene: Scene) throws -> Subprocess.Outcome {
        let git = "git -c user.name=A -c user.email=a@x.example -C \(folder)"
        try scene.repository.shell("\(git) init -q -b main && \(git) add -A && \(git) commit -q -m Exported")
        return try scene.charter("plan", "--repo", folder, "--detailed-exitcode", "--json")
    }

    private func tree(_ folder: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) where path.hasSuffix("ml") && !path.hasPrefix(".git/") {
            files[path] = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
        }
        return files
    }

    @Test func `what is written declares what is applied, at the same paths`() throws {
        let scene = try Scene()
        try scene.apply()
        let out = folder(scene)
        let outcome = try scene.charter("export", "--yaml", out)
        #expect(outcome.code == 0 && outcome.output == "Wrote 6 resources in 5 files below \(out).\n", "\(outcome)")
        #expect(try tree(out).keys.sorted() == Declared.platform.keys.sorted())
        #expect(try tree(out)["orgs/acme/members.yaml"]?.hasPrefix("apiVersion: charter/v1\nkind: Member\nmetadata:\n  name: ada\n") == true)
        #expect(try scene.charter("validate", out).code == 0)
        let plan = try plan(out, scene)
        #expect(plan.code == 0 && plan.output.contains("\"changes\":[]"), "\(plan)")
        #expect(try scene.charter("diff", "--repo", out, "--quiet").code == 0)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a thousand odd resources of every kind survive the way round`(seed: UInt64) throws {
        let odd = OddRepository(seed: seed)
        let scene = try Scene(odd.files)
        let valid = try scene.charter("validate", scene.repository.workTree.path)
        try #require(valid.code == 0, "\(Self.mistakes(valid.output))")
        #expect(try scene.charter("apply").code == 0)
        let kinds = try scene.sql("SELECT DISTINCT kind FROM charter.resource ORDER BY 1")
        #expect(kinds == Kind.allCases.map(\.rawValue).sorted())
        #expect(try scene.sql("SELECT count(*) >= 600 FROM charter.resource") == ["t"])
        let out = folder(scene)
        let outcome = try scene.charter("export", "--yaml", out)
        #expect(outcome.code == 0, "\(outcome)")
        #expect(try scene.charter("validate", out).code == 0)
        let plan = try plan(out, scene)
        #expect(plan.code == 0 && plan.output.contains("\"changes\":[]"), "\(plan.output.prefix(4000))")
        // And of an export file the same, byte by byte.
        let file = scene.repository.root.appending(path: "applied.jsonl").path
        #expect(try scene.charter("export", "--output", file).code == 0)
        #expect(try scene.charter("export", "--yaml", out + "2", "--from", file, environment: ["CHARTER_DATABASE_URL": ""]).code == 0)
        #expect(try tree(out) == tree(out + "2"))
    }

    /// One of each sort.
    private static func mistakes(_ report: String) -> [String] {
        let errors = report.split(separator: "\n").filter { $0.contains(": error:") }.map(String.init)
        return Dictionary(errors.map { ($0.suffix(7), $0) }) { first, _ in first }.values.sorted()
    }

    @Test func `values that a folder gave are written with each resource`() throws {
        let scene = try Scene(
            Declared.platform.merging([
                "orgs/acme/budgets/_defaults.yaml": "apiVersion: charter/v1\nkind: Budget\nspec: { zone: Europe/Berlin }\n"
            ]) { $1 })
        try scene.apply()
        let out = folder(scene)
        #expect(try scene.charter("export", "--yaml", out).code == 0)
        let files = try tree(out)
        #expect(files["orgs/acme/budgets/team.yaml"]?.contains("zone: Europe/Berlin") == true)
        #expect(!files.keys.contains { $0.contains("_defaults") })
        #expect(try plan(out, scene).code == 0)
    }

    @Test func `rows that no revision put there are included and named, and what is no declaration is left out`() throws {
        let scene = try Scene()
        try scene.apply()
        for name in ["hand", "broken"] {
            try scene.sql(
                """
                INSERT INTO charter.resource (org, kind, name, uid, canonical, digest, revision, unit)
                SELECT 'acme', 'Project', '\(name)', gen_random_uuid(), \(name == "hand" ? "replace(canonical, 'Search', 'Hand')" : "'[]'"),
                    digest, revision, unit FROM charter.resource WHERE kind = 'Project' AND name = 'search'
                """)
        }
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE kind = 'Budget'")
        let out = folder(scene)
        let outcome = try scene.charter("export", "--yaml", out)
        #expect(outcome.code == 1, "something was left out")
        #expect(outcome.output.contains("1 put into the database by hand") && outcome.output.contains("    acme/Project/hand\n"), "\(outcome)")
        #expect(outcome.output.contains("1 changed by hand in the database, and written as applied:\n    acme/Budget/team"))
        #expect(outcome.output.contains("1 not written:\n    acme/Project/broken: "))
        let files = try tree(out)
        #expect(files["orgs/acme/projects/hand.yaml"]?.contains("displayName: Hand") == true)
        #expect(files["orgs/acme/budgets/team.yaml"]?.contains("100 USD/month") == true)
        #expect(try scene.charter("validate", out).code == 0)
    }

    @Test func `an organization that leads out of the folder is left out, and nothing is written there`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.sql(
            """
            INSERT INTO charter.resource (org, kind, name, uid, canonical, digest, revision, unit)
            SELECT '../../../elsewhere', kind, name, gen_random_uuid(), canonical, digest, revision, unit
            FROM charter.resource WHERE kind = 'Project' AND name = 'search'
            """)
        let outcome = try scene.charter("export", "--yaml", folder(scene))
        #expect(outcome.code == 1, "\(outcome)")
        #expect(outcome.output.contains("../../../elsewhere/Project/search has a name that no file can have"), "\(outcome)")
        #expect(!FileManager.default.fileExists(atPath: scene.repository.root.appending(path: "../elsewhere").path))
        #expect(!FileManager.default.fileExists(atPath: scene.repository.root.appending(path: "elsewhere").path))
    }

    @Test func `a database that no commit ever filled becomes a repository`() throws {
        let full = try Scene()
        try full.apply()
        let rows = try full.sql("SELECT org || '|' || kind || '|' || name || '|' || canonical FROM charter.resource")
        let scene = try Scene()
        for row in rows {
            let parts = row.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false).map { $0.replacing("'", with: "''") }
            try scene.sql(
                """
                INSERT INTO charter.resource (org, kind, name, uid, canonical, digest, revision, unit)
                VALUES ('\(parts[0])', '\(parts[1])', '\(parts[2])', gen_random_uuid(), '\(parts[3])', decode(repeat('00', 32), 'hex'), 0, 'default')
                """)
        }
        let out = folder(scene)
        let outcome = try scene.charter("export", "--yaml", out)
        #expect(outcome.code == 0 && outcome.output.contains("6 put into the database by hand"), "\(outcome)")
        #expect(try tree(out).keys.sorted() == [
            "charter.yaml", "orgs/acme/budgets/team.yaml", "orgs/acme/members/ada.yaml", "orgs/acme/members/bo.yaml",
            "orgs/acme/organizations/acme.yaml", "orgs/acme/projects/search.yaml",
        ])
        #expect(try scene.charter("validate", out).code == 0)
    }

    @Test func `a folder that is not empty is written into only when told`() throws {
        let scene = try Scene()
        try scene.apply()
        let out = folder(scene)
        try FileManager.default.createDirectory(atPath: out + "/.git", withIntermediateDirectories: true)
        #expect(try scene.charter("export", "--yaml", out).code == 0, "Git's own folder is no file that could be lost")
        try "mine\n".write(toFile: out + "/charter.yaml", atomically: true, encoding: .utf8)
        let refused = try scene.charter("export", "--yaml", out)
        #expect(refused.code == 1 && refused.errors.contains("is not empty"))
        #expect(try tree(out)["charter.yaml"] == "mine\n")
        #expect(try scene.charter("export", "--yaml", out, "--force").code == 0)
        #expect(try tree(out)["charter.yaml"] != "mine\n")
        #expect(try scene.charter("export", "--from", "x").code == 2)
        #expect(try scene.charter("export", "--yaml", "").code == 2)
        #expect(try !FileManager.default.subpathsOfDirectory(atPath: out).contains { $0.hasSuffix(".tmp") })
    }

    @Test func `of several units one is written`() throws {
        let scene = try Scene()
        try scene.apply()
        try scene.repository.commit([
            "teams/g/orgs/g/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: g }\nspec: { displayName: G }\n",
            "teams/g/orgs/g/gil.yaml": Declared.member("gil", roles: "[admin]"),
        ])
        #expect(try scene.charter("apply", "--unit", "g", "--folder", "teams/g").code == 0)
        let out = folder(scene)
        let unsaid = try scene.charter("export", "--yaml", out)
        #expect(unsaid.code == 2 && unsaid.errors.contains("default, g"), "\(unsaid)")
        #expect(try scene.charter("export", "--yaml", out, "--unit", "g").code == 0)
        #expect(try tree(out).keys.sorted() == ["orgs/g/gil.yaml", "orgs/g/org.yaml"])
    }
}
