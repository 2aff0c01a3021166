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

    @Test(arguments: [
        "www.evil.example", "WWW.evil.example", "http://evil.example/x", "https://evil.example", "ftp://evil.example", "eve@evil.example",
        "mailto:eve@evil.example", "@admins", "see #7", "xwww.evil.example", "http://www.evil.example@evil.example#7",
    ])
    func `no renderer makes a link or a mention of what a hand wrote`(value: String) {
        let markdown = page([finding(found: #""\#(value)""#)]).markdown
        #expect(!markdown.contains(value))
        // As a renderer reads it, which looks for addresses behind entities, too.
        let read = markdown.replacing("&#64;", with: "@").replacing("&#58;", with: ":").replacing("&#35;", with: "#").replacing("&#8203;", with: "\u{200b}")
        for link in [/(?i)www\.[a-z]/, /[a-z]:\/\//, /[a-zA-Z0-9._+-]@[a-zA-Z0-9]/, /(?:^|[^a-z])@[a-z]/, /#[0-9]/] {
            #expect(read.firstMatch(of: link) == nil, "\(markdown)")
        }
        #expect(read.replacing("\u{200b}", with: "").contains(value), "it reads as it is")
    }

    @Test func `a report of thousands of resources is cut at a terminal, and says where all are`() {
        let many = (0..<1_500).map { number in
            DriftFinding(unit: "main", uid: "u\(number)", resource: "acme/Budget/b\(number)", aspect: .missing, revision: 3)
        }
        let text = page(many).text
        #expect(text.contains("  and 500 more; --format json has all of them") && text.contains("1500 drifted of 7"))
        #expect(text.count(where: { $0 == "!" }) == 1_000)
        var list = page(many)
        list.isCut = true
        #expect(list.listText.hasSuffix("a page at a time.") && list.listJSON.text.hasSuffix(#""more":true}"#))
    }

    @Test func `a page that is cut says so in each form`() {
        let board = DriftBoard(page: page([finding()]), scans: [], org: "acme", isCut: true)
        for text in [board.html, board.markdown] { #expect(text.contains("/v1/admin/orgs/acme/drift"), "\(text)") }
        #expect(board.json.text.hasSuffix(#""more":true}"#))
    }

    @Test func `a table of thousands is cut, and says so`() {
        let markdown = page((0..<1_000).map { finding(pointer: "/spec/\($0)") }).markdown
        #expect(markdown.hasSuffix("800 more are not shown."))
    }
}
