/// The targets that `Package.swift` declares and what each depends on.
struct PackageManifest {
    var dependencies: [String: Set<String>] = [:]
    var usesPackages: Bool

    init(_ text: String) {
        usesPackages = text.contains(".package(")
        let library = /module\("(?<name>[^"]+)"(?:, uses: \[(?<uses>[^\]]*)\])?/
        for match in text.matches(of: library) { add(match.output.name, match.output.uses ?? "") }
        let executable = /\.executableTarget\(\s*name: "(?<name>[^"]+)",\s*dependencies: \[(?<uses>[^\]]*)\]/
        for match in text.matches(of: executable) { add(match.output.name, match.output.uses) }
    }

    private mutating func add(_ name: Substring, _ uses: Substring) {
        dependencies[String(name)] = Set(uses.matches(of: /"([^"]+)"/).map { String($0.output.1) })
    }

    /// Dependencies that the import rules do not know.
    func violations(of edges: [String: Set<String>]) -> [String] {
        dependencies.sorted { $0.key < $1.key }.flatMap { target, uses in
            uses.subtracting(edges[target] ?? []).sorted().map { "\(target) may not depend on \($0)" }
        }
    }
}
