import Foundation
import TestKit
import Testing

@testable import Reconciler

/// The commands that look at the past, as a person calls them.
@Suite struct HistoryCommandTests {
    private let scene: Scene
    private static let team = "orgs/acme/budgets/team.yaml"

    /// Four revisions: all, a raise, a rename, a deletion beside a creation.
    init() throws {
        scene = try Scene()
        try scene.apply()
        try scene.repository.commit(
            [Self.team: Declared.budget("team", hard: "200 USD/month")], message: "Raise the budget",
            author: "Bo Lee <bo@example.com>")
        try scene.apply()
        try scene.repository.commit([Self.team: Declared.budget("crew", hard: "200 USD/month", previously: "team")])
        try scene.apply()
        try scene.repository.commit([
            Self.team: nil, "orgs/acme/projects/find.yaml": Declared.project("find", "Find"),
        ])
        try scene.apply()
    }

    @Test func `history lists the revisions with what they changed, the newest first`() throws {
        let lines = try scene.charter("history").output.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("REV  APPLIED"))
        #expect(lines[1].hasPrefix("4 ") && lines[1].contains("  +1 -1 ") && lines[1].hasSuffix("Change"))
        #expect(lines[2].contains("  →1 "))
        #expect(lines[3].contains("  ~1 ") && lines[3].contains("Bo Lee <bo@example.com>") && lines[3].hasSuffix("  Raise the budget"), "\(lines[3])")
        #expect(lines[4].hasPrefix("1 ") && lines[4].contains("  +6 "))
        let few = try scene.charter("history", "--limit", "1", "--from", "3").output
        #expect(few.contains("\n3 ") && few.contains("charter history --from 2") && !few.contains("\n2 "))
        let json = try JSONSerialization.jsonObject(with: Data(try scene.charter("history", "--json").output.utf8))
        let document = try #require(json as? [String: Any])
        #expect(document["format"] as? Int == 1)
        #expect((document["revisions"] as? [[String: Any]])?.compactMap { $0["revision"] as? Int } == [4, 3, 2, 1])
    }

    @Test func `history of a resource follows it through its names to its end`() throws {
        for words in [["budget", "team"], ["budget", "crew"], ["acme/Budget/crew"]] {
            let outcome = try Subprocess.run(
                [Programs.charter, "history", "--database", scene.database] + words, environment: [:])
            #expect(outcome.code == 0, "\(outcome)")
            let text = outcome.output
            let order = ["Revision 4", "- acme/Budget/crew", "Revision 3", "→ acme/Budget/team → acme/Budget/crew", "Revision 2", "~ spec.hard  100 USD/month → 200 USD/month    \(Self.team):6:9", "Revision 1", "+ acme/Budget/team"]
            let places = order.compactMap { text.range(of: $0)?.lowerBound }
            #expect(places.count == order.count && places == places.sorted(), "\(text)")
        }
        let few = try scene.charter("history", "budget", "team", "--limit", "1").output
        #expect(few.contains("Revision 4") && !few.contains("Revision 3") && few.contains("older ones"))
        let missing = try scene.charter("history", "budget", "taem")
        #expect(missing.code == 1 && missing.errors.contains("there is no Budget `taem`; did you mean `team`?"))
        #expect(try scene.charter("history", "budget").code == 2)
    }

    @Test func `show tells of one revision with places, commit and author`() throws {
        let text = try scene.charter("show", "2").output
        #expect(text.contains("Revision 2 of unit default: "))
        #expect(text.contains("\"Raise the budget\" by Bo Lee <bo@example.com>"))
        #expect(text.contains("  ~ acme/Budget/team    \(Self.team):1:1  "))
        #expect(text.contains("~ spec.hard  100 USD/month → 200 USD/month    \(Self.team):6:9\n"))
        #expect(text.hasSuffix("Changes: 0 created, 1 updated, 0 renamed, 0 deleted.\n"))
        let missing = try scene.charter("show", "9")
        #expect(missing.code == 1 && missing.errors.contains("there is no revision 9; the newest is 4"))
        #expect(try scene.charter("show", "nonsense").code == 2)
        #expect(try scene.charter("show", "latest~3").output.contains("Revision 1 of unit"))
    }

    @Test func `diff answers by its exit code, forwards and backwards`() throws {
        #expect(try scene.charter("diff", "2..2").code == 0)
        let forward = try scene.charter("diff", "1..4")
        #expect(forward.code == 1)
        #expect(forward.output.contains("- acme/Budget/team") && forward.output.contains("+ acme/Project/find"))
        let back = try scene.charter("diff", "4..1")
        #expect(back.output.contains("+ acme/Budget/team") && back.output.contains("- acme/Project/find"))
        let renamed = try scene.charter("diff", "1..3", "budget").output
        #expect(renamed.contains("→ acme/Budget/team → acme/Budget/crew") && renamed.contains("100 USD/month → 200 USD/month"))
        #expect(try scene.charter("diff", "1..", "project", "search").code == 0)
        #expect(try scene.charter("diff", "1..9").code == 2)
        #expect(try scene.charter("diff", "1").code == 2)
        #expect(try scene.charter("diff", "1..2", "--database", "postgresql://nobody@127.0.0.1:1/x").code == 2)
    }

    @Test func `get, tree and blame answer for any revision, time and commit`() throws {
        #expect(try scene.charter("at", "1", "get", "budget", "team").output.contains("hard: 100 USD/month"))
        #expect(try scene.charter("get", "budget", "team", "--at", "2").output.contains("hard: 200 USD/month"))
        #expect(try scene.charter("at", "3", "get", "budget", "team").code == 1)
        #expect(try scene.charter("at", "3", "get", "budgets").output.contains("acme  Budget  crew  \(Self.team):1:1"))
        #expect(try scene.charter("get", "budgets", "--applied", "--names").output == "\n")
        let time = try scene.sql("SELECT to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM charter.revision WHERE id = 2")[0]
        #expect(try scene.charter("at", time, "get", "budget", "team").output.contains("hard: 200 USD/month"), "\(time)")
        let commit = try scene.sql("SELECT commit FROM charter.revision WHERE id = 3")[0]
        #expect(try scene.charter("at", commit, "tree").output.contains("│   └── crew\n"))
        let early = try scene.charter("at", "2020-01-01", "tree")
        #expect(early.code == 1 && early.errors.contains("nothing was applied yet at 2020-01-01T00:00:00Z"))
        let tree = try scene.charter("tree", "acme", "--at", "1").output
        #expect(
            tree.split(separator: "\n").dropFirst().joined(separator: "\n") == """
                acme
                ├── Budget
                │   └── team
                ├── Member
                │   ├── ada
                │   └── bo
                ├── Organization
                │   └── acme
                └── Project
                    └── search
                """)
        #expect(try scene.charter("at", "1", "blame", "budget", "team").code == 0)
        #expect(try scene.charter("at", "1", "apply").code == 2)
        #expect(try scene.charter("at", "--help").output.contains("usage: charter at REV|TIME"))
    }

    @Test func `before the first apply every question says so`() throws {
        let empty = try Scene([:])
        for words in [["history"], ["show"], ["tree"], ["blame", "budget", "team"], ["diff", "1..2"]] {
            let outcome = try Subprocess.run(
                [Programs.charter] + words + ["--database", empty.database], environment: [:])
            #expect(outcome.code == (words[0] == "diff" ? 2 : 1), "\(words): \(outcome)")
            #expect(outcome.errors.contains("nothing was applied yet"), "\(words): \(outcome)")
        }
    }
}
