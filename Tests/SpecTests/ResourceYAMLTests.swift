import Foundation
import Testing

@testable import Spec

@Suite struct ResourceYAMLTests {
    @Test func `what is written of a resource declares the same resource`() throws {
        let example = FixtureRepository.folder.appending(path: "../../../examples/config-repo")
        for files in [try FixtureRepository.files("valid"), try FixtureRepository.files(in: example)] {
            let resources = Specification.load(files).resources.values
            #expect(resources.count > 10)
            for resource in resources {
                let text = try #require(resource.yaml(isEffective: true))
                let path = try #require(resource.place?.path)
                let again = ParsedFile(SourceFile(path, text)).documents.first?.resource
                #expect(again?.canonical == resource.canonical, "\(text)")
                #expect(again?.key == resource.key)
            }
        }
    }

    @Test(arguments: [
        "", " ", "a", "true", "1", "1e3", "no", "~", "null", "a: b", "a #b", "a\nb", "a\nb\n", "\na", " a\n b", "a\n\nb\n", "a\n \nb",
        "a\n\n", "- a", "[a", "\"", "'", "\\", "\t", "é", "\u{202E}x", "|", ">", "80%", "@a", "`", "a,b", "x\u{1F600}", "a\r\nb", "#", "a:",
    ]) func `any text comes back as it was`(text: String) throws {
        func entry(_ key: String, _ node: Node.Content) -> Node.Entry {
            Node.Entry(key: key, keyExtent: .start, value: Node(content: node, extent: .start))
        }
        let scalar = Node.Content.scalar(Scalar(text: text, isPlain: false))
        let item = Node(content: scalar, extent: .start)
        let nested = Node(content: .mapping([entry("k", scalar), entry("l", scalar)]), extent: .start)
        let written = YAMLText([
            entry("one", scalar), entry("list", .sequence([item, item])), entry("long", .sequence([nested, item])),
            entry("map", .mapping([entry(text.isEmpty ? "empty" : text, scalar)])),
        ]).text
        let reader = YAMLReader(path: "a.yaml", bytes: Array(written.utf8))
        #expect(reader.diagnostics.isEmpty, "\(written)")
        let found = try #require(reader.documents.first).texts
        #expect(found == Array(repeating: text, count: 7), "\(written)")
    }

    @Test func `a field that a folder gives is left out, or shown with its place`() throws {
        let files = [
            SourceFile("orgs/acme/_defaults.yaml", "apiVersion: charter/v1\nkind: Project\nmetadata: { labels: { eu: \"true\" } }\nspec:\n  limits: [5 requests/min]\n  models: { deny: [a/b] }\n"),
            SourceFile("orgs/acme/p.yaml", "apiVersion: charter/v1\nkind: Project\nmetadata: { name: p }\nspec: { displayName: P, models: { deny: [c/d] } }\n"),
        ]
        let project = try #require(Specification.load(files).resources[ResourceKey(org: "acme", kind: .project, name: "p")])
        #expect(project.yaml(isEffective: false) == """
            apiVersion: charter/v1
            kind: Project
            metadata:
              name: p
            spec:
              displayName: P
              models:
                deny: [c/d]

            """)
        #expect(project.yaml(isEffective: true) == """
            apiVersion: charter/v1
            kind: Project
            metadata:
              name: p
              labels:  # orgs/acme/_defaults.yaml:3
                eu: "true"
            spec:
              displayName: P
              limits: [5 requests/min]  # orgs/acme/_defaults.yaml:5
              models:
                deny: [c/d]

            """)
    }
}

extension Node {
    /// Every scalar value, in order.
    fileprivate var texts: [String] {
        switch content {
        case .scalar(let scalar): [scalar.text]
        case .sequence(let items): items.flatMap(\.texts)
        case .mapping(let entries): entries.flatMap(\.value.texts)
        case .broken: []
        }
    }
}
