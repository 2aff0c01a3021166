@testable internal import Spec

/// What must hold of every input; the first that does not ends the process, which libFuzzer takes for a crash.
enum Property {
    static func require(_ holds: Bool, _ what: @autoclosure () -> String) {
        guard !holds else { return }
        fatalError("does not hold: \(what())")
    }

    /// Every diagnostic says where: a character of its file, or just after a line's last.
    static func isPlaced(_ diagnostics: [Diagnostic], in file: SourceFile) {
        let lines = SourceText.lines(of: SourceText.withoutMark(file.bytes))
        for diagnostic in diagnostics {
            let rendered = Rendering.text(diagnostic)
            require(!diagnostic.message.isEmpty && diagnostic.length >= 1, rendered)
            for place in [diagnostic.place] + diagnostic.related.map(\.place) {
                guard let place else { fatalError("without a place: \(rendered)") }
                require(place.path == file.path, "a place in this file: \(rendered)")
                require(lines.indices.contains(place.position.line - 1), "a line of the file: \(rendered)")
                // Bytes of no encoding count as one character each, as in the text that is shown.
                let line = String(decoding: lines[place.position.line - 1], as: UTF8.self).unicodeScalars.count
                require((1...line + 1).contains(place.position.column), "a column of the line: \(rendered)")
            }
        }
    }

    /// What was read is read again from its canonical form, and written the same.
    static func isCanonical(_ resource: Resource) {
        do {
            let again = try Resource.decode(key: resource.key, canonical: resource.canonical)
            require(again.canonical == resource.canonical, "\(resource.canonical) is written as \(again.canonical)")
            require(again.body == resource.body && again.metadata == resource.metadata, "equal: \(resource.canonical)")
        } catch {
            fatalError("\(resource.canonical): \(error)")
        }
    }

    /// No document of the file keeps its good name with a field that nobody declared.
    static func refusesUnknownFields(in file: SourceFile) {
        for document in YAMLReader(path: file.path, bytes: file.bytes).documents {
            for changed in UnknownField.documents(from: document) {
                let isRefused = ParsedDocument(changed, path: file.path).diagnostics.contains { $0.severity == .error }
                require(isRefused, "an unknown field is refused: \(changed)")
            }
        }
    }
}
