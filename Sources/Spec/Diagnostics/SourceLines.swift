/// Gives diagnostics the text of the lines they speak of.
package struct SourceLines: Sendable {
    private let bytes: [String: [UInt8]]

    /// Bytes of a line that every diagnostic shows. Longer ones are shown by the first few only: a file may be one line with
    /// a mistake in every second byte of it.
    private static let lineBytesMax = 4096
    private static let longLinesMax = 10

    private struct Line: Hashable {
        var path: String
        var number: Int
    }

    init(_ files: [ParsedFile]) {
        bytes = Dictionary(files.map { ($0.path, $0.bytes) }) { first, _ in first }
    }

    package init(_ files: [SourceFile]) {
        bytes = Dictionary(files.map { ($0.path, $0.bytes) }) { first, _ in first }
    }

    /// Each file is cut into lines once, and only when something is said of it. What may be a secret is masked in every
    /// text of its line.
    package func attach(to diagnostics: [Diagnostic]) -> [Diagnostic] {
        var lines: [String: [ArraySlice<UInt8>]] = [:]
        let masks = SourceLines.masks(of: diagnostics)
        let closed = SourceLines.filesOfUnlistedSecrets(diagnostics)
        var lengths: [String: ValueLengths] = [:]
        var longLines: [Line: Int] = [:]
        // Several of one line follow each other, and share its text.
        var last: (line: Line, text: String)?
        return diagnostics.map { diagnostic in
            guard let place = diagnostic.place, !closed.contains(place.path), let bytes = bytes[place.path] else { return diagnostic }
            let found = lines[place.path] ?? SourceText.lines(of: SourceText.withoutMark(bytes))
            lines[place.path] = found
            let index = place.position.line - 1
            guard found.indices.contains(index) else { return diagnostic }
            var attached = diagnostic
            if diagnostic.coversValue {
                let known = lengths[place.path] ?? ValueLengths(SourceFile(path: place.path, bytes: bytes))
                lengths[place.path] = known
                attached.length = known[place.position]
                attached.coversValue = false
            }
            if found[index].count > Self.lineBytesMax {
                longLines[Line(path: place.path, number: index), default: 0] += 1
                guard longLines[Line(path: place.path, number: index)] ?? 0 <= Self.longLinesMax else { return attached }
            }
            let line = Line(path: place.path, number: index)
            if last?.line != line {
                let text = String(decoding: found[index], as: UTF8.self)
                last = (line, masks[place.path]?[place.position.line].map { text.masked($0) } ?? text)
            }
            attached.sourceLine = last?.text
            attached.sourceOffset = found[index].startIndex + bytes.count - (found.last?.endIndex ?? bytes.count)
            return attached
        }
    }
}

extension SourceLines {
    /// Files of which no line must be shown: what may be a secret stands where nobody kept note of it.
    private static func filesOfUnlistedSecrets(_ diagnostics: [Diagnostic]) -> Set<String> {
        Set(diagnostics.filter { $0.code.isOfUnlisted && $0.isOfSecret }.compactMap(\.place?.path))
    }

    /// Columns that must not be shown, by path and line.
    private static func masks(of diagnostics: [Diagnostic]) -> [String: [Int: [Range<Int>]]] {
        var masks: [String: [Int: [Range<Int>]]] = [:]
        for diagnostic in diagnostics where diagnostic.isOfSecret {
            guard let place = diagnostic.place else { continue }
            let start = place.position.column - 1
            masks[place.path, default: [:]][place.position.line, default: []].append(start..<start + diagnostic.length)
        }
        return masks
    }
}

extension String {
    /// With `*` for every scalar in the ranges, so that columns stay what they are.
    fileprivate func masked(_ ranges: [Range<Int>]) -> String {
        var scalars = Array(unicodeScalars)
        for range in ranges {
            for index in range.clamped(to: scalars.indices) { scalars[index] = "*" }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
