/// Names that say nothing, or that hide a module behind a type.
enum NamingRules {
    static let emptyWords: Set<String> = [
        "Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Base", "Common", "Impl", "New",
        "Info",
    ]

    static func violations(in file: SourceFile, modules: Set<String>) -> [Violation] {
        file.code.enumerated().flatMap { index, code in
            declaredTypes(in: code).compactMap { name in
                reason(against: name, modules: modules).map {
                    Violation(path: file.path, line: index + 1, reason: $0)
                }
            }
        }
    }

    private static func reason(against name: String, modules: Set<String>) -> String? {
        if modules.contains(name) { return "type \(name) is named like a module, which breaks qualified names" }
        if let word = words(of: name).first(where: emptyWords.contains) { return "type \(name) says \(word)" }
        return nil
    }

    private static func declaredTypes(in code: String) -> [String] {
        let declaration = /\b(?:class|struct|enum|protocol|actor|typealias)\s+([A-Z][A-Za-z0-9_]*)/
        return code.matches(of: declaration).map { String($0.output.1) }
    }

    /// `DatabaseURLInfo` is `Database`, `URL`, `Info`.
    static func words(of name: String) -> [String] {
        name.matches(of: /[A-Z]+(?![a-z])|[A-Z][a-z0-9]*/).map { String($0.output) }
    }
}
