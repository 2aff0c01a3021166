/// Two resources of one name, or two Repositories.
struct RepeatedResources {
    private(set) var diagnostics: [Diagnostic]

    init(_ graph: Graph) {
        diagnostics = graph.repeated.map { key, first, second in
            Diagnostic(
                .resourceRepeated, at: second.place, length: second.document.nameExtent.length,
                "\(key.kind.rawValue) `\(key.name)` is declared already", hint: "rename one of them, or remove it",
                related: [(first.place, "first declared here")])
        }
        let rules = graph.inOrder.filter { $0.key.kind == .repository && $0.declared.path == SourceFile.rulesPath }
        diagnostics += rules.dropFirst().map { second in
            Diagnostic(
                .resourceRepeated, at: second.declared.place, length: second.declared.document.nameExtent.length,
                "a repository has one Repository only", hint: "remove it",
                related: [(rules[0].declared.place, "first declared here")])
        }
    }
}
