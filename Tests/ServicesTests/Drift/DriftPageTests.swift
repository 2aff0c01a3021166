import Spec
@testable import Store
import Testing

@testable import Services

/// How drift reads.
struct DriftPageTests {
    private func finding(found: String = #""900 USD/month""#, pointer: String = "/spec/hard") -> DriftFinding {
        DriftFinding(
            unit: "main", uid: "u1", resource: "acme/Budget/team", aspect: .changed, pointer: pointer, label: "spec.hard",
            wanted: #""100 USD/month""#, found: found, place: Place(path: "a.yaml", position: Position(line: 6, column: 9)), revision: 3)
    }

    private func page(_ findings: [DriftFinding], blame: DriftBlame = .on) -> DriftPage {
        DriftPage(at: Instant(milliseconds: 0), blame: blame, base: (3, "0123456789abcdef"), population: 7, findings: findings)
    }

    @Test func `text names both values, place, standing and writer`() {
        var one = finding()
        one.firstSeen = Instant(milliseconds: 1_700_000_000_000)
        one.write = DriftWrite(
            id: 1, at: Instant(milliseconds: 1_700_000_000_000), transaction: 77, relation: "resource", operation: "UPDATE", rows: 1, uid: "u1",
            sessionRole: "ops", actingRole: "owner", application: "psql", address: "10.0.0.3", statement: "UPDATE charter.resource SET canonical = ?")
        #expect(
            page([one]).text == """
                Drift: 1 resource was changed in the database, not by a commit, since 0123456789 (revision 3) was applied:
                  ! acme/Budget/team
                      spec.hard  wanted 100 USD/month, found 900 USD/month    a.yaml:6:9
                        open since 2023-11-14T22:13:20Z; ops as owner by psql from 10.0.0.3 at 2023-11-14T22:13:20Z, transaction 77: UPDATE charter.resource SET canonical = ?

                1 drifted of 7; charter apply puts them right.
                """)
    }

    @Test func `where nothing was noted it says unattributed, and how to have it noted`() {
        let text = page([finding()], blame: .off).text
        #expect(text.contains("open; unattributed") && text.hasSuffix("charter migrate --drift-blame has PostgreSQL note who writes."))
        #expect(page([]).text == "No drift: 7 resources are as revision 3 (0123456789) left them.")
    }

    @Test func `toleration, contest and conflict are told`() {
        var one = finding()
        (one.state, one.direction, one.contestedSince) = (.tolerated, .conflict, Instant(milliseconds: 0))
        one.toleration = .init(until: Instant(milliseconds: 1_700_000_000_000), actor: "mira", reason: "the night")
        let text = page([one]).text
        for words in ["tolerated until 2023-11-14T22:13:20Z by mira: the night", "a commit that waits wants yet another value", "contested since 1970-01-01T00:00:00Z"] {
            #expect(text.contains(words), "\(text)")
        }
    }

    @Test func `JSON has values as JSON, and as text what is none`() {
        let json = page([finding()]).json.text
        #expect(json.contains(#""finding":"changed","resource":"acme/Budget/team","uid":"u1","place":"a.yaml:6:9""#))
        #expect(json.contains(#""wanted":"100 USD/month","found":"900 USD/month""#))
        #expect(json.contains(#""state":"open","direction":"drift","unit":"main""#) && json.contains(#""blame":null"#))
        #expect(page([finding(found: "not JSON")]).json.text.contains(#""found":"not JSON""#))
        #expect(page([finding(found: "{", pointer: "")]).json.text.contains(#""found":"{""#))
    }

    @Test func `what a hand wrote becomes no markup, no new line and no escape sequence`() {
        let hostile = finding(found: #""| <script>alert(1)</script> [x](http://evil) \n\n# head \u001b[31m""#)
        let markdown = page([hostile]).markdown
        #expect(!markdown.contains("<script>") && !markdown.contains("](") && !markdown.contains("\u{1b}"))
        #expect(markdown.split(separator: "\n").count == 4, "\(markdown)")
        #expect(!page([hostile]).text.contains("\u{1b}"))
    }

    @Test func `a table of thousands is cut, and says so`() {
        let markdown = page((0..<1_000).map { finding(pointer: "/spec/\($0)") }).markdown
        #expect(markdown.hasSuffix("800 more are not shown."))
    }
}
