/// What a repository declares, and what is wrong with it.
package struct Declarations: Sendable {
    /// Those without mistakes of their own; only when there are no errors at all is this the whole.
    package var resources: [ResourceKey: Resource]
    /// By path and position, without the warnings that remarks silence.
    package var diagnostics: [Diagnostic]
    /// The remarks, to be judged when all that can be found has been found.
    package var ignores = Ignores()
    /// Warnings that nobody looked for yet.
    var unasked: Set<DiagnosticCode> = []

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// The rules of the repository itself; the standard ones without `charter.yaml`.
    package var repository: Repository {
        for resource in resources.values {
            if case .repository(let repository) = resource.body { return repository }
        }
        return .standard
    }

    /// All diagnostics: with those of the compiled policy, without what remarks silence, and with what is to be said of
    /// remarks that silence nothing; in no order.
    ///
    /// `compiled` is nil where no policy was compiled. Where there are errors, not all that could be warned of was found,
    /// so remarks are not judged.
    package func judged(compiled: [Diagnostic]?) -> [Diagnostic] {
        var ignores = ignores
        let all = (diagnostics + ignores.silence(compiled ?? [])).withoutEchoes
        if all.contains(where: { $0.severity == .error }) { return all }
        return all + ignores.unused(apartFrom: compiled == nil ? unasked : unasked.subtracting(DiagnosticCode.foundInPolicy))
    }
}
