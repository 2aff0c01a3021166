import Spec
import Store
import TestKit
import Testing

@testable import Reconciler

/// Hands in the tables that Charter keeps beside the rows of resources.
struct RecordDriftTests {
    struct Hand: CustomTestStringConvertible, Sendable {
        var statement: String
        /// Puts it back as it was.
        var remedy: String
        var aspect: DriftFinding.Aspect
        var pointer: String
        var relation: String
        var testDescription: String { statement }
    }

    private static let team = "(SELECT uid FROM charter.lineage WHERE name = 'team')"

    static let hands = [
        Hand(
            statement: "UPDATE charter.history SET value = replace(value, '100 USD', '900 USD') WHERE uid = \(team)",
            remedy: "UPDATE charter.history SET value = replace(value, '900 USD', '100 USD') WHERE uid = \(team)",
            aspect: .history, pointer: "/history/1", relation: "history"),
        Hand(
            statement: "DELETE FROM charter.history WHERE uid = \(team)",
            remedy: "INSERT INTO charter.history SELECT * FROM kept_history WHERE uid = \(team)",
            aspect: .history, pointer: "/history/1", relation: "history"),
        Hand(
            statement: "INSERT INTO charter.history SELECT * FROM charter.history WHERE uid = \(team)",
            remedy: "DELETE FROM charter.history WHERE ctid = (SELECT max(ctid) FROM charter.history WHERE uid = \(team))",
            aspect: .history, pointer: "/history/1", relation: "history"),
        Hand(
            statement: """
                INSERT INTO charter.history SELECT uid, 77, '/spec/hard', 'set', '"900 USD/month"', org, kind, name
                FROM charter.history WHERE uid = \(team)
                """,
            remedy: "DELETE FROM charter.history WHERE revision = 77", aspect: .history, pointer: "/history/77", relation: "history"),
        Hand(
            statement: "UPDATE charter.provenance SET author = 'Eve <eve@example.com>' WHERE uid = \(team)",
            remedy: "UPDATE charter.provenance p SET author = k.author FROM kept_provenance k WHERE p.uid = k.uid AND p.uid = \(team)",
            aspect: .provenance, pointer: "/provenance/1", relation: "provenance"),
        // From the end of one column to the beginning of the next.
        Hand(
            statement: "UPDATE charter.provenance SET path = path || left(blob, 1), blob = substr(blob, 2) WHERE uid = \(team)",
            remedy: "UPDATE charter.provenance SET path = left(path, -1), blob = right(path, 1) || blob WHERE uid = \(team)",
            aspect: .provenance, pointer: "/provenance/1", relation: "provenance"),
        Hand(
            statement: "UPDATE charter.provenance SET committed_at = committed_at + interval '1 microsecond' WHERE uid = \(team)",
            remedy: "UPDATE charter.provenance SET committed_at = committed_at - interval '1 microsecond' WHERE uid = \(team)",
            aspect: .provenance, pointer: "/provenance/1", relation: "provenance"),
        Hand(
            statement: "UPDATE charter.lineage SET superseded_revision = opened_revision WHERE name = 'team'",
            remedy: "UPDATE charter.lineage SET superseded_revision = NULL WHERE name = 'team'",
            aspect: .lineage, pointer: "/lineage", relation: "lineage"),
        Hand(
            statement: "DELETE FROM charter.provenance WHERE uid = \(team)",
            remedy: "INSERT INTO charter.provenance SELECT * FROM kept_provenance WHERE uid = \(team)",
            aspect: .provenance, pointer: "/provenance/1", relation: "provenance"),
        Hand(
            statement: """
                INSERT INTO charter.provenance SELECT uid, 77, 'other.yaml', blob, line, col, spans, commit, author, committed_at, summary
                FROM charter.provenance WHERE uid = \(team)
                """,
            remedy: "DELETE FROM charter.provenance WHERE revision_from = 77",
            aspect: .provenance, pointer: "/provenance/77", relation: "provenance"),
        Hand(
            statement: "UPDATE charter.lineage SET closed_revision = 1 WHERE name = 'team'",
            remedy: "UPDATE charter.lineage SET closed_revision = NULL WHERE name = 'team'",
            aspect: .lineage, pointer: "/lineage", relation: "lineage"),
        Hand(
            statement: """
                INSERT INTO charter.lineage (uid, org, kind, name, opened_revision)
                VALUES ('00000000-0000-4000-8000-000000000009', 'acme', 'Budget', 'ghost', 1)
                """,
            remedy: "DELETE FROM charter.lineage WHERE name = 'ghost'", aspect: .lineage, pointer: "/lineage", relation: "lineage"),
        Hand(
            statement: "UPDATE charter.resource SET revision = 77 WHERE name = 'team'",
            remedy: "UPDATE charter.resource SET revision = 1 WHERE name = 'team'",
            aspect: .history, pointer: "/revision", relation: "resource"),
    ]

    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.apply()
        try scene.sql("CREATE TABLE kept_history AS SELECT * FROM charter.history")
        try scene.sql("CREATE TABLE kept_provenance AS SELECT * FROM charter.provenance")
        try Connection(scene.database).transaction { try DriftBlame.begin($0) }
    }

    @discardableResult
    private func scan() throws -> DriftFindings.News {
        let session = try scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(60)))
        defer { session.release(token) }
        return try session.record(session.drift(), token)
    }

    private func kept() throws -> [DriftFinding] {
        try Connection(scene.database).transaction { try DriftFindings.list($0, .everything, limit: 100) }
    }

    @Test(arguments: hands) func `what a hand did is found by the next scan, blamed on it, and gone when it is put back`(hand: Hand) throws {
        try scan()
        #expect(try kept().isEmpty)
        try scene.sql(hand.statement)
        try scan()
        let found = try kept()
        let finding = try #require(found.first { $0.aspect == hand.aspect && $0.pointer == hand.pointer }, "\(found)")
        #expect(finding.resource == (hand.statement.contains("'ghost'") ? "acme/Budget/ghost" : "acme/Budget/team"))
        #expect(finding.state == .open && finding.write?.relation == hand.relation, "\(finding)")
        #expect(finding.wanted != finding.found && !finding.isAdoptable)
        let scans = try Connection(scene.database).transaction { try DriftScans.list($0) }
        #expect(scans.map(\.resources).allSatisfy { $0 > 0 })
        let page = try DriftReport.page(Connection(scene.database))
        #expect(page.findings.contains { $0.subject == finding.subject && $0.id == finding.id })
        try scene.sql(hand.remedy)
        try scan()
        let left = try kept()
        #expect(left.allSatisfy { $0.state == .gone }, "\(left.map { "\($0.aspect) \($0.pointer) \($0.state)" })")
    }

    @Test func `commits, renames, deletions and corrections leave nothing to be found`() throws {
        try scene.repository.commit([
            "orgs/acme/budgets/team.yaml": "# moved down\n" + Declared.budget("squad", hard: "100 USD/month", previously: "team"),
            "orgs/acme/projects/search.yaml": Declared.project("two", "Two"),
        ])
        try scene.apply(allowingMassDeletion: true)
        #expect(try scene.drift().drift.isEmpty)
        try scene.repository.commit(["orgs/acme/projects/search.yaml": Declared.project("search", "Search again")])
        try scene.apply(allowingMassDeletion: true)
        #expect(try scene.drift().drift.isEmpty)
        try scene.sql("UPDATE charter.resource SET canonical = replace(canonical, '100 USD', '900 USD') WHERE name = 'squad'")
        let session = try scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(60)))
        #expect(try session.correct(token: token)?.count == 1)
        session.release(token)
        #expect(try scene.drift().drift.isEmpty)
    }

    @Test func `places and authors that a hand changed are written anew by an apply, which closes the finding`() throws {
        let before = try scene.sql("SELECT author FROM charter.provenance WHERE uid = \(Self.team)")
        try scene.sql("UPDATE charter.provenance SET author = 'Eve <eve@example.com>' WHERE uid = \(Self.team)")
        try scan()
        try scene.apply()
        #expect(try kept().map(\.state) == [.reverted])
        #expect(try scene.sql("SELECT author FROM charter.provenance WHERE uid = \(Self.team) ORDER BY revision_from DESC LIMIT 1") == before)
        guard case .unchanged = try scene.apply() else {
            Issue.record("the second apply wrote something")
            return
        }
    }

    @Test func `a place under a number that no revision has yet is reported, and applied again and again for nothing by nobody`() throws {
        try scene.sql(
            """
            INSERT INTO charter.provenance SELECT uid, 77, path, blob, line, col, spans, commit, author, committed_at, summary
            FROM charter.provenance WHERE uid = \(Self.team)
            """)
        try scan()
        #expect(try kept().map(\.pointer) == ["/provenance/77"])
        guard case .unchanged = try scene.apply() else {
            Issue.record("nothing was to be written")
            return
        }
    }

    @Test func `a row is not put right from a history that a hand changed`() throws {
        try scene.sql("UPDATE charter.history SET value = replace(value, '100 USD', '900 USD') WHERE uid = \(Self.team)")
        let session = try scene.session()
        let token = try #require(try session.acquireLead(ttl: .seconds(60)))
        defer { session.release(token) }
        let news = try session.record(session.drift(), token)
        #expect(Set(news.opened.map(\.aspect)) == [.history, .changed])
        var rules = Repository.standard
        rules.drift = .correct
        #expect(try session.correct(token: token, DriftCorrection(rules: rules, news.present)) == nil)
        #expect(try scene.sql("SELECT canonical LIKE '%\"100 USD/month\"%' FROM charter.resource WHERE name = 'team'") == ["t"])
    }

    @Test func `a row that a hand gave to another unit is found by the scans of its own, and the next commit takes it back`() throws {
        let other = try TestRepository()
        try other.commit([
            "charter.yaml": "apiVersion: charter/v1\nkind: Repository\nmetadata: { name: other }\nspec: { drift: report }\n",
            "orgs/globex/org.yaml": "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: globex }\nspec: {}\n",
            "orgs/globex/m.yaml": Declared.member("gil", roles: "[admin]"),
        ])
        #expect(try scene.charter("apply", "--unit", "other", "--repo", other.path).code == 0)
        try scan()
        #expect(try kept().isEmpty)
        try scene.sql("UPDATE charter.resource SET unit = 'other' WHERE name = 'team'")
        try scan()
        let finding = try #require(try kept().first)
        #expect(finding.pointer == "/unit" && finding.wanted == #""default""# && finding.found == #""other""# && finding.write?.relation == "resource")
        #expect(try kept().count == 1)
        try scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        try scene.apply()
        try scan()
        #expect(try kept().map(\.state) == [.reverted])
        #expect(try scene.sql("SELECT unit FROM charter.resource WHERE name = 'team'") == ["default"])
    }

    @Test func `columns that a later version adds to the tables, with values of their own, are no hand's work, and hide none`() throws {
        for table in ["resource", "history", "provenance", "lineage"] {
            try scene.sql("ALTER TABLE charter.\(table) ADD COLUMN later text NOT NULL DEFAULT 'x', ADD COLUMN latest timestamptz DEFAULT now()")
        }
        #expect(try scene.drift().drift.isEmpty)
        try scene.repository.commit(["orgs/acme/budgets/team.yaml": Declared.budget("team", hard: "7 USD/month")])
        try scene.apply()
        #expect(try scene.drift().drift.isEmpty)
        try scene.sql("UPDATE charter.provenance SET author = 'Eve <eve@example.com>' WHERE uid = \(Self.team) AND revision_from = 2")
        #expect(try scene.drift().drift.count == 1)
    }

    @Test(arguments: [
        "UPDATE charter.revision SET has_checksums = false",
        "UPDATE charter.revision SET parent = NULL WHERE parent = 1; DELETE FROM charter.revision WHERE id = 1",
    ])
    func `a hand in the revision does not hide what it changed of what that wrote`(statement: String) throws {
        try scene.repository.commit(["orgs/acme/projects/two.yaml": Declared.project("two", "Two")])
        try scene.apply()
        for part in statement.split(separator: ";") { try scene.sql(String(part)) }
        #expect(try scene.drift().drift.isEmpty, "of itself it is no drift of a resource")
        try scene.sql("UPDATE charter.provenance SET author = 'Eve <eve@example.com>' WHERE uid = \(Self.team)")
        let aspects = try scene.drift().findings(unit: "default").filter { $0.resource == "acme/Budget/team" }.map(\.aspect)
        #expect(aspects.contains(.provenance), "\(aspects)")
    }

    @Test func `revisions of before there were checksums are not judged`() throws {
        try scene.sql("UPDATE charter.revision SET has_checksums = false")
        try scene.sql("DELETE FROM charter.checksum")
        try scene.sql("UPDATE charter.provenance SET author = 'Eve <eve@example.com>'")
        #expect(try scene.drift().drift.isEmpty)
    }
}
