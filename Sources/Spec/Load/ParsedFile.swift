/// What one file declares, found without a look at any other: a pure function of its path and bytes.
package struct ParsedFile: Sendable {
    package let path: String
    let bytes: [UInt8]
    let documents: [ParsedDocument]
    let diagnostics: [Diagnostic]
    /// Whether it may declare resources that could not be read.
    let isIncomplete: Bool
    let ignores: [IgnoreDirective]
    /// Of a file of defaults, what it gives.
    private(set) var given: [GivenDefaults] = []
    /// Whether it is a file of defaults without a document.
    private(set) var isEmptyDefaults = false

    var hasErrors: Bool { isUnread || diagnostics.contains { $0.severity == .error } }
    private let isUnread: Bool

    /// One whose text nobody could read, which whoever tried tells of: what it declares is not known.
    init(unread path: String) {
        self.path = path
        bytes = []
        documents = []
        diagnostics = []
        ignores = []
        isIncomplete = true
        isUnread = true
    }

    /// Reads, decodes and checks each document by itself, over what its folders give.
    package init(
        _ file: SourceFile, under defaults: FolderDefaults = FolderDefaults(), limits: ReadingLimits = .standard
    ) {
        path = file.path
        bytes = file.bytes
        isUnread = false
        if file.isFolderDefaults {
            documents = []
            ignores = defaults.ignores(of: file.path)
            isIncomplete = false
            given = defaults.given(by: file.path)
            isEmptyDefaults = defaults.isEmpty(at: file.path)
            diagnostics = defaults.diagnostics(of: file.path) + ignores.flatMap(\.problems)
            return
        }
        if let misnamed = defaults.misnamed[file.path] {
            documents = []
            ignores = misnamed.ignores
            isIncomplete = misnamed.mayDeclare
            diagnostics = misnamed.diagnostics + ignores.flatMap(\.problems)
            return
        }
        let reader = YAMLReader(path: file.path, bytes: file.bytes, limits: limits)
        let chain = defaults.chain(for: file.path)
        let pointers = SharedPointers()
        let text = FileText(file.bytes)
        documents = reader.documents.map { ParsedDocument($0, path: file.path, under: chain, pointers, text) }
        ignores = reader.ignores
        diagnostics = (reader.diagnostics + documents.flatMap(\.diagnostics) + ignores.flatMap(\.problems)).withoutEchoes.listed(only: .error)
        isIncomplete = reader.isIncomplete || documents.contains { $0.key == nil }
    }

    /// Every name in it that another resource must declare.
    var references: [Reference] { documents.flatMap(\.references) + given.flatMap(\.references) }

    /// The same as one of which nobody asks what it gives by itself.
    var withoutGiven: ParsedFile {
        var file = self
        file.given = []
        file.isEmptyDefaults = false
        return file
    }
}

/// What one document declares; an object, since graphs hold it in several tables.
final class ParsedDocument: Sendable {
    /// Nil when its kind or name is unusable.
    let key: ResourceKey?
    /// Nil when something in it is wrong.
    let resource: Resource?
    /// What can be told of it then, to look for more mistakes: fields that are wrong hold their defaults.
    let draft: Resource?
    let nameExtent: Extent
    let references: [Reference]
    let claims: [Claim]
    let previousNames: [(name: String, extent: Extent)]
    let diagnostics: [Diagnostic]

    init(
        _ node: Node, path: String, under defaults: DefaultsChain, _ pointers: SharedPointers = SharedPointers(),
        _ text: FileText? = nil
    ) {
        let reading = Reading(
            path: path, document: node.extent, sources: defaults.paths, text: text, isBelowBroken: defaults.isBroken)
        let envelope = Envelope(document: node, under: defaults, reading)
        let folder = Folder(of: path)
        if let kind = envelope.kind { ParsedDocument.checkFolder(of: kind, envelope, path, reading) }
        reading.reportUnenforced()
        let key = envelope.kind.flatMap { kind in
            envelope.name.map { ResourceKey(org: folder.organization, kind: kind, name: $0) }
        }
        self.key = key
        nameExtent = envelope.nameExtent
        // Mapped, to leave behind the room that the lists had to grow.
        references = reading.references.map(\.self)
        claims = reading.claims.map(\.self)
        previousNames = reading.placed(envelope.metadata.previousNames, envelope.nameExtent)
        diagnostics = reading.diagnostics
        let isWhole = !reading.findings.hasErrors
        let made = key.flatMap { key in
            envelope.body.map { body in
                Resource(
                    key: key, metadata: envelope.metadata, body: body, canonical: envelope.text,
                    place: Place(path: path, position: node.extent.position), spans: reading.spans(pointers),
                    suspension: envelope.suspension)
            }
        }
        (resource, draft) = isWhole ? (made, nil) : (nil, made)
    }

    private static func checkFolder(of kind: Kind, _ envelope: Envelope, _ path: String, _ reading: Reading) {
        let at = envelope.nameExtent
        switch Folder(of: path) {
        case .platform where kind == .repository && path != SourceFile.rulesPath:
            reading.report(
                .kindMisplaced, at, "a Repository may only stand in `\(SourceFile.rulesPath)` at the root",
                hint: "move it there")
        case .platform where !kind.mayBelongToPlatform:
            reading.report(
                .kindMisplaced, at, "\(kind.rawValue) belongs to an organization",
                hint: "move it under `orgs/<organization>/`")
        case .organization(let org) where kind == .organization && envelope.name != nil && envelope.name != org:
            reading.report(
                .organizationMisnamed, at, "the organization in `orgs/\(org)/` must be named `\(org)`",
                hint: "rename it, or the folder")
        case .organization where !kind.mayBelongToOrganization:
            reading.report(
                .kindMisplaced, at, "\(kind.rawValue) belongs to the platform, not to an organization",
                hint: kind == .repository ? "move it to `\(SourceFile.rulesPath)`" : "move it out of `orgs/`")
        default: break
        }
    }
}

extension Reading {
    /// Earlier names with their places.
    fileprivate func placed(_ names: [String], _ fallback: Extent) -> [(name: String, extent: Extent)] {
        if names.isEmpty { return [] }
        var places: [String: Extent] = [:]
        for index in 0..<trail.count { places[String(decoding: trail.pointer(index), as: UTF8.self)] = trail[index] }
        return names.enumerated().map { ($1, places["/metadata/previousNames/\($0)"] ?? fallback) }
    }
}
