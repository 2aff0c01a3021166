internal import Dispatch
internal import Synchronization

/// The way from files to what they declare.
package struct Specification {
    /// Files that one task reads at once: enough to make the hand-over cheap.
    private static let filesPerTask = 32

    /// Parses, decodes and validates the whole, with all mistakes at once; on every core.
    ///
    /// `now` lets warnings speak of keys that have expired; a pure function of its arguments.
    package static func load(_ files: [SourceFile], now: Instant? = nil) -> Declarations {
        compose(parse(files.filter { SourceFile.isRead($0.path) }), now: now)
    }

    /// Each file by itself, in the order given.
    package static func parse(_ files: [SourceFile]) -> [ParsedFile] {
        let defaults = FolderDefaults(files)
        let tasks = (files.count + filesPerTask - 1) / filesPerTask
        guard tasks > 1 else { return files.map { ParsedFile($0, under: defaults) } }
        let parts = Mutex<[Int: [ParsedFile]]>([:])
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
            let range = task * filesPerTask..<min(files.count, (task + 1) * filesPerTask)
            let part = files[range].map { ParsedFile($0, under: defaults) }
            parts.withLock { $0[task] = part }
        }
        return parts.withLock { parts in (0..<tasks).flatMap { parts[$0] ?? [] } }
    }

    /// Validates the whole graph; `files` may hold ones parsed earlier.
    package static func compose(_ files: [ParsedFile], now: Instant? = nil) -> Declarations {
        let graph = Graph(files)
        let found = (files.flatMap(\.diagnostics) + graph.validate(now: now)).withoutEchoes
        var declarations = Declarations(resources: graph.resources, diagnostics: SourceLines(files).attach(to: found))
        declarations.diagnostics.sort(by: Diagnostic.precedes)
        return declarations
    }
}

extension [Diagnostic] {
    /// Without those that say again what was said: a mistake in a folder's defaults is met in every resource below.
    fileprivate var withoutEchoes: [Diagnostic] {
        var seen: Set<Echo> = []
        return filter { diagnostic in
            guard let place = diagnostic.place, SourceFile.holdsFolderDefaults(place.path) else { return true }
            return seen.insert(Echo(place: place, code: diagnostic.code)).inserted
        }
    }
}

private struct Echo: Hashable {
    var place: Place
    var code: DiagnosticCode
}

/// What a repository declares, and what is wrong with it.
package struct Declarations: Sendable {
    /// Those without mistakes of their own; only when there are no errors at all is this the whole.
    package var resources: [ResourceKey: Resource]
    /// By path and position.
    package var diagnostics: [Diagnostic]

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// The rules of the repository itself; the standard ones without `charter.yaml`.
    package var repository: Repository {
        for resource in resources.values {
            if case .repository(let repository) = resource.body { return repository }
        }
        return .standard
    }
}
