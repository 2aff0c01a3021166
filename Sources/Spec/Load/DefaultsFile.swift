/// One `_defaults.yaml`: documents that look like resources without a name, at most one of a kind.
struct DefaultsFile: Sendable {
    let path: String
    /// Each kind's `metadata` and `spec`.
    private(set) var entries: [Kind: [Node.Entry]] = [:]
    /// What it gives, in the order of its documents.
    private(set) var given: [GivenDefaults] = []
    private(set) var diagnostics: [Diagnostic]
    /// Whether something in it could not be read, so that resources below may lack what it gives.
    private(set) var isBroken: Bool
    let ignores: [IgnoreDirective]
    /// Whether there is not one document in it, however many comments.
    let isEmpty: Bool

    /// `source` is the file's own number, `outer` what the folders above it give.
    init(_ file: SourceFile, source: Int32, under outer: DefaultsChain, limits: ReadingLimits) {
        path = file.path
        let reader = YAMLReader(path: file.path, bytes: file.bytes, limits: limits)
        diagnostics = reader.diagnostics
        isBroken = reader.isIncomplete
        ignores = reader.ignores
        isEmpty = reader.documents.isEmpty && reader.diagnostics.isEmpty
        for document in reader.documents { add(document, source, outer) }
        diagnostics = diagnostics.withoutEchoes.listed(only: .error)
    }

    private mutating func add(_ document: Node, _ source: Int32, _ outer: DefaultsChain) {
        let reading = Reading(path: path, document: document.extent, sources: outer.paths, isOfDefaults: true)
        guard case .mapping(let own) = document.content, let kind = Kind(in: own),
            let kindExtent = own.first(where: { $0.key == "kind" })?.value.extent
        else {
            _ = Envelope(document: document, reading)
            return take(reading)
        }
        if let misplaced = Self.misplaced(kind, in: path) {
            reading.report(.defaultsMisplaced, kindExtent, misplaced.message, hint: misplaced.hint)
            return take(reading)
        }
        if let first = given.first(where: { $0.kind == kind }) {
            reading.report(
                .defaultsMisplaced, kindExtent, "this file gives defaults of \(kind.rawValue) already",
                hint: "keep one document of each kind", related: [(first.extent, "the first ones")])
            return take(reading)
        }
        refuseNames(own, reading)
        // Judged together with what it stands over, so that clearing something given farther out is no mistake.
        _ = Envelope(document: document, under: outer, reading)
        take(reading)
        let fields = document.from(source).entries.filter { $0.key == "metadata" || $0.key == "spec" }
        entries[kind] = fields
        given.append(
            GivenDefaults(
                kind: kind, path: path, extent: kindExtent, isEmpty: fields.allSatisfy(\.value.isEmptyMapping),
                references: reading.references.filter { $0.place.path == path }))
    }

    /// Why a kind has no defaults in a file at that path; nil where it may have.
    private static func misplaced(_ kind: Kind, in path: String) -> (message: String, hint: String)? {
        guard kind != .repository else { return ("a Repository has no defaults", "write it in `\(SourceFile.rulesPath)`") }
        switch DefaultsScope(of: path) {
        case .platform where !kind.mayBelongToPlatform:
            return (
                "\(kind.withArticle) belongs to an organization, and none can stand below this folder",
                "move these defaults under `orgs/`, or to the root"
            )
        case .organization where !kind.mayBelongToOrganization:
            return (
                "\(kind.withArticle) belongs to the platform, and none can stand below this folder",
                "move these defaults out of `orgs/`"
            )
        default: return nil
        }
    }

    private func refuseNames(_ own: [Node.Entry], _ reading: Reading) {
        guard case .mapping(let metadata)? = own.first(where: { $0.key == "metadata" })?.value.content else { return }
        for entry in metadata where entry.key == "name" || entry.key == "previousNames" {
            reading.report(
                .defaultsNamed, entry.keyExtent, "defaults have no `\(entry.key)`",
                hint: "they hold for every resource of the kind below this folder")
        }
    }

    /// Remarks are made of the resources, but for the one that speaks of the field alone.
    private mutating func take(_ reading: Reading) {
        reading.reportUnenforced(ofKinds: false)
        let found = reading.diagnostics.filter { diagnostic in
            (diagnostic.severity == .error || diagnostic.code == .notEnforced) && diagnostic.place?.path == path
        }
        diagnostics += found
        if found.contains(where: { $0.severity == .error }) { isBroken = true }
    }
}

/// What a file of defaults gives to the resources of one kind.
struct GivenDefaults: Sendable {
    var kind: Kind
    var path: String
    /// Of the word after `kind:`.
    var extent: Extent
    /// Whether it holds no field at all.
    var isEmpty: Bool
    /// Names in it that others must declare, whether or not a resource inherits them.
    var references: [Reference]

    var place: Place { Place(path: path, position: extent.position) }
}

/// Whose resources may stand below a folder with defaults.
enum DefaultsScope: Hashable {
    case organization(String)
    case platform
    /// The root, and `orgs/` itself.
    case both

    init(of path: String) {
        if case .organization(let name) = Folder(of: path) {
            self = .organization(name)
        } else {
            let folder = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropLast()
            self = folder.isEmpty || folder.count == 1 && folder[0].elementsEqual("orgs".utf8) ? .both : .platform
        }
    }
}

extension DiagnosticCode {
    /// Whether it says that something is not there, which another file may give.
    var isOfAbsence: Bool { self == .fieldMissing || self == .alternativeMissing }

    /// The same, or a remark that what is not there may cause.
    var mayBeOfAbsence: Bool { isOfAbsence || self == .keyWithoutScopes || self == .keyWithoutSecrets }
}

extension Node {
    /// False for what is no mapping, which was reported.
    fileprivate var isEmptyMapping: Bool {
        if case .mapping(let entries) = content { entries.isEmpty } else { false }
    }

    /// The fields of a mapping.
    var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }
}
