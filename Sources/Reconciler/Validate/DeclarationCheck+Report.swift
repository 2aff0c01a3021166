package import Spec

extension DeclarationCheck {
    /// Of what was asked about; the rest was judged too, since a mistake may show in another file than the one that made it.
    package func report(of root: DeclarationRoot) -> Report {
        let paths = root.focus.isEmpty ? paths : paths.filter(root.isAsked)
        let judged = Set(paths)
        return Report(
            diagnostics: diagnostics.filter { $0.place.map { root.isAsked($0.path) } ?? true },
            paths: paths, wholeCount: wholeCount,
            resourceCount: declarations.resources.values.count { $0.place.map { judged.contains($0.path) } ?? false },
            notes: declarations.repository.uncheckedOffline, prefix: root.prefix, version: CharterVersion.current)
    }
}
