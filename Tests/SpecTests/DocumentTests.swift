import Foundation
import Testing

@testable import Spec

/// What the documents say is what the code does. `CHARTER_REWRITE_EXPECTED=1` writes the field tables anew.
@Suite struct DocumentTests {
    static let docs = FixtureRepository.folder.appending(path: "../../../docs").standardizedFileURL

    static func page(_ kind: Kind) -> URL { docs.appending(path: "kinds/\(kind.rawValue.lowercased()).md") }

    @Test(arguments: Kind.allCases) func `the page of a kind lists the fields that are read`(kind: Kind) throws {
        let text = try String(contentsOf: Self.page(kind), encoding: .utf8)
        let start = try #require(text.range(of: "## Fields\n"))
        let end = try #require(text.range(of: "\n## Working with it"))
        let table = "\n" + FieldTable.markdown(kind)
        if ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" {
            let rewritten = text[..<start.upperBound] + table + text[end.lowerBound...]
            try String(rewritten).write(to: Self.page(kind), atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[start.upperBound..<end.lowerBound]) == table)
        }
    }

    /// Texts that pages take from the code: after which line they stand, and what they are.
    static let tables: [(kind: Kind, after: String, text: String)] = [
        (.role, "takes their place:\n", RoleTables.markdown),
        (.workflow, "These are the functions:\n", FunctionTable.markdown),
        (.webhook, "These are the events:\n", EventTable.markdown),
    ]

    @Test(arguments: tables.indices) func `the tables of roles, permissions and events are those of the code`(index: Int) throws {
        let (kind, after, table) = Self.tables[index]
        let text = try String(contentsOf: Self.page(kind), encoding: .utf8)
        let start = try #require(text.range(of: after))
        let end = try #require(text.range(of: "\n## Status"))
        if ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" {
            let rewritten = text[..<start.upperBound] + "\n" + table + text[end.lowerBound...]
            try String(rewritten).write(to: Self.page(kind), atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[start.upperBound..<end.lowerBound]) == "\n" + table)
        }
    }

    @Test(arguments: Kind.allCases) func `the examples of a kind's page have no mistakes`(kind: Kind) throws {
        let blocks = try String(contentsOf: Self.page(kind), encoding: .utf8).components(separatedBy: "```yaml\n")
            .dropFirst()
        #expect(!blocks.isEmpty)
        var files = try Set(Kind.allCases).subtracting([kind]).flatMap { try Self.examples(of: $0) }
        files += try Self.examples(of: kind)
        let declarations = Specification.load(files + [Self.surroundings])
        let paths = Set(try Self.examples(of: kind).map(\.path))
        let own = declarations.errors.filter { $0.place.map { paths.contains($0.path) } ?? true }
        #expect(own.map { Rendering.text($0) } == [])
        #expect(declarations.resources.keys.contains { $0.kind == kind })
    }

    @Test func `the frame that the page of kinds shows has no mistakes`() throws {
        let text = try String(contentsOf: Self.docs.appending(path: "kinds/README.md"), encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
        let file = ParsedFile(SourceFile("orgs/acme/project.yaml", block))
        #expect(file.diagnostics.map { Rendering.text($0) } == [])
        #expect(file.documents.first?.key == ResourceKey(org: "acme", kind: .project, name: "checkout"))
    }

    @Test(arguments: Kind.allCases) func `the page of a kind has its four sections in order`(kind: Kind) throws {
        let text = try String(contentsOf: Self.page(kind), encoding: .utf8)
        #expect(text.hasPrefix("# \(kind.rawValue)\n"))
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(headings == ["## Example", "## Fields", "## Working with it", "## Status"])
    }

    @Test func `the page of kinds names each kind, where it stands and what it is`() throws {
        let text = try String(contentsOf: Self.docs.appending(path: "kinds/README.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| [") }.map(String.init)
        let expected = Kind.allCases.map {
            "| [\($0.rawValue)](\($0.rawValue.lowercased()).md) | \($0.whereabouts) | \($0.about) |"
        }
        #expect(rows.sorted() == expected.sorted())
    }

    @Test(arguments: Kind.allCases) func `the status of a kind ends with the fields that are not enforced`(kind: Kind) throws {
        let text = try String(contentsOf: Self.page(kind), encoding: .utf8)
        let status = try #require(text.range(of: "## Status\n\n"))
        let line = Enforcement.status(of: kind) + "\n"
        guard ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" else {
            #expect(text[status.upperBound...].hasSuffix("\n" + line) || text[status.upperBound...] == line)
            return
        }
        let own = text[status.upperBound...].components(separatedBy: "\n\n").map { $0.trimmingCharacters(in: .newlines) }
            .filter { !$0.isEmpty && !$0.hasPrefix(Enforcement.statusLead) }
        let rewritten = text[..<status.upperBound] + (own + [line]).joined(separator: "\n\n")
        try String(rewritten).write(to: Self.page(kind), atomically: true, encoding: .utf8)
    }

    @Test func `codes below CH1000 are the warnings`() {
        #expect(DiagnosticCode.allCases.allSatisfy { ($0.severity == .warning) == ($0.rawValue < "CH1000") })
    }

    /// One file for each block; its first line is a remark with the path, numbered where blocks share one.
    static func examples(of kind: Kind) throws -> [SourceFile] {
        let blocks = try String(contentsOf: page(kind), encoding: .utf8).components(separatedBy: "```yaml\n")
            .dropFirst()
        return try blocks.enumerated().map { index, block in
            let text = try #require(block.components(separatedBy: "```").first)
            let path = String(try #require(text.split(separator: "\n").first).dropFirst(2))
            return SourceFile(
                path == "charter.yaml" ? path : path.replacing(".yaml", with: "-\(kind.rawValue)-\(index).yaml"), text)
        }
    }

    /// What the examples name without showing it.
    static let surroundings = SourceFile(
        "rest.yaml",
        """
        apiVersion: charter/v1
        kind: Scope
        metadata: { name: embeddings }
        spec: { endpoints: [embeddings] }
        ---
        apiVersion: charter/v1
        kind: RoutingPolicy
        metadata: { name: economy }
        spec: { targets: [{ model: local/llama-3.1-8b }] }
        ---
        apiVersion: charter/v1
        kind: ModelCatalog
        metadata: { name: local }
        spec: { provider: local, models: { llama-3.1-8b: {} } }
        """)
}

