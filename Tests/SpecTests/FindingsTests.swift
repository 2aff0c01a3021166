import Testing

@testable import Spec

/// How many findings of one file are listed, and that the others are counted.
struct FindingsTests {
    private static let max = ReadingLimits.findingsListedMax

    private static func file(_ spec: String, path: String = "orgs/acme/p.yaml", kind: String = "Project") -> SourceFile {
        SourceFile(path: path, bytes: Array("apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: p }\nspec:\n\(spec)".utf8))
    }

    private static let acme = SourceFile(
        path: "orgs/acme/org.yaml", bytes: Array("apiVersion: charter/v1\nkind: Organization\nmetadata: { name: acme }\nspec: {}\n".utf8))

    private static func errors(_ files: SourceFile...) -> [Diagnostic] {
        Specification.load([acme] + files).diagnostics.filter { $0.severity == .error }
    }

    @Test func `as many as are listed are all listed`() {
        let found = Self.errors(Self.file((1...Self.max).map { "  unknown\($0): x\n" }.joined()))
        #expect(found.count == Self.max && found.allSatisfy { $0.code == .fieldUnknown })
    }

    @Test(arguments: [1, 2, 9000])
    func `of more the first are listed, and one at the end of the file counts the others`(more: Int) throws {
        let found = Self.errors(Self.file((1...Self.max + more).map { "  unknown\($0): x\n" }.joined()))
        #expect(found.count == Self.max + 1)
        #expect(found.count(of: .error) == Self.max + more)
        #expect(Rendering.tally(found) == "\(Self.max + more) errors, 0 warnings")
        let last = try #require(found.last)
        #expect(last.code == .errorsNotListed && last.unlisted == [.fieldUnknown: more])
        #expect(last.place?.position.line == 4 + Self.max + 1)
        #expect(last.message == (more == 1 ? "1 more error in this file is not listed" : "\(more) more errors in this file are not listed"))
    }

    @Test func `all stages of one file are counted together, and every other file by itself`() throws {
        let documents = (1...Self.max).map { n in
            "apiVersion: charter/v1\nkind: APIKey\nmetadata: { name: k\(n) }\nspec: { owner: nobody, wrong\(n): 1 }\n---\n"
        }
        let many = SourceFile(path: "orgs/acme/many.yaml", bytes: Array(documents.joined().utf8))
        let found = Self.errors(many, Self.file("  unknown: x\n"))
        let own = found.filter { $0.place?.path == many.path }
        #expect(own.count == Self.max + 1)
        // A field that is unknown, an owner who is not there, and nothing of the scopes that are missing, which is a warning.
        #expect(own.count(of: .error) == 2 * Self.max)
        #expect(found.filter { $0.place?.path == "orgs/acme/p.yaml" }.map(\.code) == [.fieldUnknown])
    }

    @Test func `a mistake in defaults counts once, however many inherit it`() throws {
        let defaults = SourceFile(
            path: "orgs/acme/_defaults.yaml",
            bytes: Array(("apiVersion: charter/v1\nkind: Project\nspec:\n" + (1...Self.max + 50).map { "  unknown\($0): x\n" }.joined()).utf8))
        let heirs = (1...3).map { Self.file("  displayName: P\n", path: "orgs/acme/p\($0).yaml") }
        let found = Specification.load([Self.acme, defaults] + heirs).diagnostics.filter { $0.place?.path == defaults.path && $0.code != .resourceRepeated }
        #expect(found.count(of: .error) == Self.max + 50)
    }

    @Test func `what may be missing below defaults that cannot be read takes no place in the list, and is not counted`() {
        let broken = SourceFile("orgs/acme/_defaults.yaml", "apiVersion: charter/v1\nkind: RoutingPolicy\nspec: { wrong: 1 }\n")
        let targets = Array(repeating: "{ weight: 1 }", count: Self.max + 50).joined(separator: ", ")
        let route = SourceFile(
            "orgs/acme/r.yaml",
            "apiVersion: charter/v1\nkind: RoutingPolicy\nmetadata: { name: r }\nspec:\n  targets: [\(targets)]\n  unknown: x\n")
        #expect(Self.errors(route).count(of: .error) > Self.max)
        #expect(Self.errors(broken, route).filter { $0.place?.path == route.path }.map(\.code) == [.fieldUnknown])
    }

