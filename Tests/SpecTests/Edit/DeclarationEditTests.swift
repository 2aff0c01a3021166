import Testing

@testable import Spec

/// A document that is brought to say what another canonical text says.
@Suite struct DeclarationEditTests {
    private static let path = "orgs/acme/budgets/a.yaml"
    private static let key = ResourceKey(org: "acme", kind: .budget, name: "a")
    private static let file = SourceFile(
        path,
        """
        # What the team may spend.
        apiVersion: charter/v1
        kind: Budget
        metadata:
          name: a
          labels: { tier: gold, "a/b": x }  # for reports
        spec:
          for: { organization: true }
          # agreed in spring
          hard: 100 USD/month   # with finance
          zone: Europe/Berlin

        """)

    private func canonical(_ file: SourceFile, _ folders: [SourceFile] = []) throws -> String {
        try #require(Specification.load([file] + folders).resources[Self.key]).canonical
    }

    /// The text after the edit, which is read again.
    private func edited(_ wanted: String, _ file: SourceFile = file, _ folders: [SourceFile] = []) throws -> String {
        let edit = try DeclarationEdit(of: Self.key, from: canonical(file, folders), to: wanted)
        let bytes = try edit.applied(to: file, under: FolderDefaults(folders))
        #expect(try canonical(SourceFile(path: Self.path, bytes: bytes), folders) == wanted)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `nothing is changed where nothing differs`() throws {
        #expect(try edited(canonical(Self.file)) == String(decoding: Self.file.bytes, as: UTF8.self))
    }

    @Test func `what differs is edited, and the rest stays with its comments`() throws {
        let text = String(decoding: Self.file.bytes, as: UTF8.self)
        let wanted = text.replacing("100 USD", with: "400 USD").replacing("  zone: Europe/Berlin\n", with: "")
            .replacing(", \"a/b\": x", with: ", c~d: z")
        #expect(try edited(canonical(SourceFile(Self.path, wanted))) == wanted)
    }

    @Test func `a mapping that goes goes as a whole`() throws {
        let text = String(decoding: Self.file.bytes, as: UTF8.self)
        let wanted = text.replacing("  labels: { tier: gold, \"a/b\": x }  # for reports\n", with: "")
        #expect(try edited(canonical(SourceFile(Self.path, wanted))) == wanted)
    }

    @Test func `what a folder gives is overridden in the document`() throws {
        let folder = SourceFile(
            "orgs/acme/_defaults.yaml",
            "apiVersion: charter/v1\nkind: Budget\nmetadata: { labels: { from: folder } }\nspec: { soft: 5 USD/month }\n")
        let without = try canonical(Self.file)
        let text = try edited(without, Self.file, [folder])
        #expect(text.contains("soft: null") && text.contains("from: null"))
        #expect(text.contains("hard: 100 USD/month   # with finance"))
    }

    @Test func `a short form gives way to the whole field`() throws {
        let short = SourceFile(Self.path, String(decoding: Self.file.bytes, as: UTF8.self).replacing("{ organization: true }", with: "&all { organization: true }"))
        let present = #"{"spec":{"for":{"organization":true},"hard":"100 USD/month"}}"#
        let wanted = #"{"spec":{"for":{"project":"lab"},"hard":{"inner":"x"}}}"#
        let edit = try DeclarationEdit(of: Self.key, from: present, to: wanted)
        #expect(edit.fields(depth: .max).map(\.pointer) == ["/spec/for/organization", "/spec/for/project", "/spec/hard"])
        #expect(edit.fields(depth: 1).map(\.pointer) == ["/spec/for", "/spec/hard"])
        #expect(String(decoding: try edit.applied(to: short, under: FolderDefaults()), as: UTF8.self).contains("project: lab"))
    }
}
