internal import Spec

extension DeclarationCheck {
    /// Of a commit's files beside what other units have applied: mistakes on both sides count, what others declare does not.
    init(files: [SourceFile], refusals: [PathRefusal], beside others: OtherUnits) {
        guard !others.isEmpty else {
            self.init(files: files, refusals: refusals)
            return
        }
        let foreign = others.files(beside: Set(files.map(\.path)).union(refusals.map(\.path)))
        let theirs = Set(foreign.map(\.path))
        func isForeign(_ place: Place?) -> Bool { place.map { theirs.contains($0.path) } ?? false }
        self.init(files: files + foreign, refusals: refusals)
        paths = files.map(\.path)
        wholeCount = files.count
        declarations.resources = declarations.resources.filter { !isForeign($0.value.place) }
        // Where this unit's kinds may stand is no rule for what others declare, and what an earlier version let another declare holds
        // nobody else up; whom this unit's people would be taken for is told at those too.
        let own: Set<DiagnosticCode> = [.kindNotOwned, .grantAboveOwners, .networkClosed, .identityShared]
        diagnostics = diagnostics.filter { !isForeign($0.place) || ($0.severity == .error && !own.isSuperset(of: $0.codes)) }
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
