import Testing

@testable import Spec

struct CatalogTextTests {
    @Test(arguments: [
        "plain", "with space", "llama3:8b", "true", "null", "~", "1.5", "0x10", "1e3", "-", "- a", "a: b", "a #b", "#a",
        "",
        "[x]", "{x}", "a,b", "it's", #"say "hi""#, "tab\tin", "line\nbreak", "@at", "`tick`", "&a", "*a", "!a", "%a",
        "|", ">",
        "?", ":", "a:", " lead", "trail ", "ünïcode", "日本", "a\\b", "2026-01-01", "...", "---", "a\u{2028}b",
        "a\u{7f}b",
    ])
    func `every text is read back as it was, inside braces and outside`(text: String) throws {
        let yaml =
            "block: \(CatalogText.text(text))\nflow: { \(CatalogText.text(text)): [\(CatalogText.text(text))] }\n"
        let reader = YAMLReader(path: "", bytes: Array(yaml.utf8))
        #expect(reader.diagnostics.isEmpty, "\(yaml)")
        let document = try #require(reader.documents.first)
        #expect(document.member("block")?.string ?? document.member("block")?.plainText == text)
        let flow = try #require(document.member("flow")?.members.first)
        #expect(flow.key == text)
        guard case .sequence(let items) = flow.value.content else { return #expect(Bool(false), "\(yaml)") }
        #expect(items.first?.string ?? items.first?.plainText == text)
    }

    @Test func `a long list goes over several lines and is read back whole`() throws {
        let words = (0..<40).map { "supports-thing-\($0)" }
        let flags = words.map { #""supports_\#($0.dropFirst("supports-".count))": true"# }.joined(separator: ", ")
        let scene = try ImportScene.litellm(flags)
        #expect(scene.errors == [])
        #expect(Set(scene.models["acme/m"]?.capabilities ?? []) == Set((0..<40).map { "thing-\($0)" }))
        #expect(scene.table.catalogs[0].text.split(separator: "\n").dropFirst(2).allSatisfy { $0.utf8.count <= 118 })
    }

    @Test func `models are cut into files that stay small, each with a name of its own`() throws {
        let models = (0..<100).map { ImportedModel(provider: "acme", name: "model-\($0)") }
        let origin = ImportOrigin(format: .litellmPrices, fileName: "t.json", date: nil, sha256: "00")
        var taken: Set<String> = ["acme-2"]
        let files = CatalogFiles.files(of: "acme", models, origin, bytesMax: 700, taken: &taken)
        #expect(files.map(\.path).prefix(2) == ["acme.yaml", "acme-3.yaml"])
        #expect(files.allSatisfy { $0.text.utf8.count < 1200 })
        let provider = ProviderStub.file(for: ImportedProvider(name: "acme"), origin)
        let declared = Specification.load(
            (files + [ImportedFile(path: "p/" + provider.path, text: provider.text)]).map {
                SourceFile(path: $0.path, bytes: Array($0.text.utf8))
            })
        #expect(declared.diagnostics.filter { $0.severity == .error }.map { Rendering.text($0) } == [])
        #expect(declared.resources.count == files.count + 1)
    }
}

extension Node {
    fileprivate var plainText: String? {
        if case .scalar(let scalar) = content, scalar.type == .string { scalar.text } else { nil }
    }
}
