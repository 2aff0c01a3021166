import Foundation
import Testing

@testable import Spec

/// Every field says what keeps it, and that is there. `CHARTER_REWRITE_EXPECTED=1` writes the table anew.
@Suite struct EnforcementTests {
    static let page = DocumentTests.docs.appending(path: "kinds/enforcement.md")

    @Test func `the table of fields says what the declarations say`() throws {
        if ProcessInfo.processInfo.environment["CHARTER_REWRITE_EXPECTED"] == "1" {
            try Enforcement.page.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == Enforcement.page)
    }

    /// CVE-2022-24817: a field by which whoever commits has something run.
    @Test func `no field can name a program`() {
        let words: Set = ["args", "binary", "cmd", "command", "entrypoint", "exec", "executable", "interpreter", "module", "plugin", "program", "script", "shell"]
        for kind in Kind.allCases {
            for (path, _) in Enforcement.fields(of: kind) {
                let name = path.split { ".[]*".contains($0) }.last.map(String.init) ?? ""
                #expect(!words.contains(name.lowercased()), "\(kind.rawValue).\(path)")
            }
        }
    }

    @Test func `every symbol that enforces a field exists`() throws {
        let sources = try SwiftSources()
        var symbols: Set<String> = []
        for kind in Kind.allCases {
            for (path, effect) in Enforcement.fields(of: kind) {
                guard case .enforced(let symbol) = effect else { continue }
                symbols.insert(symbol)
                let folders = sources.folders(declaring: symbol)
                #expect(!folders.isEmpty, "\(kind.rawValue).\(path): \(symbol) is not declared in Sources")
                // The decoder enforces nothing by reading; what the whole graph is asked for is a rule of loading.
                let isRule = folders.contains { !$0.hasPrefix("Spec/") || SwiftSources.rulesOfLoading.contains($0) }
                #expect(folders.isEmpty || isRule, "\(kind.rawValue).\(path): \(symbol) stands only in \(folders)")
            }
        }
        #expect(symbols.count > 10)
        #expect(sources.folders(declaring: "Snapshot.authenticat").isEmpty)
        #expect(sources.folders(declaring: "Snapshoot.authenticate").isEmpty)
    }

    @Test(arguments: Kind.allCases) func `a field of a mapping does not say that its own fields say`(kind: Kind) {
        for (path, effect) in Enforcement.fields(of: kind) { #expect(effect != .parts, "\(kind.rawValue).\(path)") }
    }
}

/// What the declarations say of each field's effect.
enum Enforcement {
    static let statusLead = "Fields that are not enforced: "

    /// Fields that stand for themselves, with the path to them.
    static func fields(of kind: Kind) -> [(path: String, effect: Effect)] {
        let metadata = Envelope.declaredFields(of: kind).first { $0.name == "metadata" }
        return rows(metadata?.shape.innerFields ?? [], under: "metadata.") + rows(kind.declaredFields, under: "")
    }

    /// What stands in a field that is not enforced is not either.
    private static func rows(
        _ fields: [FieldDeclaration], under prefix: String, _ outer: Effect = .parts
    ) -> [(path: String, effect: Effect)] {
        fields.flatMap { field -> [(path: String, effect: Effect)] in
            let inner = field.shape.innerFields
            let effect = outer == .notYet ? .notYet : field.effect
            let own = effect == .parts && !inner.isEmpty ? [] : [(prefix + field.name, effect)]
            return own + rows(inner, under: "\(prefix)\(field.name).", effect)
        }
    }

    /// The last line of a kind's page.
    static func status(of kind: Kind) -> String {
        if isUnenforced(kind) { return statusLead + "all." }
        let unenforced = fields(of: kind).filter { $0.effect == .notYet }.map(\.path)
        let outer = unenforced.filter { path in !unenforced.contains { path.hasPrefix($0 + ".") } }
        return statusLead + (outer.isEmpty ? "none." : outer.map { "`\($0)`" }.joined(separator: ", ") + ".")
    }

    /// Whether the kind as a whole gets the remark.
    private static func isUnenforced(_ kind: Kind) -> Bool {
        let path = kind.mayBelongToOrganization ? "orgs/name/x.yaml" : "x.yaml"
        let file = ParsedFile(SourceFile(path, Skeleton.text(of: kind)))
        return file.diagnostics.contains { $0.code == .notEnforced && $0.message.contains("`\(kind.rawValue)`") }
    }

    static var page: String {
        let sections = Kind.allCases.map { kind in
            let rows = fields(of: kind).filter { kind == .repository || !$0.path.hasPrefix("metadata.") }
                .map { "| `\($0.path)` | \(words($0.effect, in: kind)) |" }
            return "## \(kind.rawValue)\n\n| field | effect |\n|---|---|\n" + rows.joined(separator: "\n") + "\n"
        }
        return """
            # What enforces each field

            Made from the declarations and held to the code by a test: each symbol is looked up in the sources. *For people* means that there is
            nothing to enforce. `charter validate` warns (CH0901) of each use of a field that is *not enforced*. `metadata` is the same in every kind
            and shown once, at Repository.

            \(sections.joined(separator: "\n"))
            """
    }

    private static func words(_ effect: Effect, in kind: Kind) -> String {
        switch effect {
        case .enforced(let symbol): "enforced by `\(symbol)`"
        case .notYet: "not enforced"
        case .informs, .parts: isUnenforced(kind) ? "not enforced, like the whole kind" : "for people"
        }
    }
}

/// The program's own sources, asked for declarations by name.
private struct SwiftSources {
    static let rulesOfLoading: Set<String> = ["Spec/Validate", "Spec/Ownership", "Spec/Load"]

    private let files: [(folder: String, text: String)]

    init() throws {
        let root = DocumentTests.docs.appending(path: "../Sources").standardizedFileURL
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".swift") }
        files = try paths.sorted().map { path in
            let folder = path.split(separator: "/").dropLast().prefix(2).joined(separator: "/")
            return (folder, try String(contentsOf: root.appending(path: path), encoding: .utf8))
        }
    }

    /// The folders of files that declare or extend the type and declare the member.
    func folders(declaring symbol: String) -> Set<String> {
        let names = symbol.split(separator: ".").map(String.init)
        guard names.count == 2, let type = try? Regex("\\b(?:struct|class|enum|actor|protocol|extension)\\s+(?:[A-Z]\\w*\\.)?\(names[0])\\b"),
            let member = try? Regex(names[1] == "init" ? "\\binit[?<(]" : "\\b(?:func|var|let|case)\\s+\(names[1])\\b")
        else { return [] }
        let found = files.filter { file in
            file.text.contains(names[0]) && file.text.contains(names[1]) && file.text.contains(type) && file.text.contains(member)
        }
        return Set(found.map(\.folder))
    }
}
