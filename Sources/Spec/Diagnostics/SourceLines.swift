/// Gives diagnostics the text of the lines they speak of.
package struct SourceLines: Sendable {
    private let bytes: [String: [UInt8]]

    init(_ files: [ParsedFile]) {
        bytes = Dictionary(files.map { ($0.path, $0.bytes) }) { first, _ in first }
    }

    package init(_ files: [SourceFile]) {
        bytes = Dictionary(files.map { ($0.path, $0.bytes) }) { first, _ in first }
    }

    /// Each file is cut into lines once, and only when something is said of it.
    package func attach(to diagnostics: [Diagnostic]) -> [Diagnostic] {
        var lines: [String: [ArraySlice<UInt8>]] = [:]
        return diagnostics.map { diagnostic in
            guard let place = diagnostic.place, let bytes = bytes[place.path] else { return diagnostic }
            let found = lines[place.path] ?? SourceText.lines(of: SourceText.withoutMark(bytes))
            lines[place.path] = found
            let index = place.position.line - 1
            guard found.indices.contains(index) else { return diagnostic }
            var attached = diagnostic
            attached.sourceLine = String(decoding: found[index], as: UTF8.self)
            attached.sourceOffset = found[index].startIndex + bytes.count - (found.last?.endIndex ?? bytes.count)
            return attached
        }
    }
}
