/// All remarks of a repository that silence warnings, and what they have silenced so far.
package struct Ignores: Sendable {
    private let directives: [IgnoreDirective]
    private var byLine: [Line: [Int]] = [:]
    private var uses: Set<Use> = []

    private struct Line: Hashable {
        var path: String
        var number: Int
    }

    private struct Use: Hashable {
        var directive: Int
        var code: DiagnosticCode
    }

    init(_ directives: [IgnoreDirective] = []) {
        self.directives = directives
        for (index, directive) in directives.enumerated() {
            guard let line = directive.line else { continue }
            byLine[Line(path: directive.place.path, number: line), default: []].append(index)
        }
    }

    /// The diagnostics without those that a remark silences.
    mutating func silence(_ found: [Diagnostic]) -> [Diagnostic] {
        byLine.isEmpty ? found : found.filter { !silences($0) }
    }

    private mutating func silences(_ diagnostic: Diagnostic) -> Bool {
        guard diagnostic.severity == .warning, let place = diagnostic.place,
            let indexes = byLine[Line(path: place.path, number: place.position.line)]
        else { return false }
        let matching = indexes.filter { index in directives[index].warnings.contains { $0.code == diagnostic.code } }
        for index in matching { uses.insert(Use(directive: index, code: diagnostic.code)) }
        return !matching.isEmpty
    }

    /// Codes of remarks that have silenced nothing, apart from `unasked` ones, which nobody looked for.
    func unused(apartFrom unasked: Set<DiagnosticCode>) -> [Diagnostic] {
        directives.enumerated().flatMap { index, directive in
            directive.warnings.filter { !unasked.contains($0.code) && !uses.contains(Use(directive: index, code: $0.code)) }
                .map { code, place in
                    Diagnostic(
                        .ignoreUnused, at: place, length: code.rawValue.utf8.count,
                        "there is no \(code.rawValue) to silence"
                            + (directive.line.map { " in line \($0)" } ?? " after this"),
                        hint: "remove the code, or put the remark at the line that the warning names")
                }
        }
    }
}
