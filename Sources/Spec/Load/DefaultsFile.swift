/// One `_defaults.yaml`: documents that look like resources without a name, at most one of a kind.
struct DefaultsFile: Sendable {
    let path: String
    /// Each kind's `metadata` and `spec`.
    private(set) var entries: [Kind: [Node.Entry]] = [:]
    private(set) var diagnostics: [Diagnostic]
    /// Whether something in it could not be read, so that resources below may lack what it gives.
    private(set) var isBroken: Bool
    let ignores: [IgnoreDirective]

    /// `source` is the file's own number, `outer` what the folders above it give.
    init(_ file: SourceFile, source: Int32, under outer: DefaultsChain, limits: ReadingLimits) {
        path = file.path
        let reader = YAMLReader(path: file.path, bytes: file.bytes, limits: limits)
        diagnostics = reader.diagnostics
        isBroken = reader.isIncomplete
        ignores = reader.ignores
        for document in reader.documents { add(document, source, outer) }
    }

    private mutating func add(_ document: Node, _ source: Int32, _ outer: DefaultsChain) {
        let reading = Reading(path: path, document: document.extent, sources: outer.paths)
        guard case .mapping(let own) = document.content, let kind = Kind(in: own) else {
            _ = Envelope(document: document, reading)
            return take(reading)
        }
        guard kind != .repository else {
            reading.report(
                .defaultsMisplaced, document.extent, "a Repository has no defaults", hint: "write it in `charter.yaml`")
            return take(reading)
        }
        if entries[kind] != nil {
            reading.report(
                .defaultsMisplaced, document.extent, "this file gives defaults of \(kind.rawValue) already",
                hint: "keep one document of each kind")
            return take(reading)
        }
        refuseNames(own, reading)
        // Judged together with what it stands over, so that clearing something given farther out is no mistake.
        let envelope = Envelope(document: document, under: outer, reading)
        _ = envelope
        take(reading)
        entries[kind] = document.from(source).entries.filter { $0.key == "metadata" || $0.key == "spec" }
    }

    private func refuseNames(_ own: [Node.Entry], _ reading: Reading) {
        guard case .mapping(let metadata)? = own.first(where: { $0.key == "metadata" })?.value.content else { return }
        for entry in metadata where entry.key == "name" || entry.key == "previousNames" {
            reading.report(
                .defaultsNamed, entry.keyExtent, "defaults have no `\(entry.key)`",
                hint: "they hold for every resource of the kind below this folder")
        }
    }

    /// What is missing may stand in the resources, and remarks are made of those.
    private mutating func take(_ reading: Reading) {
        let found = reading.diagnostics.filter { diagnostic in
            diagnostic.severity == .error && diagnostic.place?.path == path && !diagnostic.code.isOfAbsence
        }
        diagnostics += found
        if !found.isEmpty { isBroken = true }
    }
}

extension DiagnosticCode {
    /// Whether it says that something is not there, which another file may give.
    var isOfAbsence: Bool { self == .fieldMissing || self == .alternativeMissing }
}

extension Node {
    fileprivate var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }
}
