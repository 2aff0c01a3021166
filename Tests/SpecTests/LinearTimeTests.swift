import Glibc
import Testing

@testable import Spec

/// Four times the input takes about four times as long, whatever the input; what grows with the square would take sixteen.
@Suite(.serialized) struct LinearTimeTests {
    /// Between the ratios of linear and of quadratic time, with room for a busy machine.
    private static let ratioMax = 9.0
    private static let attempts = 3

    private static let head = "apiVersion: charter/v1\nkind: "

    private static func key(_ spec: String) -> String {
        head + "APIKey\nmetadata: { name: k }\nspec:\n  owner: sam\n" + spec
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> String { (0..<count).map(line).joined() }

    /// A name and the text of a file, a number of times as long.
    static let texts: [(name: String, text: @Sendable (Int) -> String)] = [
        ("unknown fields", { key(lines($0) { "  field\($0): 1\n" }) }),
        ("one key again and again", { key(lines($0) { _ in "  project: p\n" }) }),
        ("a long text", { key("  project: \"" + lines($0) { _ in "twenty characters ok" } + "\"\n") }),
        ("a text of many lines", { key("  project: |\n" + lines($0) { "    line \($0)\n" }) }),
        ("a plain text of many lines", { key("  project: a\n" + lines($0) { "    line \($0)\n" }) }),
        ("a wide line with many mistakes", { key("  scopes: [" + lines($0) { "é!\($0), " } + "]\n") }),
        ("many mistakes, one a line", { key("  scopes:\n" + lines($0) { "    - é!\($0)\n" }) }),
        ("a long set", { key("  scopes:\n" + lines($0) { "    - s\($0)\n" }) }),
        ("a set in disorder", { count in key("  scopes:\n" + lines(count) { "    - s\($0 * 7919 % count)\n" }) }),
        ("a long list of mappings", { key("  secrets:\n" + lines($0) { "    - { sha256: \($0) }\n" }) }),
        ("many labels", { head + "Project\nmetadata:\n  name: p\n  labels:\n" + lines($0) { "    l\($0): x\n" } }),
        ("many documents", { lines($0) { "---\napiVersion: charter/v1\nkind: Project\nmetadata: { name: p\($0) }\n" } }),
        ("empty documents", { lines($0) { _ in "---\n" } }),
        ("comments", { lines($0) { "# comment \($0)\n" } + key("  project: p\n") }),
        ("directives in comments", { lines($0) { _ in "# charter:ignore CH0901 for now\n" } + key("  project: p\n") }),
        ("open brackets", { key("  scopes: " + lines($0) { _ in "[" }) }),
        ("open braces", { key("  scopes: " + lines($0) { _ in "{a: " }) }),
        ("deep blocks", { key("  scopes:\n" + lines(min($0, 2000)) { _ in "- " } + "a\n") }),
        ("aliases", { key("  project: &a p\n  scopes:\n" + lines($0) { _ in "    - *a\n" }) }),
        ("anchors", { key("  scopes:\n" + lines($0) { "    - &a\($0) s\($0)\n" }) }),
        ("tags", { key("  scopes:\n" + lines($0) { "    - !t s\($0)\n" }) }),
        ("escapes", { key("  project: \"" + lines($0) { _ in "\\u00e9\\n" } + "\"\n") }),
        ("carriage returns", { key("  scopes:\r\n" + lines($0) { "    - é!\($0)\r\n" }) }),
    ]

    @Test(arguments: texts.map(\.name)) func `reading and telling takes linear time`(name: String) throws {
        let text = try #require(Self.texts.first { $0.name == name }).text
        try expectLinear(name, 1500) { count in
            let file = SourceFile(path: "orgs/acme/x.yaml", bytes: Array(text(count).utf8))
            return {
                let parsed = ParsedFile(file)
                let found = SourceLines([parsed]).attach(to: parsed.diagnostics).sorted(by: Diagnostic.precedes)
                _ = Rendering.text(found)
            }
        }
    }

    @Test func `laying many fields over many takes linear time`() throws {
        func labels(_ count: Int) -> String { "  labels:\n" + Self.lines(count) { "    l\($0): x\n" } }
        try expectLinear("defaults", 1500) { count in
            let outer = Self.head + "Project\nmetadata:\n" + labels(count)
            let inner = Self.head + "Project\nmetadata:\n  name: p\n" + labels(count)
            let defaults = FolderDefaults([SourceFile(path: "orgs/acme/_defaults.yaml", bytes: Array(outer.utf8))])
            let file = SourceFile(path: "orgs/acme/x.yaml", bytes: Array(inner.utf8))
            return { _ = ParsedFile(file, under: defaults) }
        }
    }

    /// Of the whole graph: each resource alone in its file.
    static let repositories: [(name: String, file: @Sendable (Int) -> (path: String, text: String))] = [
        ("keys that name nobody", { ("orgs/acme/\($0).yaml", named("APIKey", $0, "{ owner: sam\($0), scopes: [s\($0)] }")) }),
        ("folders without an organization", { ("orgs/o\($0)/p.yaml", named("Project", $0, "{}")) }),
        ("projects that nobody uses", { ("orgs/acme/\($0).yaml", named("Project", $0, "{}")) }),
        ("one name again and again", { ("orgs/acme/\($0).yaml", named("Project", 0, "{}")) }),
        ("earlier names", { ("orgs/acme/\($0).yaml", named("Project", $0, "{}", ", previousNames: [was\($0)]")) }),
        ("a chain of roles", { ("orgs/acme/\($0).yaml", named("Role", $0, "{ permissions: [], inherits: [x\($0 + 1)] }")) }),
        ("budgets of one project", { ("orgs/acme/\($0).yaml", named("Budget", $0, "{ for: { project: p }, hard: 5 USD/day }")) }),
        ("patterns that match nothing", {
            ("orgs/acme/\($0).yaml", named("APIKey", $0, "{ owner: sam, models: { allow: [\"p\($0)/*\"] } }"))
        }),
    ]

    private static func named(_ kind: String, _ number: Int, _ spec: String, _ metadata: String = "") -> String {
        head + "\(kind)\nmetadata: { name: x\(number)\(metadata) }\nspec: \(spec)\n"
    }

    @Test(arguments: repositories.map(\.name)) func `checking the whole takes linear time`(name: String) throws {
        let file = try #require(Self.repositories.first { $0.name == name }).file
        try expectLinear(name, 1000) { count in
            let files = (0..<count).map(file).map { SourceFile(path: $0.path, bytes: Array($0.text.utf8)) }
            let graph = Graph(files.map { ParsedFile($0) })
            let now = Instant(milliseconds: 1_800_000_000_000)
            return { for check in GraphCheck.all { _ = check.find(graph, now) } }
        }
    }

    /// `work` makes ready for a size, and gives what is measured.
    private func expectLinear(_ name: String, _ count: Int, _ work: (Int) throws -> () -> Void) throws {
        let (small, large) = (try work(count), try work(4 * count))
        var ratios: [Double] = []
        for _ in 0..<Self.attempts {
            let base = min(Self.seconds(small), Self.seconds(small))
            // What is over at once says nothing.
            ratios.append(Self.seconds(large) / max(base, 0.002))
            if ratios.contains(where: { $0 < Self.ratioMax }) { return }
        }
        Issue.record("\(name): four times the input took \(ratios) times as long")
    }

    /// Of this thread's work, so that others on the machine do not count.
    private static func seconds(_ work: () -> Void) -> Double {
        let before = threadSeconds()
        work()
        return threadSeconds() - before
    }

    private static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
