import Testing

@testable import Spec

@Suite struct IgnoreTests {
    private func directives(_ text: String) -> [IgnoreDirective] {
        YAMLReader(path: "a.yaml", bytes: Array(text.utf8)).ignores
    }

    @Test func `a remark at the end of a line is about that line, one of its own about the next with something in it`() {
        let found = directives(
            "a: 1 # charter:ignore CH0911 because\n\n  # charter:ignore CH0912,CH0913 two codes\n# more\n\nb: 2\n")
        #expect(found.map(\.line) == [1, 6])
        #expect(found.map { $0.codes.map(\.text) } == [["CH0911"], ["CH0912", "CH0913"]])
        #expect(found.map(\.reason) == ["because", "two codes"])
        #expect(found[1].place.position == Position(line: 3, column: 5))
        #expect(found[1].codes[1].column == 27)
    }

    @Test(
        arguments: [
            "a: |\n  # charter:ignore CH0911 x\n  text\n", "a: 'x\n  # charter:ignore CH0911 x\n  y'\n",
            "a: \"# charter:ignore CH0911 x\"\n", "a: x# charter:ignore CH0911 x\n", "a: >-\n\n  x # charter:ignore CH0911 x\n",
            "# charter: ignore CH0911 x\na: 1\n", "# see charter:ignore CH0911 x\na: 1\n",
            "{ 'k\n  # charter:ignore CH0911 x': 1 }\n",
        ]) func `what is inside of a text is no remark`(text: String) {
            #expect(directives(text) == [])
        }

    @Test(
        arguments: [
            "a: | # charter:ignore CH0911 x\n  text\n", "a: &b | # charter:ignore CH0911 x\n  text\n",
            "a: |\n  text\n# charter:ignore CH0911 x\nb: 1\n", "a: [1, # charter:ignore CH0911 x\n  2]\n",
            "a: 'é' # charter:ignore CH0911 x\n", "--- # charter:ignore CH0911 x\na: 1\n", "a:\n  - 'x' # charter:ignore CH0911 x\n",
            "a: 'x\n  y' # charter:ignore CH0911 x\n", "a: 1 #charter:ignore CH0911 x\n", "a: 1 #\tcharter:ignore: CH0911 x\r\n",
        ]) func `a comment beside a text is one`(text: String) {
            #expect(directives(text).map { $0.codes.map(\.text) } == [["CH0911"]])
        }

    @Test func `only the warnings of its line and codes are silenced, wherever they are found`() {
        let key = { (secrets: String) in
            SourceFile(
                "orgs/acme/k.yaml",
                "apiVersion: charter/v1\nkind: APIKey\nmetadata: { name: k }\nspec:\n  owner: sam\n  scopes: []\n  secrets: []\(secrets)\n")
        }
        let rest = SourceFile(
            "orgs/acme/org.yaml",
            """
            apiVersion: charter/v1
            kind: Organization
            metadata: { name: acme }
            ---
            apiVersion: charter/v1
            kind: Member
            metadata: { name: sam }
            spec: { email: sam@acme.example, roles: [admin] }
            """)
        #expect(Specification.load([key(""), rest]).codes == [.keyWithoutScopes, .keyWithoutSecrets])
        let silenced = Specification.load([key(" # charter:ignore CH0912 CH0922 revoked"), rest])
        #expect(silenced.codes == [.keyWithoutScopes])
        let place = Place(path: "orgs/acme/k.yaml", position: Position(line: 7, column: 3))
        let late = Diagnostic(.keyWithoutModels, at: place, "the key can reach no model")
        #expect(silenced.judged(compiled: [late]).map(\.code) == [.keyWithoutScopes])
        #expect(silenced.judged(compiled: []).map(\.code) == [.keyWithoutScopes, .ignoreUnused])
        #expect(silenced.judged(compiled: nil).map(\.code) == [.keyWithoutScopes])
    }

    @Test func `very many remarks take linear time`() {
        let started = ContinuousClock.now
        #expect(directives(String(repeating: "# charter:ignore CH0911 x\n", count: 30_000) + "a: 1\n").count == 30_000)
        #expect(ContinuousClock.now - started < .seconds(10))
    }

    @Test func `a remark about a field that is not enforced silences that one alone`() {
        let text = { (remark: String) in
            """
            apiVersion: charter/v1
            kind: Budget
            metadata: { name: all }
            spec:
              for: { organization: true }
              hard: 10 USD/month
              soft: 5 USD/week\(remark)
              starts: 2
              suspend: { reason: not yet }

            """
        }
        let unenforced = { (files: [SourceFile]) in
            Specification.load(files).diagnostics.filter { $0.code == .notEnforced }.compactMap(\.place?.position.line)
        }
        #expect(unenforced([SourceFile("orgs/acme/b.yaml", text(""))]) == [7, 9])
        #expect(unenforced([SourceFile("orgs/acme/b.yaml", text(" # charter:ignore CH0901 for the next version"))]) == [9])
    }

    @Test func `what a folder gives is told once, in its own line, however many resources have it`() {
        let defaults = SourceFile(
            "orgs/acme/_defaults.yaml",
            "apiVersion: charter/v1\nkind: APIKey\nspec:\n  cache: false\n  priority: low # charter:ignore CH0901 later\n")
        let keys = ["a", "b", "c"].map { name in
            SourceFile(
                "orgs/acme/\(name).yaml",
                "apiVersion: charter/v1\nkind: APIKey\nmetadata: { name: \(name) }\nspec: { owner: sam, rotateWithin: 30d }\n")
        }
        let found = Specification.load([defaults] + keys).diagnostics.filter { $0.code == .notEnforced }
        #expect(
            found.compactMap(\.place?.description)
                == ["orgs/acme/_defaults.yaml:4:3", "orgs/acme/a.yaml:4:21", "orgs/acme/b.yaml:4:21", "orgs/acme/c.yaml:4:21"])
    }
}
