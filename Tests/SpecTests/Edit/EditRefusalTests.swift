import Testing

@testable import Spec

/// What is not edited says why, and where.
struct EditRefusalTests {
    private static let head = "kind: Budget\nmetadata: { name: a }\n"

    private func refusal(
        _ spec: String, _ pointer: String, _ change: FieldEdit.Change = .set(.text("new")), defaults: FolderDefaults = FolderDefaults(),
        _ inheritance: DocumentEdit.Inheritance = .refuse
    ) -> EditRefusal? {
        let act = DocumentEdit(.resource(.budget, name: "a"), [FieldEdit(pointer, change)], inheritance: inheritance)
        do throws(EditRefusal) {
            _ = try act.applied(to: SourceFile("orgs/acme/a.yaml", Self.head + spec), under: defaults)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        ("spec:\n  a: &x 1\n  b: *x\n", "/spec/b", EditRefusal.Reason.valueFromAlias, "orgs/acme/a.yaml:5:6", "orgs/acme/a.yaml:4:9"),
        ("spec:\n  a: &x 1\n  b: *x\n", "/spec/a", .valueRepeated, "orgs/acme/a.yaml:4:9", "orgs/acme/a.yaml:5:6"),
        ("spec:\n  a: &x {c: 1}\n  b: *x\n", "/spec/b/c", .valueFromAlias, "orgs/acme/a.yaml:5:6", "orgs/acme/a.yaml:4:9"),
        ("spec:\n  a: &x {c: 1}\n  b: *x\n", "/spec/a/c", .valueRepeated, "orgs/acme/a.yaml:4:9", "orgs/acme/a.yaml:5:6"),
        ("spec:\n  a: [&x 1]\n  b: *x\n", "/spec/a", .valueRepeated, "orgs/acme/a.yaml:4:10", "orgs/acme/a.yaml:5:6"),
        ("spec:\n  a: >\n    one\n    two\n", "/spec/a", .textFolded, "orgs/acme/a.yaml:4:6", ""),
        ("spec:\n  a: !!int 1\n", "/spec/a", .valueTagged, "orgs/acme/a.yaml:4:12", ""),
        ("spec:\n  a: 1\n", "/spec/a/b", .pointerInvalid, "orgs/acme/a.yaml:4:6", ""),
        ("spec:\n  a: 1\n", "spec", .pointerInvalid, "orgs/acme/a.yaml:1:1", ""),
        ("spec:\n  a: [1, 2]\n", "/spec/a/5", .fieldMissing, "orgs/acme/a.yaml:4:6", ""),
        ("spec:\n  a: 1\n  a: 2\n", "/spec/a", .invalidFile, "orgs/acme/a.yaml:5:3", ""),
        ("spec:\n  <<: {a: 1}\n", "/spec/a", .invalidFile, "orgs/acme/a.yaml:4:3", ""),
        ("spec:\n\ta: 1\n", "/spec/a", .invalidFile, "orgs/acme/a.yaml:4:1", ""),
        ("spec:\n  a: [x: 1]\n", "/spec/a/0/y", .layoutUnsupported, "orgs/acme/a.yaml:4:7", ""),
        ("spec:\n  a: |\n    x", "/spec/b", .layoutUnsupported, "orgs/acme/a.yaml:4:6", ""),
        ("---\nkind: Budget\nmetadata: { name: a }\n", "/spec/b", .documentRepeated, "orgs/acme/a.yaml:4:1", "orgs/acme/a.yaml:1:1"),
    ]) func `a change is refused with its reason and place`(
        spec: String, pointer: String, reason: EditRefusal.Reason, place: String, related: String
    ) throws {
        let refusal = try #require(self.refusal(spec, pointer))
        #expect(refusal.reason == reason, "\(refusal)")
        #expect(refusal.place.description == place)
        #expect((refusal.related?.description ?? "") == related)
    }

    @Test func `a field that is not there is not removed`() throws {
        #expect(refusal("spec: { a: 1 }\n", "/spec/b", .remove)?.reason == .fieldMissing)
        #expect(refusal("spec: { a: [1] }\n", "/spec/a/-", .remove)?.reason == .fieldMissing)
        #expect(refusal("spec: { a: }\n", "/spec/a/b", .remove)?.reason == .fieldMissing)
    }

    @Test func `a document that the file does not have is named`() throws {
        let act = DocumentEdit(.resource(.budget, name: "b"), [FieldEdit("/spec/a", .remove)])
        let refusal = #expect(throws: EditRefusal.self) { try act.applied(to: SourceFile("a.yaml", Self.head)) }
        #expect(refusal?.reason == .documentMissing)
        #expect(refusal?.message == "the file has no document of Budget b")
    }

    // MARK: Folders

    private let defaults = FolderDefaults([
        SourceFile("orgs/acme/_defaults.yaml", "apiVersion: charter/v1\nkind: Budget\nspec:\n  zone: UTC\n  at: { 80%: notify }\n")
    ])

    @Test func `a field that a folder gives is refused with the folder's file`() throws {
        let set = try #require(refusal("spec: { hard: 1 }\n", "/spec/zone", defaults: defaults))
        #expect(set.reason == .suppliedElsewhere)
        #expect(set.related?.description == "orgs/acme/_defaults.yaml:4:9")
        #expect(refusal("spec: { zone: CET }\n", "/spec/zone", .remove, defaults: defaults)?.reason == .suppliedElsewhere)
        #expect(refusal("spec: { hard: 1 }\n", "/spec/hard", defaults: defaults) == nil)
        #expect(refusal("spec: { zone: CET }\n", "/spec/zone", defaults: defaults) == nil)
    }

    @Test func `a mapping that the folder's fields are joined to is refused`() throws {
        let value = EditValue.map([EditValue.Member("95%", .text("notify"))])
        #expect(refusal("spec: { at: { 95%: x } }\n", "/spec/at", .set(value), defaults: defaults)?.reason == .suppliedElsewhere)
        #expect(refusal("spec: { at: { 95%: x } }\n", "/spec/at", .set(value), defaults: defaults, .override) == nil)
    }

    @Test(arguments: [
        ("/spec/zone", FieldEdit.Change.set(.text("CET")), "spec: { hard: 1, zone: CET }\n"),
        ("/spec/zone", .remove, "spec: { hard: 1, zone: null }\n"),
        ("/spec/at", .set(.map([EditValue.Member("95%", .text("notify"))])), "spec: { hard: 1, at: { 95%: notify, 80%: null } }\n"),
    ]) func `it is written over what the folder gives where that is asked for`(
        pointer: String, change: FieldEdit.Change, after: String
    ) throws {
        let act = DocumentEdit(.resource(.budget, name: "a"), [FieldEdit(pointer, change)], inheritance: .override)
        let bytes = try act.applied(to: SourceFile("orgs/acme/a.yaml", Self.head + "spec: { hard: 1 }\n"), under: defaults)
        #expect(String(decoding: bytes, as: UTF8.self) == Self.head + after)
    }

    @Test func `the folder's own file is edited as what it is`() throws {
        let file = SourceFile("orgs/acme/_defaults.yaml", "apiVersion: charter/v1\nkind: Budget\nspec:\n  zone: UTC # all\n")
        let bytes = try DocumentEdit(.defaults(.budget), [FieldEdit("/spec/zone", .set(.text("CET")))]).applied(to: file, under: defaults)
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("spec:\n  zone: CET # all\n"))
    }
}
