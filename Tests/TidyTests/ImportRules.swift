/// Who may import whom; level 3 targets never import each other and meet in Store's tables.
enum ImportRules {
    /// Our own modules that each target may import, C modules included.
    static let edges: [String: Set<String>] = [
        // Level 1
        "Crypto": ["COpenSSL"],
        "Spec": ["CLibYAML"],
        // Level 2
        "Policy": ["Spec"],
        "Store": ["CLibPQ", "Crypto", "Spec"],
        "HTTP": ["CLinux", "Crypto"],
        // Level 3
        "Reconciler": ["CLibGit2", "Crypto", "Spec", "Policy", "Store", "HTTP"],
        "Gateway": ["Crypto", "Spec", "Policy", "Store", "HTTP"],
        "Services": ["Crypto", "Spec", "Policy", "Store", "HTTP"],
        "Simulator": ["HTTP"],
        // Level 4
        "charter": ["Crypto", "Spec", "Policy", "Store", "HTTP", "Reconciler", "Services", "Simulator"],
        "charter-gateway": ["Crypto", "Spec", "Policy", "Store", "HTTP", "Gateway"],
    ]

    /// The one folder in which each C module may be imported, behind Swift values.
    static let homes: [String: String] = [
        "CLibYAML": "Sources/Spec/YAML",
        "CLibPQ": "Sources/Store/Connection",
        "COpenSSL": "Sources/Crypto",
        "CLinux": "Sources/HTTP/System",
        "CLibGit2": "Sources/Reconciler/Git",
    ]

    /// What comes with the toolchain and may be imported anywhere.
    static let toolchain: Set<String> = ["Foundation", "FoundationEssentials", "Dispatch", "Glibc", "Synchronization"]

    /// Toolchain modules that a target may not use: Foundation costs the data plane memory and time.
    static let refused: [String: Set<String>] = [
        "HTTP": ["Foundation", "FoundationEssentials"],
        "Policy": ["Glibc", "Dispatch", "Synchronization"],
    ]

    /// What each executable may never link, however long the chain.
    static let unreachable: [String: Set<String>] = ["charter-gateway": ["Reconciler", "Services", "CLibGit2"]]

    static func violations(in file: SourceFile) -> [Violation] {
        guard let target = file.target else { return [] }
        return imports(of: file).compactMap { line, module in
            reason(against: module, in: file, of: target).map { Violation(path: file.path, line: line, reason: $0) }
        }
    }

    private static func reason(against module: String, in file: SourceFile, of target: String) -> String? {
        guard let allowed = edges[target] else { return "target \(target) is in no level of the import rules" }
        if refused[target]?.contains(module) == true { return "\(target) may not use \(module)" }
        if toolchain.contains(module) { return nil }
        guard allowed.contains(module) else { return "\(target) may not import \(module)" }
        guard let home = homes[module], file.folder != home, !file.folder.hasPrefix(home + "/") else { return nil }
        return "\(module) is imported in \(home) only"
    }

    /// The line number and module of every import, submodules and single symbols by their module.
    static func imports(of file: SourceFile) -> [(line: Int, module: String)] {
        file.code.enumerated().flatMap { index, code in
            code.split(separator: ";").compactMap { statement in
                moduleName(in: statement).map { (index + 1, $0) }
            }
        }
    }

    private static let symbolKinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor",
    ]

    private static func moduleName(in statement: Substring) -> String? {
        var words = statement.split(whereSeparator: \.isWhitespace)[...]
        while let word = words.first, word.hasPrefix("@") || isAccessLevel(word) { words = words.dropFirst() }
        guard words.popFirst() == "import", var name = words.popFirst() else { return nil }
        if symbolKinds.contains(name), let symbol = words.popFirst() { name = symbol }
        return name.split(separator: ".").first.map(String.init)
    }

    private static func isAccessLevel(_ word: Substring) -> Bool {
        ["private", "fileprivate", "internal", "package", "public"].contains(word)
    }

    /// Everything that `target` reaches through `edges`.
    static func closure(of target: String, over edges: [String: Set<String>]) -> Set<String> {
        var reached: Set<String> = []
        var waiting = [target]
        while let next = waiting.popLast() {
            for module in edges[next] ?? [] where reached.insert(module).inserted { waiting.append(module) }
        }
        return reached
    }

    /// Executables that reach what they may never link.
    static func forbiddenReach(over edges: [String: Set<String>]) -> [String] {
        unreachable.sorted { $0.key < $1.key }.flatMap { executable, modules in
            closure(of: executable, over: edges).intersection(modules).sorted().map { "\(executable) reaches \($0)" }
        }
    }
}
