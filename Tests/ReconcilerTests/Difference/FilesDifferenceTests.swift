import Foundation
import Reconciler
import TestKit
import Testing

/// `charter diff` of what files say and what is in the database.
struct FilesDifferenceTests {
    let scene: Scene
    let clone: String

    init() throws {
        scene = try Scene()
        try scene.apply()
        clone = scene.repository.root.appending(path: "clone").path
        try scene.repository.shell("git clone -q \(scene.repository.path) \(clone)")
    }

    private func diff(_ words: String...) throws -> Subprocess.Outcome {
        try scene.charter(["diff", "--repo", clone] + words, environment: ["CHARTER_REPOSITORY": "/nowhere"])
    }

    private func write(_ text: String, to path: String) throws {
        try text.write(toFile: "\(clone)/\(path)", atomically: true, encoding: .utf8)
    }

    @Test func `nothing differs from what was applied`() throws {
        let outcome = try diff()
        #expect(outcome.code == 0 && outcome.output.hasSuffix("to the files in \(clone)\n\nNothing differs.\n"), "\(outcome)")
        #expect(try scene.charter("diff", "--repo", scene.repository.path).code == 0, "a bare repository's branch")
    }

    @Test func `edits that nobody committed are told from those of a commit`() throws {
        try scene.repository.commit(
            ["orgs/acme/projects/search.yaml": Declared.project("search", "Find")], author: "Cy Lee <cy@example.com>")
        try scene.repository.shell("git -C \(clone) pull -q")
        try write(Declared.budget("team", hard: "7 USD/month"), to: "orgs/acme/budgets/team.yaml")
        let outcome = try diff()
        #expect(outcome.code == 1, "\(outcome.errors)")
        #expect(outcome.output.contains("~ acme/Budget/team    orgs/acme/budgets/team.yaml:1:1  not committed yet"))
        #expect(outcome.output.contains("spec.hard  100 USD/month → 7 USD/month"))
        #expect(outcome.output.contains("~ acme/Project/search    orgs/acme/projects/search.yaml:1:1") && outcome.output.contains("Cy Lee <cy@example.com>"))
        #expect(outcome.output.hasSuffix("Differences: 0 created, 2 updated, 0 renamed, 0 deleted.\n"))
        let commit = try diff("--rev", "HEAD")
        #expect(commit.code == 1 && commit.output.contains("Project/search") && !commit.output.contains("Budget/team"))
        #expect(try diff("--rev", "HEAD~1").code == 0)
    }

    @Test func `names, quiet and JSON say the same by the same exit code`() throws {
        try write(Declared.project("find", "Find"), to: "orgs/acme/projects/find.yaml")
        try FileManager.default.removeItem(atPath: "\(clone)/orgs/acme/budgets/team.yaml")
        let names = try diff("--names")
        #expect(names.code == 1 && names.output == "- acme/Budget/team\n+ acme/Project/find\n", "\(names)")
        let quiet = try diff("--quiet")
        #expect(quiet.code == 1 && quiet.output == "" && quiet.errors == "")
        let json = try diff("--json")
        #expect(json.code == 1 && json.output.contains("\"to\":{\"files\":\"\(clone)\"}"))
        #expect(try diff("--names", "--quiet").code == 2)
        #expect(try scene.charter("diff", "1..1", "--names").output == "")
    }

    @Test func `what hands changed is shown first, and is a difference`() throws {
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, 'Search', 'Mine') WHERE kind = 'Project'")
        let outcome = try diff()
        #expect(outcome.code == 1 && outcome.output.contains("! acme/Project/search") && outcome.output.contains("1 drifted"))
        #expect(try diff("--names").output == "! acme/Project/search\n")
        #expect(try diff("budget").code == 0)
        #expect(try diff("project", "search").code == 1)
        #expect(try diff("--org", "-").code == 0)
    }

    @Test func `a folder inside limits it to what is written there`() throws {
        try write(Declared.project("find", "Find"), to: "orgs/acme/projects/find.yaml")
        #expect(try scene.charter("diff", "--repo", clone + "/orgs/acme/budgets").code == 0)
        #expect(try scene.charter("diff", "--repo", clone + "/orgs/acme/projects").code == 1)
    }

    @Test func `mistakes and missing files are trouble, and no difference`() throws {
        try write("kind: [", to: "orgs/acme/budgets/team.yaml")
        let outcome = try diff()
        #expect(outcome.code == 2 && outcome.output == "" && outcome.errors.contains("orgs/acme/budgets/team.yaml:1:"), "\(outcome)")
        #expect(try diff("--rev", "nowhere").code == 2)
        let empty = try TemporaryDirectory()
        #expect(try scene.charter("diff", "--repo", empty.path).errors.contains("has no YAML files"))
        #expect(try scene.charter("diff", "7").errors.contains("charter diff 7.."))
    }

    @Test func `an export stands in for the database`() throws {
        let file = scene.repository.root.appending(path: "applied").path
        #expect(try scene.charter("export", "--output", file).code == 0)
        let words = ["diff", "--repo", clone, "--against", file]
        #expect(try scene.charter(words, environment: ["CHARTER_DATABASE_URL": ""]).code == 0)
        try write(Declared.project("find", "Find"), to: "orgs/acme/projects/find.yaml")
        #expect(try scene.charter(words, environment: ["CHARTER_DATABASE_URL": ""]).code == 1)
    }

    @Test func `a unit's folder is compared with what that unit applied`() throws {
        try scene.repository.commit([
            "teams/globex/orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: { displayName: G }\n",
            "teams/globex/orgs/globex/gil.yaml": Declared.member("gil", roles: "[admin]"),
        ])
        #expect(try scene.charter("apply", "--unit", "globex", "--folder", "teams/globex").code == 0)
        try scene.repository.shell("git -C \(clone) pull -q")
        #expect(try diff("--unit", "globex", "--folder", "teams/globex").code == 0)
        try write(Declared.member("gal", roles: "[admin]"), to: "teams/globex/orgs/globex/gal.yaml")
        #expect(try diff("--unit", "globex", "--folder", "teams/globex", "--names").output == "+ globex/Member/gal\n")
        #expect(try diff("--unit", "globex", "--folder", "teams/globex", "--rev", "HEAD").code == 0)
    }
}
