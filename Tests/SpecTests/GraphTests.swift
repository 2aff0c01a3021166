import Testing

@testable import Spec

@Suite struct GraphTests {
    @Test func `the order of files changes nothing`() throws {
        let files = try FixtureRepository.files("valid")
        let forward = Specification.load(files)
        let backward = Specification.load(files.reversed())
        #expect(forward.diagnostics.map { Rendering.text($0) } == backward.diagnostics.map { Rendering.text($0) })
        #expect(forward.resources.mapValues(\.canonical) == backward.resources.mapValues(\.canonical))
    }

    @Test func `many files are read on several threads with the same outcome`() throws {
        let files = (0..<200).map { index in
            SourceFile(
                "orgs/o\(index)/org.yaml",
                "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: o\(index) }\nspec: { plan: none }\n")
        }
        let declarations = Specification.load(files)
        #expect(declarations.resources.count == 200)
        #expect(declarations.codes == Array(repeating: .referenceDangling, count: 200))
        #expect(declarations.diagnostics.compactMap(\.place?.path) == files.map(\.path).sorted())
    }

    @Test func `hidden files and what is not YAML are not read`() {
        let broken = "{"
        let files = [".github/a.yaml", "orgs/.x/a.yaml", "README.md", "a.json", ".a.yml"].map { SourceFile($0, broken) }
        #expect(Specification.load(files).diagnostics.isEmpty)
        #expect(Specification.load([SourceFile("a.yml", broken)]).hasErrors)
    }

    @Test func `a file that cannot be read hides dangling references to what it may declare`() throws {
        let key =
            "apiVersion: charter/v1\nkind: APIKey\nmetadata: { name: k }\nspec: { owner: sam, scopes: [chat], secrets: [] }\n"
        let org = "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: acme }\n"
        let files = [SourceFile("orgs/acme/k.yaml", key), SourceFile("orgs/acme/org.yaml", org)]
        let whole = Specification.load(files)
        #expect(whole.errors.map(\.message) == ["there is no Member `sam` in acme", "there is no Scope `chat`"])
        let brokenOrg = Specification.load(files + [SourceFile("orgs/acme/members.yaml", "kind: [")])
        #expect(brokenOrg.errors.map(\.code) == [.yamlSyntax])
        let brokenElsewhere = Specification.load(files + [SourceFile("orgs/other/members.yaml", "kind: [")])
        #expect(brokenElsewhere.errors.map(\.code) == [.referenceDangling, .referenceDangling, .yamlSyntax])
    }

    @Test func `an organization's own role, scope and route come before the platform's`() throws {
        let shadow = """
            apiVersion: charter/v1
            kind: RoutingPolicy
            metadata: { name: assistant }
            spec: { targets: [{ model: openai/o3-pro }] }
            ---
            apiVersion: charter/v1
            kind: Scope
            metadata: { name: chat }
            spec: { endpoints: [chat.completions] }
            """
        let files = try FixtureRepository.files("valid") + [SourceFile("orgs/acme/shadow.yaml", shadow)]
        let declarations = Specification.load(files)
        #expect(declarations.errors.isEmpty)
        #expect(declarations.resources.keys.count { $0.kind == .routingPolicy && $0.name == "assistant" } == 2)
    }

    @Test func `without charter.yaml the standard rules hold`() throws {
        let files = try FixtureRepository.files("valid")
        #expect(Specification.load(files).repository.drift == .correct)
        #expect(Specification.load(files.filter { $0.path != "charter.yaml" }).repository == .standard)
    }

    @Test func `a flood of dangling references is counted in full, with few suggestions`() {
        let members = (0..<600).map { index in
            "apiVersion: charter/v1\nkind: Member\nmetadata: { name: m\(index) }\nspec: { email: m\(index)@b, roles: [admn] }\n"
        }
        let org = "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: a }\n"
        let declarations = Specification.load([
            SourceFile("orgs/a/m.yaml", members.joined(separator: "---\n")), SourceFile("orgs/a/org.yaml", org),
        ])
        #expect(declarations.errors.count(of: .error) == 600)
        #expect(declarations.errors.count { $0.hint == "did you mean `admin`?" } == 200)
    }
}
