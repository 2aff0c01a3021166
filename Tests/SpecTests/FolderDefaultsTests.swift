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
            ("_defaults.yaml", Self.defaults("scopes: [chat], priority: low, budget: { hard: 9 USD/month, zone: Europe/Berlin }, networks: [10.0.0.0/8]")),
            ("orgs/acme/_defaults.yaml", Self.defaults("owner: sam, priority: high, budget: { hard: 5 USD/month }")),
            ("orgs/acme/keys/checkout.yaml", Self.key("networks: [192.168.0.0/16], secrets: []")),
        ])
        #expect(found.canonical.contains(#""budget":{"hard":"5 USD/month","zone":"Europe/Berlin"}"#))
        #expect(found.canonical.contains(#""networks":["192.168.0.0/16"],"owner":"sam","priority":"high""#))
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

    @Test func `what one folder clears may be cleared again below it`() throws {
        let outer = ("orgs/_defaults.yaml", Self.defaults("owner: sam, scopes: [chat], networks: [10.0.0.0/8], budget: { hard: 5 USD/month, zone: Europe/Berlin }"))
        let nearer = ("orgs/acme/_defaults.yaml", Self.defaults("networks: null, budget: { zone: ~ }"))
        let once = try key([outer, nearer, ("orgs/acme/k.yaml", Self.key("secrets: []"))])
        #expect(!once.canonical.contains("networks") && once.canonical.contains(#""budget":{"hard":"5 USD/month"},"owner""#))
        let twice = try key([outer, nearer, ("orgs/acme/k.yaml", Self.key("networks: null, budget: { zone: null }, secrets: []"))])
        #expect(twice.canonical == once.canonical)
        let thrice = try key([outer, nearer, ("orgs/acme/keys/_defaults.yaml", Self.defaults("networks: ~")), ("orgs/acme/keys/k.yaml", Self.key("networks: ~, secrets: []"))])
        #expect(thrice.canonical == once.canonical)
        let given = try key([outer, nearer, ("orgs/acme/k.yaml", Self.key("networks: [10.1.0.0/16], budget: { zone: Europe/Paris }, secrets: []"))])
        #expect(given.canonical.contains(#""networks":["10.1.0.0/16"]"#) && given.canonical.contains("Europe/Paris"))
    }

    @Test func `what an unread file of defaults may give is not said to be missing`() {
        let files = [("orgs/acme/org.yaml", Self.org), ("orgs/acme/keys/k.yaml", Self.key("")), ("orgs/acme/k.yaml", Self.key("").replacing("checkout", with: "other"))]
            .map { SourceFile($0.0, $0.1) }
        #expect(Specification.load(files, unread: ["orgs/acme/_defaults.yml"]).errors.isEmpty)
        let below = Specification.load(files, unread: ["orgs/acme/keys/_defaults.yaml"]).errors
        #expect(!below.isEmpty && below.allSatisfy { $0.place?.path == "orgs/acme/k.yaml" })
        let change = FileChanges(paths: ["orgs/acme/keys/k.yaml"], before: [])
        let unread = ["orgs/acme/_defaults.yaml"]
        #expect(Specification.compose(Selection(of: change, in: files, unread: unread), unread: unread).errors.isEmpty)
        #expect(!Specification.compose(Selection(of: change, in: files)).errors.isEmpty)
    }

    @Test func `an empty file of defaults is told of where the change touches it`() {
        let files = [("_defaults.yaml", "# none\n"), ("orgs/acme/org.yaml", Self.org)].map { SourceFile($0.0, $0.1) }
        func codes(_ path: String) -> [DiagnosticCode] {
            Specification.compose(Selection(of: FileChanges(paths: [path], before: []), in: files)).codes
        }
        #expect(Specification.load(files).codes.contains(.defaultsUnused))
        #expect(codes("_defaults.yaml").contains(.defaultsUnused))
        #expect(!codes("orgs/acme/org.yaml").contains(.defaultsUnused))
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

    // MARK: Dead content

    private static let globex = """
        apiVersion: charter/v1
        kind: Organization
        metadata: { name: globex }
        ---
        apiVersion: charter/v1
        kind: Member
        metadata: { name: bo }
        spec: { email: bo@globex.example, roles: [admin] }

        """

    @Test func `a name in defaults of all organizations must be one of some organization`() {
        let globex = ("orgs/globex/org.yaml", Self.globex)
        let key = ("orgs/acme/k.yaml", Self.key("owner: sam, scopes: [chat], secrets: []"))
        #expect(load([("orgs/_defaults.yaml", Self.defaults("owner: bo")), key, globex]).errors.map(\.message) == [])
        for folder in ["", "orgs/"] {
            let found = load([("\(folder)_defaults.yaml", Self.defaults("owner: mo")), key, globex]).errors
            #expect(found.map(\.message) == ["there is no Member `mo` in any organization"])
        }
        #expect(load([("orgs/_defaults.yaml", Self.defaults("owner: mo")), key]).errors.map(\.message) == ["there is no Member `mo` in acme"])
    }

    @Test func `a name in defaults may be in a file that could not be read`() {
        let key = ("orgs/acme/k.yaml", Self.key("owner: sam, scopes: [chat], secrets: []"))
        let found = load([("orgs/acme/_defaults.yaml", Self.defaults("owner: mo")), key, ("orgs/acme/more.yaml", "kind: [\n")])
        #expect(found.errors.map(\.code) == [.yamlSyntax])
    }

    @Test(arguments: ["", "orgs/"]) func `above the organizations defaults of every kind may stand`(folder: String) {
        let found = load([
            ("\(folder)_defaults.yaml", "apiVersion: charter/v1\nkind: Provider\nspec: { timeouts: { idle: 9s } }\n---\n" + Self.defaults("scopes: [chat]"))
        ])
        #expect(found.errors.isEmpty)
        #expect(found.codes.filter { $0 == .defaultsUnused }.count == 2)
    }

    @Test func `what could not be read may be what defaults are for`() {
        let defaults = ("orgs/acme/_defaults.yaml", Self.defaults("scopes: [chat]"))
        #expect(load([defaults]).codes.contains(.defaultsUnused))
        #expect(load([defaults, ("orgs/acme/k.yaml", "apiVersion: charter/v1\nkind: APIKee\nmetadata: { name: k }\n")]).codes == [.kindUnknown])
        #expect(load([defaults, ("orgs/acme/deep/er/k.yaml", Self.key("owner: sam, secrets: []"))]).codes == [.keyWithoutSecrets])
    }

    @Test(arguments: [
        "_Defaults.yaml", "_default.yaml", "_DEFAULTS.yml", "_defualts.yaml", "__defaults.yaml", "_defaults2.yaml", "_defaults.prod.yaml",
        "_default-keys.yml", "_d\u{435}faults.yaml", "_defaults .yaml",
    ]) func `a name like that of defaults is refused, whatever is inside`(name: String) {
        let named = Self.key("owner: sam, scopes: [chat], secrets: []")
        for text in [Self.defaults("owner: sam, scopes: [chat]"), named, "", "# later\n", "a: [\n"] {
            let found = load([("orgs/acme/keys/\(name)", text), ("orgs/acme/keys/k.yaml", Self.key("secrets: []"))])
            #expect(found.errors.first?.code == .defaultsMisspelt)
            #expect(found.codes.allSatisfy { [.defaultsMisspelt, .yamlSyntax].contains($0) }, "\(name): \(found.codes)")
        }
    }

    @Test(arguments: ["defaults.yaml", "default.yaml", "Defaults.yml", "-defaults.yaml"])
    func `a file of resources may be called defaults, if they have names`(name: String) {
        let named = load([("orgs/acme/\(name)", Self.key("owner: sam, scopes: [chat], secrets: []"))])
        #expect(named.errors.isEmpty)
        let nameless = load([("orgs/acme/\(name)", Self.defaults("owner: sam")), ("orgs/acme/k.yaml", Self.key("secrets: []"))])
        #expect(nameless.codes == [.defaultsMisspelt])
    }

    @Test(arguments: ["default-route.yaml", "faults.yaml", "_shared.yaml", "defaulting.yaml", "_d.yaml", "_.yaml", "results.yaml"])
    func `other names are those of resources`(name: String) {
        #expect(load([("orgs/acme/\(name)", Self.key("owner: sam, scopes: [chat], secrets: []"))]).errors.isEmpty)
    }

    // MARK: Suspension

    private static let member = "apiVersion: charter/v1\nkind: Member\nmetadata: { name: kim }\n"

    @Test func `a folder suspends what is below it, and a resource takes itself out`() throws {
        let suspended = ("orgs/acme/keys/_defaults.yaml", Self.defaults("owner: sam, scopes: [chat], suspend: { until: 2027-01-01, reason: moving }"))
        let found = try key([suspended, ("orgs/acme/keys/k.yaml", Self.key("secrets: []"))])
        #expect(found.suspension?.reason == "moving" && found.suspension?.until != nil)
        #expect(found.spans["/spec/suspend"]?.path == "orgs/acme/keys/_defaults.yaml")
        #expect(try #require(found.yaml(isEffective: true)).contains("  suspend:  # orgs/acme/keys/_defaults.yaml:3\n    reason: moving\n"))
        #expect(try !#require(found.yaml(isEffective: false)).contains("suspend"))

        let out = try key([suspended, ("orgs/acme/keys/k.yaml", Self.key("suspend: null, secrets: []"))])
        #expect(out.suspension == nil && !out.canonical.contains("suspend"))
        let cut = try key([suspended, ("orgs/acme/keys/k.yaml", Self.key("suspend: { until: null, reason: for good }, secrets: []"))])
        #expect(cut.suspension?.reason == "for good" && cut.suspension?.until == nil)
    }

    @Test func `a nearer folder clears a suspension for all below it`() throws {
        let found = try key([
            ("orgs/acme/_defaults.yaml", Self.defaults("owner: sam, scopes: [chat], suspend: { reason: moving }")),
            ("orgs/acme/keys/_defaults.yaml", Self.defaults("suspend: null")),
            ("orgs/acme/keys/k.yaml", Self.key("secrets: []")),
        ])
        #expect(found.suspension == nil)
        let alone = load([("orgs/acme/keys/_defaults.yaml", Self.defaults("suspend: null")), ("orgs/acme/keys/k.yaml", Self.key("owner: sam, scopes: [chat], secrets: []"))])
        #expect(alone.errors.map(\.code) == [.valueMissing])
    }

    @Test(arguments: Kind.allCases.filter { $0 != .repository }) func `every kind takes labels, annotations and a suspension from its folder`(kind: Kind) throws {
        let path = kind.mayBelongToOrganization ? "orgs/acme/x" : "x"
        let chain = FolderDefaults([
            SourceFile(
                "\(path)/_defaults.yaml",
                "apiVersion: charter/v1\nkind: \(kind.rawValue)\nmetadata: { labels: { tier: prod }, annotations: { runbook: https://x.example } }\nspec: { suspend: { reason: moving } }\n")
        ])
        #expect(chain.diagnostics(of: "\(path)/_defaults.yaml").allSatisfy { $0.code == .notEnforced })
        let node = try #require(YAMLReader(path: "", bytes: Array("apiVersion: charter/v1\nkind: \(kind.rawValue)\nmetadata: { name: acme }\n".utf8)).documents.first)
        let reading = Reading(path: "\(path)/a.yaml", document: node.extent, sources: chain.paths)
        let envelope = Envelope(document: node, under: chain.chain(for: "\(path)/a.yaml"), reading)
        #expect(envelope.metadata.labels == ["tier": "prod"] && envelope.metadata.annotations == ["runbook": "https://x.example"])
        #expect(envelope.suspension?.reason == "moving" || envelope.body == nil)
        #expect(!reading.diagnostics.contains { $0.code == .fieldUnknown })
    }

    // MARK: Remarks

    @Test func `a remark in defaults silences what is told of it there, for all who inherit`() {
        let keys = (1...3).map { number in
            ("orgs/acme/keys/\(number).yaml", Self.key("").replacing("checkout", with: "k\(number)"))
        }
        let text = "apiVersion: charter/v1\nkind: APIKey\nspec:\n  owner: sam\n  scopes: [chat]\n  secrets: []"
        #expect(load([("orgs/acme/keys/_defaults.yaml", text + "\n")] + keys).codes == [.keyWithoutSecrets])
        let silenced = load([("orgs/acme/keys/_defaults.yaml", text + " # charter:ignore CH0912 not minted yet\n")] + keys)
        #expect(silenced.judged(compiled: []).map(\.code) == [])
        let idle = load([("orgs/acme/keys/_defaults.yaml", text.replacing("[chat]", with: "[chat] # charter:ignore CH0911 none") + "\n")] + keys)
        #expect(Set(idle.judged(compiled: []).map(\.code)) == [.keyWithoutSecrets, .ignoreUnused])
    }

    @Test func `what the compiled policy says of defaults is told once, however many inherit it`() {
        let place = Place(path: "orgs/acme/_defaults.yaml", position: Position(line: 3, column: 29))
        let found = Diagnostic(.keyWithoutModels, at: place, "the key can reach no model")
        let elsewhere = Diagnostic(.keyWithoutModels, at: Place(path: "orgs/acme/k.yaml", position: place.position), found.message)
        let judged = load([]).judged(compiled: [found, found, elsewhere])
        #expect(judged.filter { $0.code == .keyWithoutModels }.compactMap { $0.place?.path } == [place.path, "orgs/acme/k.yaml"])
    }

    @Test(arguments: ["spec: null", "spec: [a]", "spec: text", "metadata: x"]) func `defaults that are wrong are not said to give nothing`(text: String) {
        let found = load([("orgs/acme/_defaults.yaml", "apiVersion: charter/v1\nkind: APIKey\n\(text)\n"), ("orgs/acme/k.yaml", Self.key("owner: sam, scopes: [chat], secrets: []"))])
        #expect(found.errors.count == 1 && !found.codes.contains(.defaultsUnused))
    }

    @Test func `a remark at a resource does not reach what its folder says`() {
        let found = load([
            ("orgs/acme/_defaults.yaml", Self.defaults("owner: sam, scopes: [chat], secrets: []")),
            ("orgs/acme/k.yaml", "# charter:ignore CH0912 mine\n" + Self.key("")),
        ])
        #expect(Set(found.judged(compiled: []).map(\.code)) == [.keyWithoutSecrets, .ignoreUnused])
    }
}
