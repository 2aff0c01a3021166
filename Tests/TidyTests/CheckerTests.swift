import Testing

/// The checkers on fixtures, each named after the mistake, so that a rule that catches nothing is found out.
struct CheckerTests {
    private func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, text: text) }

    private func importReasons(_ path: String, _ text: String) -> [String] {
        ImportRules.violations(in: file(path, text)).map(\.description)
    }

    @Test(arguments: [
        ("Sources/Gateway/A.swift", "internal import Reconciler", "Gateway may not import Reconciler"),
        ("Sources/Reconciler/A.swift", "import Gateway", "Reconciler may not import Gateway"),
        ("Sources/Simulator/A.swift", "package import Store", "Simulator may not import Store"),
        ("Sources/Spec/A.swift", "import Policy", "Spec may not import Policy"),
        ("Sources/Policy/A.swift", "import struct Store.Connection", "Policy may not import Store"),
        ("Sources/Policy/A.swift", "import Glibc", "Policy may not use Glibc"),
        ("Sources/HTTP/A.swift", "import Foundation", "HTTP may not use Foundation"),
        ("Sources/charter-gateway/main.swift", "import Reconciler", "charter-gateway may not import Reconciler"),
        ("Sources/Store/A.swift", "@preconcurrency import NIOCore", "Store may not import NIOCore"),
        ("Sources/Store/A.swift", "import FoundationNetworking", "Store may not import FoundationNetworking"),
        ("Sources/Elsewhere/A.swift", "import Spec", "target Elsewhere is in no level of the import rules"),
    ])
    func `catches an import against the levels`(path: String, text: String, reason: String) {
        #expect(importReasons(path, "\n" + text) == ["\(path):2: \(reason)"])
    }

    @Test(arguments: [
        ("Sources/Spec/Kinds/A.swift", "CLibYAML", "Sources/Spec/YAML"),
        ("Sources/Store/Migrations/A.swift", "CLibPQ", "Sources/Store/Connection"),
        ("Sources/HTTP/SSE/A.swift", "CLinux", "Sources/HTTP/System"),
        ("Sources/Reconciler/GitLike/A.swift", "CLibGit2", "Sources/Reconciler/Git"),
    ])
    func `catches a C module outside its folder`(path: String, module: String, home: String) {
        #expect(
            importReasons(path, "internal import \(module)") == ["\(path):1: \(module) is imported in \(home) only"])
    }

    @Test(arguments: [
        ("Sources/Spec/YAML/A.swift", "internal import CLibYAML"),
        ("Sources/Crypto/TLS/A.swift", "internal import COpenSSL"),
        ("Sources/Gateway/A.swift", "package import HTTP\nimport Synchronization"),
        ("Sources/Store/A.swift", "// import Gateway\nlet text = \"import Gateway\"\n/* import Gateway */"),
        ("Tests/AnyTests/A.swift", "@testable import Reconciler\nimport Gateway"),
    ])
    func `lets a lawful import pass`(path: String, text: String) {
        #expect(importReasons(path, text) == [])
    }

    @Test(arguments: EscapeHatches.all)
    func `catches an escape hatch without a reason`(hatch: String) {
        let bare = file("Sources/Store/A.swift", "let before = 1\n\(hatch)x")
        #expect(EscapeHatches.violations(in: bare).map(\.line) == [2])
        let empty = file("Sources/Store/A.swift", "// Escape:\n\(hatch)x")
        #expect(EscapeHatches.violations(in: empty).count == 1)
        let distant = file("Sources/Store/A.swift", "// Escape: a reason\nlet between = 1\n\(hatch)x")
        #expect(EscapeHatches.violations(in: distant).count == 1)
    }

    @Test(arguments: EscapeHatches.all)
    func `accepts an escape hatch with its reason above`(hatch: String) {
        let explained = file(
            "Sources/Store/A.swift",
            "    // Escape: libpq calls this from C,\n    // which knows no Swift types.\n    \(hatch)x")
        #expect(EscapeHatches.violations(in: explained) == [])
    }

    @Test(arguments: [
        "// try! is refused", "let text = \"try! and as! and fatalError(\"", "/* as! /* try! */ as! */", "alias!.x",
    ])
    func `does not take prose for an escape hatch`(text: String) {
        #expect(EscapeHatches.violations(in: file("Sources/Store/A.swift", text)) == [])
    }

    @Test func `finds an escape hatch inside an interpolation`() {
        let hidden = file("Sources/Store/A.swift", #"let text = "count \(try! count(of: ")")) as!" "#)
        #expect(EscapeHatches.violations(in: hidden).map(\.reason) == ["try! without `// Escape: <reason>` above it"])
    }

    @Test(arguments: [
        ("final class ConnectionManager {", "type ConnectionManager says Manager"),
        ("package struct KeyInfo: Sendable {", "type KeyInfo says Info"),
        ("enum URLUtils {", "type URLUtils says Utils"),
        ("typealias Gateway = Int", "type Gateway is named like a module, which breaks qualified names"),
        ("actor NewKey {", "type NewKey says New"),
    ])
    func `catches a name that says nothing`(text: String, reason: String) {
        let found = NamingRules.violations(in: file("Sources/Store/A.swift", text), modules: ["Gateway", "Store"])
        #expect(found.map(\.reason) == [reason])
    }

    @Test(arguments: [
        "struct DatabaseURL {", "class func makeInfo() {", "enum Newline {", "struct Baseline {", "// class Manager",
    ])
    func `lets an honest name pass`(text: String) {
        #expect(NamingRules.violations(in: file("Sources/Store/A.swift", text), modules: ["Store"]) == [])
    }

    @Test func `catches a file one line too long`() {
        let most = String(repeating: "let x = 1\n", count: SizeRule.linesMax)
        #expect(SizeRule.violations(in: file("Sources/Store/A.swift", most)) == [])
        #expect(SizeRule.violations(in: file("Sources/Store/A.swift", most + "let y = 2\n")).count == 1)
    }

    @Test(arguments: ["public struct A {", "    public init() {}", "open class B {"])
    func `catches what is shared further than the package`(text: String) {
        #expect(AccessRule.violations(in: file("Sources/Store/A.swift", text)).count == 1)
    }

    @Test(arguments: ["func open() {", "case open = 1", "let open = 3", "door.open (x)", "package struct A {"])
    func `does not take a word for an access level`(text: String) {
        #expect(AccessRule.violations(in: file("Sources/Store/A.swift", text)) == [])
    }

    @Test func `follows a chain of imports to what may not be linked`() {
        let edges: [String: Set<String>] = [
            "charter-gateway": ["Gateway"], "Gateway": ["Store"], "Store": ["Reconciler"], "Reconciler": ["CLibGit2"],
        ]
        #expect(
            ImportRules.forbiddenReach(over: edges) == [
                "charter-gateway reaches CLibGit2", "charter-gateway reaches Reconciler",
            ])
    }

    @Test func `reads the manifest's dependencies and refuses one too many`() {
        let manifest = PackageManifest(
            """
            .package(url: "https://example.com/x", from: "1.0.0"),
            module("Spec", uses: ["CLibYAML", "Store"], also: [.strictMemorySafety()]),
            .executableTarget(
                name: "charter-gateway",
                dependencies: ["Spec", "Reconciler"],
                swiftSettings: settings),
            """)
        #expect(manifest.usesPackages)
        #expect(
            manifest.violations(of: ImportRules.edges) == [
                "Spec may not depend on Store", "charter-gateway may not depend on Reconciler",
            ])
    }
}
