internal import Spec

/// Finds what no file shows alone, once the whole is compiled.
struct Review {
    let snapshot: Snapshot
    private(set) var diagnostics: [Diagnostic] = []

    init(snapshot: Snapshot) { self.snapshot = snapshot }

    mutating func check(_ resources: [GovernedResource]) {
        diagnostics.sort(by: Diagnostic.precedes)
    }
}
