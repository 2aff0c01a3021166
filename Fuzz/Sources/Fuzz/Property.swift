internal import Driver

@testable internal import Spec

/// What must hold of every input; the first that does not ends the process, which libFuzzer takes for a crash.
enum Property {
    static func require(_ holds: Bool, _ what: @autoclosure () -> String) {
        Fuzzing.require(holds, what())
    }

    /// Every diagnostic says where: a character of one of the files, or just after a line's last.
    static func isPlaced(_ diagnostics: [Diagnostic], in files: [SourceFile]) {
        let lines = files.map { SourceText.lines(of: SourceText.withoutMark($0.bytes)) }
        for diagnostic in diagnostics {
            require(!diagnostic.message.isEmpty && diagnostic.length >= 1, Rendering.text(diagnostic))
            for place in [diagnostic.place] + diagnostic.related.map(\.place) {
                guard let place, let file = files.firstIndex(where: { $0.path == place.path }) else {
                    fatalError("a place in a file: \(Rendering.text(diagnostic))")
                }
                isWithin(place.position, lines[file], diagnostic)
            }
        }
    }

    private static func isWithin(_ position: Position, _ lines: [ArraySlice<UInt8>], _ diagnostic: Diagnostic) {
        require(lines.indices.contains(position.line - 1), "a line of the file: \(Rendering.text(diagnostic))")
        // Bytes of no encoding count as one character each, as in the text that is shown.
        let width = String(decoding: lines[position.line - 1], as: UTF8.self).unicodeScalars.count
        require((1...width + 1).contains(position.column), "a column of the line: \(Rendering.text(diagnostic))")
    }

    /// What was read is read again from its canonical form, and written the same.
    static func isCanonical(_ resource: Resource) {
        do {
            let again = try Resource.decode(key: resource.key, canonical: resource.canonical)
            require(again.canonical == resource.canonical, "\(resource.canonical) is written as \(again.canonical)")
            require(
                again.body == resource.body && again.metadata == resource.metadata
                    && again.suspension == resource.suspension, "equal: \(resource.canonical)")
        } catch {
            fatalError("\(resource.canonical): \(error)")
        }
    }

    /// Each value has one fate, and what was left out or rounded is in the report.
    static func accounts(_ table: TableImport) {
        let values = table.account.map { "\($0.entry)#\($0.pointer)" }
        require(Set(values).count == values.count, "one fate for each value")
        let reported = Set(table.report.items.map { "\($0.entry)#\($0.pointer)#\($0.reason)" })
        for value in table.account {
            switch value.fate {
            case .carried: break
            case .rounded: require(reported.contains("\(value.entry)#\(value.pointer)#rounded"), "\(value) is reported")
            case .left(let reason, _):
                require(reported.contains("\(value.entry)#\(value.pointer)#\(reason)"), "\(value) is reported")
            }
        }
    }

    /// No document of the file keeps its good name with a field that nobody declared.
    static func refusesUnknownFields(in file: SourceFile, under defaults: FolderDefaults) {
        let chain = defaults.chain(for: file.path)
        for document in YAMLReader(path: file.path, bytes: file.bytes).documents {
            for changed in UnknownField.documents(from: document) {
                let found = ParsedDocument(changed, path: file.path, under: chain).diagnostics
                require(found.contains { $0.severity == .error }, "an unknown field is refused: \(changed)")
            }
        }
    }
}
