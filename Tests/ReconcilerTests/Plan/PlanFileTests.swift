import Foundation
import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

struct PlanFileTests {
    let scene: Scene
    let path: String

    init() throws {
        scene = try Scene()
        try scene.apply()
        path = scene.repository.root.appending(path: "plans/saved").path
    }

    private func commitBudget(_ hard: String) throws {
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: hard)], message: "Now \(hard)")
    }

    private func save() throws -> String {
        let outcome = try scene.charter("plan", "--out", path)
        #expect(outcome.code == 0, "\(outcome.errors)")
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    private func revisions() throws -> String { try scene.sql("SELECT count(*) FROM charter.revision")[0] }

    /// What applying the file is refused for.
    private func refusal(_ words: String...) throws -> String {
        let before = try scene.fingerprint()
        let outcome = try scene.charter(["apply", path] + words)
        #expect(outcome.code == 1, "\(outcome.output)")
        #expect(try scene.fingerprint() == before, "a refused plan writes nothing")
        return outcome.errors
    }

    @Test func `a saved plan is applied when nothing moved, and once`() throws {
        try commitBudget("200 USD/month")
        let text = try save()
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(!text.contains("200 USD") && !text.contains("example.com"), "it holds no value")
        #expect(try PlanFile(text: text).text == text)
        let outcome = try scene.charter("apply", path)
        #expect(outcome.code == 0 && outcome.output.hasSuffix("as revision 2.\n"), "\(outcome.errors)")
        #expect(try refusal().contains("its commit is applied by now, as revision 2"))
    }

    @Test func `a newer commit is no part of what was planned`() throws {
        try commitBudget("200 USD/month")
        _ = try save()
        try commitBudget("300 USD/month")
        #expect(try refusal().contains("and the branch is at"))
        #expect(try revisions() == "1")
        let json = try scene.charter("apply", path, "--json")
        #expect(json.code == 1 && json.output.hasPrefix("{\"outcome\":\"moved\",\"reasons\":[\"commit "), "\(json.output)")
    }

    @Test func `another base is said, with its revision`() throws {
        let first = try scene.repository.git("rev-parse", "HEAD")
        try commitBudget("200 USD/month")
        _ = try save()
        let planned = try scene.repository.git("rev-parse", "HEAD")
        try scene.repository.git("reset", "-q", "--hard", first)
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Find")])
        try scene.apply()
        try scene.repository.git("reset", "-q", "--hard", planned)
        #expect(try refusal("--allow-rewrite").contains("it was planned after revision 1"))
    }

    @Test func `rows that hands changed since are named, and those seen before are put right`() throws {
        try commitBudget("200 USD/month")
        _ = try save()
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, 'Search', 'Mine') WHERE kind = 'Project'")
        let refusal = try refusal()
        #expect(refusal.contains("hands changed rows of the database, or put them back: ! acme/Project/search"), "\(refusal)")
        _ = try save()
        #expect(try scene.charter("apply", path).code == 0)
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `a plan made from an export is applied where no hand was at the rows`() throws {
        let export = scene.repository.root.appending(path: "applied").path
        #expect(try scene.charter("export", "--output", export).code == 0)
        try commitBudget("200 USD/month")
        #expect(try scene.charter("plan", "--against", export, "--out", path, environment: ["CHARTER_DATABASE_URL": ""]).code == 0)
        try scene.sql("UPDATE charter.resource SET canonical = '{}' WHERE kind = 'Project'")
        #expect(try refusal().contains("! acme/Project/search"))
        try scene.apply()
        try commitBudget("300 USD/month")
        #expect(try scene.charter("export", "--output", export).code == 0)
        #expect(try scene.charter("plan", "--against", export, "--out", path).code == 0)
        #expect(try scene.charter("apply", path).code == 0)
    }

    @Test func `a saved plan passes a guard only when its operator says so`() throws {
        try scene.repository.commit(["charter.yaml": GuardScene.charter("sync: proposals")])
        try scene.apply()
        try commitBudget("200 USD/month")
        _ = try save()
        let blocked = try scene.charter("apply", path)
        #expect(blocked.code == 1 && blocked.errors.contains("G1011"), "\(blocked.errors)")
        #expect(try scene.charter("apply", "--approve-saved").code == 2)
        #expect(try scene.charter("apply", path, "--approve-saved").code == 0)
        #expect(try scene.sql("SELECT count(*) FROM charter.audit WHERE action = 'plan.passed'") == ["1"])
    }

    @Test func `a repository by URL is named, and one by path known by its commit`() throws {
        try commitBudget("200 USD/month")
        var file = try PlanFile(text: save())
        var source = scene.source
        source.location = try SourceLocation.parse("https://git.example/rules.git")
        try file.check(source, unit: "default")
        file.repository = "https://git.example/rules.git"
        try file.check(source, unit: "default")
        file.repository = "https://git.example/others.git"
        #expect(throws: PlanFileMovement.self) { try file.check(source, unit: "default") }
        try file.check(scene.source, unit: "default")
        #expect(try scene.charter("plan", "--out", path, "--output", path).code == 2)
    }

    @Test func `a rejected commit saves nothing`() throws {
        try commitBudget("much")
        #expect(try scene.charter("plan", "--out", path).code == 1)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a file that is damaged, foreign or newer is refused with its line`() throws {
        try commitBudget("200 USD/month")
        let text = try save()
        for count in stride(from: 0, to: text.utf8.count, by: 13) {
            #expect(throws: DocumentProblem.self) { try PlanFile(text: String(decoding: text.utf8.prefix(count), as: UTF8.self)) }
        }
        #expect(throws: DocumentProblem.self) { try PlanFile(text: text.replacing("default", with: "defaulr")) }
        #expect(throws: DocumentProblem.self) { try PlanFile(text: text + text) }
        let lines = text.split(separator: "\n").dropLast().map(String.init)
        let newer = SealedText.seal([lines[0].replacing("\"format\":1", with: "\"format\":7")] + lines.dropFirst())
        let foreign = try Connection(scene.database).transaction { try AppliedExport($0).text }
        let bent = SealedText.seal([lines[0], "{\"change\":7}"] + lines.dropFirst(2))
        for (text, message) in [
            (newer, "line 1: it has format 7, of charter \(CharterVersion.current), and this charter"),
            (foreign, "line 1: it is no charter plan"), (bent, "line 2: the member change is not a text"),
            (String(text.dropLast(2)), "it is truncated"),
        ] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let refusal = try refusal()
            #expect(refusal.contains("\(path): \(message)"), "\(refusal)")
        }
        #expect(try scene.charter("apply", path + ".none").errors.contains("cannot read"))
    }

    @Test func `a plan of another unit, folder or engine is refused`() throws {
        try commitBudget("200 USD/month")
        var file = try PlanFile(text: save())
        #expect(try refusal("--unit", "other").contains("it is a plan of unit default, and not of other"))
        file.folder = "teams/"
        try file.text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try refusal().contains("it is a plan of the folder teams/, and not of the whole repository"))
        (file.folder, file.engine) = ("", "0.0.1")
        #expect(throws: PlanFileMovement.self) { try file.check(scene.planned()) }
    }
}

extension Scene {
    fileprivate func planned() throws -> Reconciler.Plan {
        guard case .planned(let plan, _) = try plan() else { throw Unexpected() }
        return plan
    }
}
