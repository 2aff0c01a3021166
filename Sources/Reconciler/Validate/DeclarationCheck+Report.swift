package import Spec

extension DeclarationCheck {
    /// Of what was asked about; the rest was judged too, since a mistake may show in another file than the one that made it.
    package func report(of root: DeclarationRoot) -> Report {
        Report(
            diagnostics: diagnostics.filter { $0.place.map { root.isAsked($0.path) } ?? true },
            paths: paths.filter(root.isAsked),
            resourceCount: declarations.resources.values.count { root.isAsked($0.place?.path ?? "") },
            notes: declarations.repository.uncheckedOffline, prefix: root.prefix, version: EngineVersion.current)
    }
}
