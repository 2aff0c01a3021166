import Foundation
import Reconciler
import Store
import TestKit
import Testing

struct AppliedExportTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
    }

    private func export() throws -> AppliedExport {
        try Connection(scene.database).transaction { try AppliedExport($0) }
    }

    @Test func `the same state gives the same bytes, whatever hands did to the rows`() throws {
        let first = try export()
        #expect(first.resourceCount == 6)
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD')")
        #expect(try export().text == first.text)
    }

    @Test func `what is read back is what was applied`() throws {
        try scene.repository.commit(["orgs/acme/projects/search.yaml": nil])
        try scene.apply()
        let applied = try Connection(scene.database).transaction { try AppliedState($0) }
        let read = try AppliedExport(text: export().text).state(of: "default")
        #expect(read.applied == applied.applied)
        #expect(read.provenance.filter { applied.applied[$0.key] != nil } == applied.provenance.filter { applied.applied[$0.key] != nil })
        #expect(read.revision?.vector == applied.revision?.vector)
        #expect(read.drift().isEmpty)
        #expect(Set(read.lineages.all.map(\.uid)) == Set(applied.lineages.all.map(\.uid)))
    }

    @Test func `a truncated or altered export is refused`() throws {
        let text = try export().text
        for count in stride(from: 0, to: text.utf8.count, by: 97) {
            #expect(throws: DocumentProblem.self) { try AppliedExport(text: String(decoding: text.utf8.prefix(count), as: UTF8.self)) }
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for index in lines.indices.dropLast() {
            var fewer = lines
            fewer.remove(at: index)
            #expect(throws: DocumentProblem.self) { try AppliedExport(text: fewer.joined(separator: "\n")) }
        }
        #expect(throws: DocumentProblem.self) { try AppliedExport(text: text.replacing("100 USD", with: "900 USD")) }
        #expect(throws: DocumentProblem.self) { try AppliedExport(text: text.replacing("\"format\":2", with: "\"format\":3")) }
        #expect(throws: DocumentProblem.self) { try AppliedExport(text: text + text) }
    }

    @Test func `a plan against an export is the plan against its database`() throws {
        let file = scene.repository.root.appending(path: "applied.jsonl").path
        #expect(try scene.charter("export", "--output", file).code == 0)
        try scene.repository.commit([
            "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "400 USD/month"),
            "orgs/acme/projects/search.yaml": nil,
        ])
        let direct = try scene.charter("plan", "--detailed-exitcode")
        let offline = try scene.charter(
            "plan", "--detailed-exitcode", "--against", file, environment: ["CHARTER_DATABASE_URL": ""])
        #expect(direct.code == 2)
        #expect(offline.code == 2, "\(offline.errors)")
        let note = """
            Note: planned from an export; what hands changed in the database is not known.
            Note: without a database nobody asked whether it is held back by G1014 (rolled back).

            """
        #expect(offline.output.contains(note))
        #expect(offline.output.replacing(note, with: "") == direct.output)
        let torn = try Subprocess.run(["bash", "-c", "head -n 3 \(file) > \(file).torn"])
        #expect(torn.code == 0)
        let refused = try scene.charter("plan", "--against", file + ".torn")
        #expect(refused.code == 1)
        #expect(refused.errors.contains("truncated"))
    }

    @Test func `a plan against an export says which guards only the database could answer`() throws {
        let guards = "guards: { keysUsedWithin: 7d, modelsUsedWithin: 7d, budgetsBelowSpent: block, firstManagement: block }"
        let it = try GuardScene(guards, ["orgs/acme/k.yaml": GuardScene.key("old")]).scene
        let file = it.repository.root.appending(path: "applied.jsonl").path
        #expect(try it.charter("export", "--output", file).code == 0)
        func plan(_ words: String...) throws -> String {
            try it.charter(["plan", "--against", file] + words, environment: ["CHARTER_DATABASE_URL": ""]).output
        }
        #expect(try plan("--format", "json").contains(#""not_asked":[]"#), "nothing changes, so nothing could be held back")
        try it.repository.commit(["orgs/acme/k.yaml": nil, "orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "4 USD/month")])
        let codes = ["G1007", "G1009", "G1010", "G1014"]
        #expect(try plan("--format", "json").contains(#""not_asked":["# + codes.map { "\"\($0)\"" }.joined(separator: ",") + "]"))
        let words = "G1007 (keys in use), G1009 (budgets below what is spent), G1010 (first management), G1014 (rolled back)"
        #expect(try plan().contains("Note: without a database nobody asked whether it is held back by \(words).\n"))
        #expect(try plan("--format", "markdown").contains("nobody asked whether it is held back by G1007"))
        #expect(try plan("--format", "github").contains("nobody asked whether it is held back by G1007"))
        #expect(try it.charter("plan", "--format", "json").output.contains(#""not_asked":[]"#))
    }
}
