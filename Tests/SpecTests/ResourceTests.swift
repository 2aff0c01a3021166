import Testing

@testable import Spec

@Suite struct ResourceTests {
    private func project(_ spec: String, metadata: String = "name: a") throws -> Resource {
        let file = SourceFile(
            "orgs/acme/a.yaml", "apiVersion: charter/v1\nkind: Project\nmetadata: { \(metadata) }\nspec:\n\(spec)\n")
        let parsed = ParsedFile(file)
        #expect(parsed.diagnostics.map { Rendering.text($0) } == [])
        return try #require(parsed.documents.first?.resource)
    }

    @Test func `resources that mean the same have the same canonical text`() throws {
        let plain = try project("  limits: [60 requests/min, 20 concurrent]\n  models: { deny: [b/x, a/*] }")
        let other = try project(
            "  models:\n    allow: []\n    deny: ['a/*', \"b/x\"] # remark\n  limits:\n  - 20 concurrent\n  - 60 request / minute"
        )
        #expect(plain.canonical == other.canonical)
        #expect(plain.body == other.body)
        let expected = #"{"spec":{"limits":["20 concurrent","60 requests/min"],"models":{"deny":["a/*","b/x"]}}}"#
        #expect(plain.canonical == expected)
    }

    @Test func `pointers are those of the canonical form, whatever the order in the file`() throws {
        let resource = try project(
            "  limits:\n  - 60 requests/min\n  - 20 concurrent", metadata: "labels: { tier: prod }, name: a")
        #expect(resource.spans["/spec/limits/0"]?.position == Position(line: 7, column: 5))
        #expect(resource.spans["/spec/limits/1"]?.position == Position(line: 6, column: 5))
        #expect(resource.spans["/labels/tier"]?.position == Position(line: 3, column: 29))
        #expect(resource.spans["/metadata/name"]?.position == Position(line: 3, column: 43))
        #expect(resource.place == Place(path: "orgs/acme/a.yaml", position: Position(line: 1, column: 1)))
    }

    @Test func `every field of the canonical form has a place`() throws {
        for resource in try FixtureRepository.load("valid").resources.values {
            let node = try JSONReader.parse(resource.canonical)
            for pointer in Self.pointers(in: node, at: "") where !pointer.isEmpty {
                #expect(resource.spans[pointer] != nil || pointer == "/spec", "\(resource.key) \(pointer)")
            }
        }
    }

    private static func pointers(in node: Node, at pointer: String) -> [String] {
        switch node.content {
        case .scalar, .broken: [pointer]
        case .sequence(let items):
            [pointer] + items.enumerated().flatMap { pointers(in: $1, at: "\(pointer)/\($0)") }
        case .mapping(let entries):
            [pointer] + entries.flatMap { pointers(in: $0.value, at: "\(pointer)/\(JSONPointer.escaped($0.key))") }
        }
    }

    @Test func `a price list of one without a date is the plain mapping, with its places`() throws {
        let resources = try FixtureRepository.load("valid").resources
        let catalog = try #require(resources[ResourceKey(org: nil, kind: .modelCatalog, name: "vllm")])
        #expect(catalog.canonical.contains(#""prices":{"input":"0.05 USD/M"}"#))
        #expect(catalog.spans["/spec/models/llama-3.1-8b/prices/input"] != nil)
    }

    @Test(
        arguments: [
            ("{", 1, DiagnosticCode.jsonSyntax), ("[]", 1, .wrongType), ("{\"spec\":{}}", 1, .fieldMissing),
            ("{\"spec\":{\"email\":\"a@b\",\"emial\":1}}", 1, .fieldUnknown),
            ("{\"labels\":[],\"spec\":{\"email\":1.5,\"roles\":\"x\"}}", 3, .wrongType),
            ("{\"name\":\"x\",\"spec\":{\"email\":\"a@b\"}}", 1, .fieldUnknown),
        ] as [(String, Int, DiagnosticCode)])
    func `stored text that is damaged is refused with every reason`(text: String, count: Int, code: DiagnosticCode) {
        let key = ResourceKey(org: "acme", kind: .member, name: "sam")
        let problem = #expect(throws: CanonicalTextProblem.self) { try Resource.decode(key: key, canonical: text) }
        #expect(problem?.diagnostics.count == count)
        #expect(problem?.diagnostics.contains { $0.code == code } ?? false)
    }

    @Test func `kinds without required fields may leave out the spec`() throws {
        let file = SourceFile("orgs/a/o.yaml", "apiVersion: charter/v1\nkind: Organization\nmetadata: { name: a }\n")
        let resource = try #require(ParsedFile(file).documents.first?.resource)
        #expect(resource.canonical == "{\"spec\":{}}")
        #expect(try Resource.decode(key: resource.key, canonical: resource.canonical).canonical == resource.canonical)
    }
}