/// The built-in roles and the permissions, from the code.
enum RoleTables {
    static var markdown: String {
        let roles = Role.personas.map { persona in
            let all = persona.permissions == Permission.allCases
            let names = all ? "every permission" : persona.permissions.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            return "| `\(persona.name)` | \(persona.about) | \(names) |"
        }
        let permissions = Permission.allCases.map { "| `\($0.rawValue)` | \($0.about) |" }
        return "| role | who | permissions |\n|---|---|---|\n" + roles.joined(separator: "\n")
            + "\n\n| permission | lets one |\n|---|---|\n" + permissions.joined(separator: "\n") + "\n"
    }
}

/// The functions of expressions, from the code.
enum FunctionTable {
    static var markdown: String {
        let rows = ExpressionFunctions.all.map { function in
            "| `\(function.name)` | \(function.parameters.map(\.noun).joined(separator: ", ")) | \(function.result.noun) | \(function.about) |"
        }
        return "| function | of | gives | |\n|---|---|---|---|\n" + rows.joined(separator: "\n") + "\n"
    }
}

/// What webhooks are told of, from the code.
enum EventTable {
    static var markdown: String {
        let rows = Webhook.Event.allCases.map { "| `\($0.rawValue)` | \($0.about) | \($0.isSent ? "yes" : "not yet") |" }
        return "| event | when | sent by this version |\n|---|---|---|\n" + rows.joined(separator: "\n") + "\n"
    }
}

/// The reference table of a kind, from its declaration.
enum FieldTable {
    static func markdown(_ kind: Kind) -> String {
        let rows = rows(kind.declaredFields, under: "")
        return "| field | value | default | meaning |\n|---|---|---|---|\n" + rows.joined(separator: "\n") + "\n"
    }

    private static func rows(_ fields: [FieldDeclaration], under prefix: String) -> [String] {
        fields.flatMap { field in
            let initial = field.presence == .required ? "required" : field.initial.map { "`\($0)`" } ?? ""
            let note = field.effect == .notYet ? " *(accepted, not enforced by this version)*" : ""
            let name = prefix + field.name
            let row = "| `\(name)` | \(summary(field.shape)) | \(initial) | \(field.about)\(note) |"
            return [row] + inner(field.shape, under: name)
        }
    }

    private static func inner(_ shape: ShapeDescription, under name: String) -> [String] {
        switch shape {
        case .fields(let fields): rows(fields, under: name + ".")
        case .list(let item), .set(let item): inner(item, under: name + "[]")
        case .map(_, _, let value): inner(value, under: name + ".*")
        case .either(let shapes): shapes.flatMap { inner($0, under: name) }
        default: []
        }
    }

    /// Fields of mappings have rows of their own.
    private static func summary(_ shape: ShapeDescription) -> String {
        switch shape {
        case .fields: "mapping"
        case .list(let item): "list: " + summary(item)
        case .set(let item): "list in any order: " + summary(item)
        case .map(let key, _, let value): "mapping of \(key) to: " + summary(value)
        case .either(let shapes): shapes.map(summary).joined(separator: "; or ")
        default: shape.summary
        }
    }
}
