internal import Spec

extension DeclarationCheck {
    /// Of a commit's files beside what other units have applied: mistakes on both sides count, what others declare does not.
    init(files: [SourceFile], refusals: [PathRefusal], beside others: OtherUnits) {
        guard !others.isEmpty else {
            self.init(files: files, refusals: refusals)
            return
        }
        self.init(files: files + others.files, refusals: refusals)
        paths = files.map(\.path)
        wholeCount = files.count
        declarations.resources = declarations.resources.filter { !OtherUnits.isForeign($0.value.place?.path) }
        diagnostics = diagnostics.filter { $0.severity == .error || !OtherUnits.isForeign($0.place?.path) }
        // All other kinds are among the documents, and so are found to be repeated.
        let unseen = others.unreadable
        let names = declarations.resources.keys.filter { $0.kind == .repository || unseen.contains($0) }
        diagnostics += others.taken(by: names).map { key, unit in
            Diagnostic(
                .resourceRepeated, at: declarations.resources[key]?.place, "the unit \(unit) declares \(key) already",
                hint: "give it a name of its own in `metadata`")
        }
    }
}
