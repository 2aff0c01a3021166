import Testing

@testable import Spec

@Suite struct FolderDefaultsTests {
    private static let org = """
        apiVersion: charter/v1
        kind: Organization
        metadata: { name: acme }
        ---
        apiVersion: charter/v1
        kind: Member
        metadata: { name: sam }
        spec: { email: sam@acme.example, roles: [admin] }
        ---
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: chat }
        spec: { endpoints: [chat.completions] }

        """

    private static func key(_ spec: String, labels: String = "") -> String {
        "apiVersion: charter/v1\nkind: APIKey\nmetadata: { name: checkout\(labels) }\nspec: { \(spec) }\n"
    }

    private static func defaults(_ spec: String, metadata: String = "") -> String {
        "apiVersion: charter/v1\nkind: APIKey\n\(metadata)spec: { \(spec) }\n"
    }

    private func load(_ files: [(String, String)]) -> Declarations {
        Specification.load(([("orgs/acme/org.yaml", Self.org)] + files).map { SourceFile($0.0, $0.1) })
    }

    private func key(_ files: [(String, String)]) throws -> Resource {
        let declarations = load(files)
        #expect(declarations.errors.map { Rendering.text($0) } == [])
        return try #require(declarations.resources[ResourceKey(org: "acme", kind: .apiKey, name: "checkout")])
    }

    @Test func `what a folder gives reads as if it were written in the resource`() throws {
        let inherited = try key([
            ("orgs/_defaults.yaml", Self.defaults("scopes: [chat]")),
            ("orgs/acme/keys/_defaults.yml", Self.defaults("owner: sam, limits: [5 requests/min]", metadata: "metadata: { labels: { tier: prod } }\n")),
            ("orgs/acme/keys/checkout.yaml", Self.key("secrets: []")),
        ])
        let written = try key([
            ("orgs/acme/keys/checkout.yaml", Self.key("owner: sam, scopes: [chat], limits: [5 requests/min], secrets: []", labels: ", labels: { tier: prod }")),
        ])
        #expect(inherited.canonical == written.canonical)
        #expect(inherited.body == written.body)
    }

    @Test func `mappings are joined, lists and scalars are replaced, and the nearest wins`() throws {
        let found = try key([
            ("_defaults.yaml", Self.defaults("scopes: [chat], owner: bo, budget: { hard: 9 USD/month, zone: Europe/Berlin }, networks: [10.0.0.0/8]")),
            ("orgs/acme/_defaults.yaml", Self.defaults("owner: sam, budget: { hard: 5 USD/month }")),
            ("orgs/acme/keys/checkout.yaml", Self.key("networks: [192.168.0.0/16], secrets: []")),
        ])
        #expect(found.canonical.contains(#""budget":{"hard":"5 USD/month","zone":"Europe/Berlin"}"#))
        #expect(found.canonical.contains(#""networks":["192.168.0.0/16"],"owner":"sam""#))
    }

    @Test func `null clears what is given farther out, and nothing else`() throws {
        let found = try key([
            ("orgs/acme/_defaults.yaml", Self.defaults("owner: sam, scopes: [chat], budget: { hard: 5 USD/month, zone: Europe/Berlin }, networks: [10.0.0.0/8]")),
            ("orgs/acme/keys/checkout.yaml", Self.key("budget: { zone: null }, networks: ~, secrets: []")),
        ])
        #expect(found.canonical.contains(#""budget":{"hard":"5 USD/month"},"owner""#))
        #expect(!found.canonical.contains("networks"))
        let declarations = load([("orgs/acme/a.yaml", Self.key("owner: sam, scopes: [chat], networks: null, secrets: []"))])
        #expect(declarations.errors.map(\.code) == [.valueMissing])
    }

    @Test func `a folder's defaults hold neither beside it nor for other kinds`() throws {
        let declarations = load([
            ("orgs/acme/keys/_defaults.yaml", Self.defaults("owner: sam")),
            ("orgs/acme/keysets/checkout.yaml", Self.key("scopes: [chat], secrets: []")),
            ("orgs/acme/keys/project.yaml", "apiVersion: charter/v1\nkind: Project\nmetadata: { name: a }\nspec: {}\n"),
        ])
        #expect(declarations.errors.map(\.code) == [.fieldMissing])
        #expect(declarations.resources[ResourceKey(org: "acme", kind: .project, name: "a")]?.canonical == #"{"spec":{}}"#)
    }

    @Test func `an inherited field stands in the file that gives it`() throws {
        let found = try key([
            ("orgs/acme/_defaults.yaml", Self.defaults("owner: sam,\n  scopes: [chat],\n  models: { allow: [] },\n  limits: [5 requests/min]")),
            ("orgs/acme/keys/checkout.yaml", Self.key("secrets: []")),
        ])
        #expect(found.place?.path == "orgs/acme/keys/checkout.yaml")
        #expect(found.spans["/spec/limits/0"] == Place(path: "orgs/acme/_defaults.yaml", position: Position(line: 6, column: 12)))
        #expect(found.spans["/spec/secrets"]?.path == "orgs/acme/keys/checkout.yaml")
        #expect(found.spans.inheritedPaths == ["orgs/acme/_defaults.yaml"])
    }

    @Test func `a mistake in defaults is told once, however many inherit it`() throws {
        let keys = (1...20).map { number in
            ("orgs/acme/\(number).yaml", Self.key("secrets: []").replacing("checkout", with: "k\(number)"))
        }
        let declarations = load([("orgs/acme/_defaults.yaml", Self.defaults("owner: sma, scopes: [chat], limits: [5 apples]"))] + keys)
        #expect(declarations.errors.map(\.code) == [.referenceDangling, .amountInvalid])
    }

    @Test func `what a broken file of defaults may give is not said to be missing`() throws {
        let declarations = load([
            ("orgs/acme/_defaults.yaml", "apiVersion: charter/v1\nkind: [\n"),
            ("orgs/acme/checkout.yaml", Self.key("secrets: []")),
        ])
        #expect(declarations.errors.map(\.code) == [.yamlSyntax])
        #expect(declarations.resources[ResourceKey(org: "acme", kind: .apiKey, name: "checkout")] == nil)
    }
}
