/// What makes two diagnostics say the same: a mistake in a folder's defaults is met in every resource below, one in the text of an
/// anchor wherever an alias repeats it.
struct Echo: Hashable {
    private let place: Place
    private let code: DiagnosticCode
    private let message: String

    init(_ diagnostic: Diagnostic, at place: Place) {
        self.place = place
        code = diagnostic.code
        message = SourceFile.holdsFolderDefaults(place.path) ? "" : diagnostic.message
    }
}

extension [Diagnostic] {
    /// Without those that say again what was said.
    var withoutEchoes: [Diagnostic] {
        var seen: Set<Echo> = []
        return filter { diagnostic in diagnostic.place.map { seen.insert(Echo(diagnostic, at: $0)).inserted } ?? true }
    }
}