    @Test func `two warnings at one place are two, however many others there are`() {
        let place = Place(path: "orgs/acme/_defaults.yaml", position: Position(line: 1, column: 1))
        let two = [Diagnostic(.ignoreUnused, at: place, "one"), Diagnostic(.ignoreUnused, at: place, "another")]
        let others = (1...Self.max * 2).map { Diagnostic(.fieldUnknown, at: Place(path: "a.yaml", position: Position(line: $0, column: 1)), "unknown") }
        #expect(two.listed().count == 2)
        #expect((two + others).listed().filter { $0.code == .ignoreUnused }.count == 2)
    }

    /// What is said of keys without a secret, of which remarks silence the first.
    private static func ofKeys(_ count: Int, silenced: Int = 0) -> [Diagnostic] {
        func document(_ kind: String, _ name: String, _ spec: String) -> String {
            "apiVersion: charter/v1\nkind: \(kind)\nmetadata: { name: \(name) }\nspec: \(spec)\n---\n"
        }
        let people = document("Member", "ada", "{ email: a@example.com, roles: [admin] }") + document("Scope", "chat", "{ endpoints: [chat.completions] }")
        let keys = (1...count).map {
            document("APIKey", "k\($0)", "{ owner: ada, scopes: [chat] }\($0 <= silenced ? " # charter:ignore CH0912 planned" : "")")
        }
        return Specification.load([
            acme, SourceFile("orgs/acme/people.yaml", people), SourceFile("orgs/acme/k.yaml", keys.joined()),
        ]).diagnostics.filter { $0.place?.path == "orgs/acme/k.yaml" && [.keyWithoutSecrets, .warningsNotListed].contains($0.code) }
    }

    @Test func `warnings that remarks silence take no place in the list`() {
        #expect(Self.ofKeys(Self.max + 30, silenced: 30).map(\.code) == Array(repeating: .keyWithoutSecrets, count: Self.max))
    }

    @Test func `more warnings than are listed are counted, and cannot be silenced as one`() {
        let found = Self.ofKeys(Self.max + 5)
        #expect(found.count == Self.max + 1 && found.last?.code == .warningsNotListed, "\(found.map(\.code))")
        #expect(found.count(of: .warning) == Self.max + 5)
        #expect(!DiagnosticCode.warningsNotListed.canBeSilenced)
    }

    @Test func `no line is shown of a file with secrets that are not listed`() throws {
        var findings = Findings()
        let lines = (1...Self.max + 1).map { "key: sk-\($0)-hidden" }
        for number in 1...Self.max + 1 {
            var one = Diagnostic(.secretInPlace, at: Place(path: "a.yaml", position: Position(line: number, column: 6)), length: 14, "a secret")
            one.isOfSecret = true
            findings.add(one)
        }
        findings.add(Diagnostic(.fieldUnknown, at: Place(path: "a.yaml", position: Position(line: Self.max + 1, column: 1)), "unknown"))
        let source = SourceLines([SourceFile(path: "a.yaml", bytes: Array(lines.joined(separator: "\n").utf8))])
        let shown = source.attach(to: findings.diagnostics.sorted(by: Diagnostic.precedes).listed())
        #expect(shown.allSatisfy { $0.sourceLine == nil })
        let few = source.attach(to: Array(findings.diagnostics.prefix(3)))
        #expect(few.allSatisfy { $0.sourceLine?.contains("hidden") == false })
    }

    @Test func `to list twice changes nothing`() {
        let found = (1...Self.max * 2).map { Diagnostic(.fieldUnknown, at: Place(path: "a.yaml", position: Position(line: $0, column: 1)), "unknown \($0)") }
        let once = found.listed().sorted(by: Diagnostic.precedes)
        let again = once.listed().sorted(by: Diagnostic.precedes)
        #expect(once.map(\.message) == again.map(\.message) && once.map(\.count) == again.map(\.count))
        #expect(once.count(of: .error) == Self.max * 2)
    }
}
