/// Defaults of folders that reach no resource, and those that give nothing.
struct UnusedDefaults {
    private(set) var diagnostics: [Diagnostic] = []
    /// The kinds that stand below each folder with defaults.
    private var kinds: [String: Set<Kind>] = [:]

    init(_ graph: Graph) {
        for file in graph.files where file.isEmptyDefaults { reportEmpty(file.path) }
        let files = graph.files.filter { !$0.given.isEmpty }
        guard !files.isEmpty else { return }
        for file in files { kinds[Self.folder(of: file.path)] = [] }
        for file in graph.files { note(file) }
        for file in files {
            for given in file.given { check(given, Self.folder(of: file.path)) }
        }
    }

    /// What could not be read may be of any kind.
    private mutating func note(_ file: ParsedFile) {
        let found = file.isIncomplete ? Set(Kind.allCases) : Set(file.documents.compactMap { $0.key?.kind })
        guard !found.isEmpty else { return }
        var folder = Self.folder(of: file.path)
        while true {
            kinds[folder]?.formUnion(found)
            if folder.isEmpty { return }
            folder = Self.folder(of: folder)
        }
    }

    private mutating func check(_ given: GivenDefaults, _ folder: String) {
        let kind = given.kind.rawValue
        if given.isEmpty {
            report(given, "these defaults of \(kind) give nothing", hint: "give them a `spec`, or remove them")
        } else if !(kinds[folder]?.contains(given.kind) ?? true) {
            report(
                given, folder.isEmpty ? "the repository has no \(kind)" : "no \(kind) stands below `\(folder)/`",
                hint: "remove these defaults, or move them to a folder above such resources")
        }
    }

    private mutating func reportEmpty(_ path: String) {
        diagnostics.append(
            Diagnostic(
                .defaultsUnused, at: Place(path: path, position: Extent.start.position), "this file gives no defaults",
                hint: "give them, each kind in a document with `apiVersion`, `kind` and `spec`, or remove the file"))
    }

    private mutating func report(_ given: GivenDefaults, _ message: String, hint: String) {
        diagnostics.append(
            Diagnostic(.defaultsUnused, at: given.place, length: given.extent.length, message, hint: hint))
    }

    private static func folder(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }
}
