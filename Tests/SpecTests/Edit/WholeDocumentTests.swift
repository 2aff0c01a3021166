import Testing

@testable import Spec

/// Documents that come and go as a whole.
struct WholeDocumentTests {
    private func document(_ name: String) -> String { "kind: Budget\nmetadata: { name: \(name) }\n" }

    private func added(_ text: String, to file: String) throws -> String {
        String(decoding: try DocumentAddition(Array(text.utf8)).applied(to: SourceFile("a.yaml", file)), as: UTF8.self)
    }

    private func removed(_ name: String, from file: String) throws -> String? {
        try DocumentRemoval(.resource(.budget, name: name)).applied(to: SourceFile("a.yaml", file))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Addition

    @Test func `a document is added behind the others`() throws {
        let (a, b) = (document("a"), document("b"))
        #expect(try added(b, to: a) == a + "---\n" + b)
        #expect(try added(b, to: String(a.dropLast())) == a + "---\n" + b)
        #expect(try added("--- # here\n" + b, to: a) == a + "--- # here\n" + b)
        #expect(try added("# of b\n" + String(b.dropLast()), to: a) == a + "---\n# of b\n" + b)
        #expect(try added(b, to: "") == b)
        #expect(try added(b, to: "# only a remark\n") == "# only a remark\n" + b)
        #expect(try added(a + "---\n" + b, to: document("c")) == document("c") + "---\n" + a + "---\n" + b)
    }

    @Test func `what is added has the line breaks of the file`() throws {
        let file = document("a").replacing("\n", with: "\r\n")
        #expect(try added(document("b"), to: file) == file + "---\r\n" + document("b").replacing("\n", with: "\r\n"))
    }

    @Test(arguments: [
        ("kind: Budget\nmetadata: { name: a }\n", EditRefusal.Reason.documentRepeated), ("# nothing\n", .documentInvalid),
        ("metadata: { name: a }\n", .documentInvalid), ("a: [", .documentInvalid), ("- kind: Budget\n", .documentInvalid),
        ("kind: Budget\nmetadata: { name: c }\n---\nkind: Budget\nmetadata: { name: c }\n", .documentRepeated),
    ]) func `what is no document, or is there, is not added`(text: String, reason: EditRefusal.Reason) throws {
        let refusal = #expect(throws: EditRefusal.self) { try added(text, to: document("a")) }
        #expect(refusal?.reason == reason)
    }

    @Test func `a text that a line behind it would change is left alone`() throws {
        let refusal = #expect(throws: EditRefusal.self) { try added(document("b"), to: document("a") + "spec:\n  d: |\n    x") }
        #expect(refusal?.reason == .unproven)
    }

    // MARK: Removal

    @Test func `a document is removed with its line and its comments`() throws {
        let (a, b, c) = (document("a"), "# of b\n" + document("b") + "# behind b\n", document("c"))
        let file = a + "---\n" + b + "---  # c\n" + c
        #expect(try removed("b", from: file) == a + "---  # c\n" + c)
        #expect(try removed("c", from: file) == a + "---\n" + b)
        #expect(try removed("a", from: file) == b + "---  # c\n" + c)
        #expect(try removed("a", from: "# of the file\n\n# of a\n" + file) == "# of the file\n\n" + b + "---  # c\n" + c)
        #expect(try removed("a", from: "---\n" + a + "---\n" + b) == "---\n" + b)
    }

    @Test func `a file whose last document goes is to be removed`() throws {
        #expect(try removed("a", from: "# remark\n" + document("a")) == nil)
        #expect(try removed("a", from: "---\n" + document("a") + "---\n") == nil)
    }

    @Test func `what comes and goes leaves the file as it was`() throws {
        for file in try FixtureRepository.files(in: ExampleTests.root) where !file.bytes.isEmpty {
            var edited = file
            edited.bytes = try DocumentAddition(Array("# mine\n\(document("added"))spec: {}\n".utf8)).applied(to: file)
            #expect(try DocumentRemoval(.resource(.budget, name: "added")).applied(to: edited) == file.bytes, "\(file.path)")
        }
    }
}
