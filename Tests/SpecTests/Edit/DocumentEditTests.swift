import Testing

@testable import Spec

/// Small changes of one document, by what becomes of the whole text.
struct DocumentEditTests {
    private static let head = "apiVersion: charter/v1\nkind: Budget\nmetadata: { name: a }\n"

    /// The text below `head` after one change.
    private func edited(_ spec: String, _ pointer: String, _ change: FieldEdit.Change) throws -> String {
        let file = SourceFile("orgs/acme/a.yaml", Self.head + spec)
        let bytes = try DocumentEdit(.resource(.budget, name: "a"), [FieldEdit(pointer, change)]).applied(to: file)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix(Self.head))
        return String(text.dropFirst(Self.head.count))
    }

    @Test(arguments: [
        ("hard: 250 USD/month  # until May", EditValue.text("400 USD/month"), "hard: 400 USD/month  # until May"),
        ("hard: \"250 USD/month\"", .text("400 USD/month"), "hard: \"400 USD/month\""),
        ("hard: '250 USD'", .text("it's 5"), "hard: 'it''s 5'"),
        ("hard: x", .text("a: b"), "hard: \"a: b\""),
        ("hard: x", .text("5"), "hard: \"5\""),
        ("hard: x", .text("yes"), "hard: \"yes\""),
        ("hard: x", .written("5"), "hard: 5"),
        ("hard: x", .integer(-5), "hard: -5"),
        ("hard: 'x'", .boolean(true), "hard: true"),
        ("hard: x # y", .null, "hard: null # y"),
        ("hard:  # none yet", .text("5 USD"), "hard: 5 USD  # none yet"),
        ("hard: &h x", .text("z"), "hard: &h z"),
        ("hard: [a, b] # y", .text("x"), "hard: x # y"),
        ("hard: x # y", .list([.text("a"), .text("b, c")]), "hard: [a, \"b, c\"] # y"),
        ("hard: x # y", .map([EditValue.Member("a", .integer(1))]), "hard: # y\n    a: 1"),
        ("hard: |\n    a\n    b", .text("c\n\nd\n"), "hard: |\n    c\n\n    d"),
        ("hard: | # y\n    a", .text("c"), "hard: |- # y\n    c"),
        ("hard: >-\n    a", .text("c"), "hard: >-\n    c"),
        ("hard:\n    a: 1 # x\n    b: 2", .text("c"), "hard: c"),
        ("hard:  # y\n    # z\n    - 1", .list([]), "hard: []  # y\n    # z"),
    ]) func `a value takes the place of another`(before: String, value: EditValue, after: String) throws {
        #expect(try edited("spec:\n  \(before)\n", "/spec/hard", .set(value)) == "spec:\n  \(after)\n")
        #expect(try edited("spec:\n  \(before)\n  next: 1\n", "/spec/hard", .set(value)) == "spec:\n  \(after)\n  next: 1\n")
    }

    @Test(arguments: [
        ("spec: { a: 1, hard: x } # y\n", "spec: { a: 1, hard: 400 USD/month } # y\n"),
        ("spec:\n    a: 1\n", "spec:\n    a: 1\n    hard: 400 USD/month\n"),
        ("spec:\n  a: 1 # y\n\n# z\n", "spec:\n  a: 1 # y\n  hard: 400 USD/month\n\n# z\n"),
        ("spec: { a: 1 }\n", "spec: { a: 1, hard: 400 USD/month }\n"),
        ("spec: {}\n", "spec: { hard: 400 USD/month }\n"),
        ("spec:\n", "spec:\n  hard: 400 USD/month\n"),
        ("spec: {\n  a: 1, # y\n}\n", "spec: {\n  a: 1, # y\n  hard: 400 USD/month,\n}\n"),
        ("spec: {\n  a: 1 # y\n}\n", "spec: {\n  a: 1, # y\n  hard: 400 USD/month\n}\n"),
        ("spec:\n  a: 1", "spec:\n  a: 1\n  hard: 400 USD/month"),
        ("spec:\n  a: |\n    text\n\n", "spec:\n  a: |\n    text\n  hard: 400 USD/month\n\n"),
        ("spec:\r\n  a: 1\r\n", "spec:\r\n  a: 1\r\n  hard: 400 USD/month\r\n"),
    ]) func `a field that is not there is written as its siblings are`(before: String, after: String) throws {
        // The head's own breaks are LF, and the first break of a file is the one that counts.
        let head = before.utf8.contains(0x0D) ? Self.head.replacing("\n", with: "\r\n") : Self.head
        let file = SourceFile("orgs/acme/a.yaml", head + before)
        let act = DocumentEdit(.resource(.budget, name: "a"), [FieldEdit("/spec/hard", .set(.text("400 USD/month")))])
        #expect(String(decoding: try act.applied(to: file), as: UTF8.self) == head + after)
    }

    @Test func `mappings on the way to a field are made in the indentation of the document`() throws {
        let spec = "spec:\n    budget:\n        zone: UTC\n    limits:\n    - a\n"
        #expect(
            try edited(spec, "/spec/models/allow/-", .set(.map([EditValue.Member("model", .text("a"))])))
                == spec + "    models:\n        allow:\n        - model: a\n")
    }

    @Test(arguments: [
        ("/spec/l/0", "spec:\n  l: [b] # y\n  m:\n    # first\n    - name: x # X\n      w: 1\n    - name: y\n"),
        ("/spec/l/a", "spec:\n  l: [b] # y\n  m:\n    # first\n    - name: x # X\n      w: 1\n    - name: y\n"),
        ("/spec/m/x", "spec:\n  l: [a, b] # y\n  m:\n    # first\n    - name: y\n"),
        ("/spec/m/name=y", "spec:\n  l: [a, b] # y\n  m:\n    # first\n    - name: x # X\n      w: 1\n"),
        ("/spec/m/x/name", "spec:\n  l: [a, b] # y\n  m:\n    # first\n    - w: 1\n    - name: y\n"),
        ("/spec/m/1/name", "spec:\n  l: [a, b] # y\n  m:\n    # first\n    - name: x # X\n      w: 1\n    - {}\n"),
        ("/spec/l", "spec:\n  m:\n    # first\n    - name: x # X\n      w: 1\n    - name: y\n"),
    ]) func `what is removed takes its own lines with it`(pointer: String, after: String) throws {
        let spec = "spec:\n  l: [a, b] # y\n  m:\n    # first\n    - name: x # X\n      w: 1\n    - name: y\n"
        #expect(try edited(spec, pointer, .remove) == after)
    }

    @Test func `a list that is set whole keeps the items that stay, with their comments`() throws {
        let spec = "spec:\n  limits:\n    - a # one\n    - b # two\n    - c # three\n"
        let value = EditValue.list([.text("a"), .text("c"), .text("d")])
        #expect(try edited(spec, "/spec/limits", .set(value)) == "spec:\n  limits:\n    - a # one\n    - c # three\n    - d\n")
    }

    @Test func `items of a list are known by their names when it is set whole`() throws {
        let spec = "spec:\n  targets:\n    - { model: a, weight: 1 } # A\n    - { model: b, weight: 2 } # B\n"
        let item = { (model: String, weight: Int64) in
            EditValue.map([EditValue.Member("model", .text(model)), EditValue.Member("weight", .integer(weight))])
        }
        #expect(
            try edited(spec, "/spec/targets", .set(.list([item("c", 3), item("b", 5)])))
                == "spec:\n  targets:\n    - { model: c, weight: 3 } # A\n    - { model: b, weight: 5 } # B\n")
        #expect(
            try edited(spec, "/spec/targets", .set(.list([item("b", 2), item("c", 3)])))
                == "spec:\n  targets:\n    - { model: b, weight: 2 } # B\n    - { model: c, weight: 3 }\n")
    }

    @Test func `a mapping that is set whole changes the fields that differ`() throws {
        let spec = "spec:\n  budget: # of all\n    hard: 1 USD # h\n    # z\n    zone: UTC # u\n"
        let value = EditValue.map([EditValue.Member("zone", .text("UTC")), EditValue.Member("at", .integer(1))])
        #expect(try edited(spec, "/spec/budget", .set(value)) == "spec:\n  budget: # of all\n    # z\n    zone: UTC # u\n    at: 1\n")
    }

    @Test func `several fields are changed one after the other, in the document that is meant`() throws {
        let text = "\u{feff}kind: Budget\nmetadata: {name: b}\nspec: {hard: 1}\n--- # second\nkind: Budget\nmetadata:\n  name: a\nspec: {hard: 1}\n"
        let bytes = try DocumentEdit(
            .resource(.budget, name: "a"),
            [FieldEdit("/spec/hard", .set(.integer(2))), FieldEdit("/metadata/labels/a~1b", .set(.text("x")))]
        ).applied(to: SourceFile("a.yaml", text))
        let after = text.replacing("name: a\nspec: {hard: 1}", with: "name: a\n  labels:\n    a/b: x\nspec: {hard: 2}")
        #expect(bytes == Array(after.utf8))
    }

    @Test func `JSON is read as what it says`() throws {
        let value = try EditValue(json: #"{"a":[1,"2",true,null,1.50],"b":{}}"#)
        #expect(
            value
                == .map([
                    EditValue.Member("a", .list([.integer(1), .text("2"), .boolean(true), .null, .written("1.50")])),
                    EditValue.Member("b", .map([])),
                ]))
    }
}
