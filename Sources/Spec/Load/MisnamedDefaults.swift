/// A file whose name is easily taken for `_defaults.yaml`, so that nobody would know which of the two it is read as.
struct MisnamedDefaults: Sendable {
    let diagnostics: [Diagnostic]
    /// Whether it may declare resources that were not read.
    let mayDeclare: Bool
    let ignores: [IgnoreDirective]

    /// Nil for a file that is what its name says.
    init?(_ file: SourceFile, limits: ReadingLimits) {
        guard let likeness = DefaultsLikeness(of: file.path) else { return nil }
        let reader = YAMLReader(path: file.path, bytes: file.bytes, limits: limits)
        let names = reader.documents.map(\.nameInMetadata)
        guard likeness == .surely || names.contains(.missing) else { return nil }
        let name = file.path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? file.path
        let refusal = Diagnostic(
            .defaultsMisspelt, at: Place(path: file.path, position: Extent.start.position),
            "`\(name)` is easily taken for the defaults of the folder, and is not read as such",
            hint: names.contains(.given)
                ? "rename it: defaults are in `_defaults.yaml`, and files of resources do not look like it"
                : "rename it to `_defaults.yaml`, or move what it gives into that file")
        diagnostics = [refusal] + reader.diagnostics
        mayDeclare = reader.isIncomplete || names.contains(.given)
        ignores = reader.ignores
    }
}

/// How like `_defaults.yaml` the name of another file is.
private enum DefaultsLikeness {
    /// No file of resources is called so.
    case surely
    /// It depends on what is in it.
    case perhaps

    private static let meant = Array("_defaults".unicodeScalars)

    init?(of path: String) {
        guard !SourceFile.holdsFolderDefaults(path) else { return nil }
        let file = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
        guard let last = file.utf8.lastIndex(of: UInt8(ascii: ".")), Self.isPossible(file.utf8[..<last]) else { return nil }
        let stem = (Lookalikes.ascii(of: String(file[..<last])) ?? String(file[..<last])).lowercased()
        let isMarked = stem.hasPrefix("_")
        if isMarked, stem.hasPrefix("_default") {
            self = .surely
            return
        }
        let scalars = Array(stem.unicodeScalars)
        guard abs(scalars.count - Self.meant.count) <= Suggestion.editsMax,
            Suggestion.distance(scalars, Self.meant) <= Suggestion.editsMax
        else { return nil }
        self = isMarked ? .surely : .perhaps
    }

    /// False for nearly every file, at no cost: whoever is within the bound of edits shares the other letters.
    private static func isPossible(_ stem: Substring.UTF8View) -> Bool {
        if stem.first == UInt8(ascii: "_") { return true }
        var shared = 0
        for byte in stem {
            if byte >= 0x80 { return true }
            if meant.contains(Unicode.Scalar(byte | 0x20)) || byte == UInt8(ascii: "_") { shared += 1 }
        }
        return shared >= meant.count - Suggestion.editsMax
    }
}

extension Node {
    fileprivate enum NameInMetadata { case given, missing, unknown }

    /// Whether a document that has a kind gives its name.
    fileprivate var nameInMetadata: NameInMetadata {
        guard case .mapping(let entries) = content, entries.contains(where: { $0.key == "kind" }) else { return .unknown }
        let metadata = entries.first { $0.key == "metadata" }?.value.entries ?? []
        return metadata.contains { $0.key == "name" } ? .given : .missing
    }
}
