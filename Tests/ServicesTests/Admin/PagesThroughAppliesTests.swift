import Foundation
import Reconciler
import TestKit
import Testing

@testable import Services

/// Lists that are read while commits are applied.
struct PagesThroughAppliesTests {
    private func apply(_ it: WriteScene) throws {
        let source = GitSource(
            location: .path(it.repository.path), reference: .branch(BranchName("main")!), stateFolder: it.repository.root.path)
        _ = try ReconcileSession(source: source, database: it.database).applyOnce(guardedBy: PlanGuard())
    }

    private func project(_ name: String, _ title: String) -> String {
        "apiVersion: charter/v1\nkind: Project\nmetadata: { name: \(name) }\nspec: { displayName: \(title) }\n"
    }

    private func path(_ name: String) -> String { "orgs/acme/projects/\(name).yaml" }

    @Test func `applies between pages show nothing twice and leave nothing out that was there all the time`() throws {
        let it = try WriteScene(patience: .zero)
        let names = (10..<30).map { "p\($0)" }
        var first: [String: String?] = [:]
        for name in names { first[path(name)] = project(name, "One") }
        try it.repository.commit(first)
        try apply(it)
        var (seen, cursor, round): ([String], String?, Int) = ([], nil, 0)
        var removed: Set<String> = []
        repeat {
            let page = try it.call("GET", "orgs/acme/projects?limit=4" + (cursor.map { "&cursor=\($0)" } ?? ""))
            #expect(page.status == 200, "\(page.text)")
            seen += (page.json["items"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
            cursor = page.json["next"] as? String
            guard let last = seen.last, cursor != nil else { break }
            // The last one shown goes, others come before and behind it, and all there are say something else.
            round += 1
            removed.insert(last)
            var files: [String: String?] = [path(last): nil, path("a\(round)"): project("a\(round)", "New"), path("z\(round)"): project("z\(round)", "New")]
            for name in names where !removed.contains(name) { files[path(name)] = project(name, "Two\(round)") }
            try it.repository.commit(files)
            try apply(it)
        } while round < 20
        #expect(round >= 4 && Set(seen).count == seen.count, "\(seen)")
        #expect(seen.filter { $0.hasPrefix("p") } == names && !seen.contains { $0.hasPrefix("a") })
    }
}
