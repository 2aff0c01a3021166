package import Spec
internal import Store

/// A repository that declares what is in a database: the way in for what was never in Git, and back for what was lost of it.
///
/// Each resource stands where it was declared, or else at a path made of its name, in canonical form with all that folders
/// gave it; comments are not kept. A value.
package struct RepositoryExport: Sendable {
    /// In the order of their paths.
    package private(set) var files: [SourceFile] = []
    /// Written although no revision put them into the database.
    package private(set) var foreign: [ResourceKey] = []
    /// Written as applied, although hands changed their rows.
    package private(set) var drifted: [ResourceKey] = []
    /// Rows that hold no declaration, by name, with what is against them.
    package private(set) var leftOut: [(name: String, reason: String)] = []
    package private(set) var resourceCount = 0
    /// What the checker has against the files.
    package let check: DeclarationCheck

    /// Of one unit's state; throws when what it writes would not read as what is applied.
    package init(_ state: AppliedState) throws {
        var documents: [String: [(position: Position, resource: Resource)]] = [:]
        for (uid, row) in state.applied {
            let resource = try Resource.decode(key: row.key, canonical: row.canonical)
            let provenance = state.provenance[uid]
            let path = try ExportPath(of: row.key, declaredAt: provenance?.path).text
            documents[path, default: []].append((provenance?.document ?? .last, resource))
            if let found = state.actual[uid], found.canonical != row.canonical || found.key != row.key { drifted.append(row.key) }
            if state.actual[uid] == nil { drifted.append(row.key) }
        }
        for (uid, row) in state.actual where state.applied[uid] == nil {
            do {
                let resource = try Resource.decode(key: row.key, canonical: row.canonical)
                documents[try ExportPath(of: row.key, declaredAt: nil).text, default: []].append((.last, resource))
                foreign.append(row.key)
            } catch {
                leftOut.append(("\(row.key)", "\(error)"))
            }
        }
        leftOut += state.strangers.map { ($0.name, "its kind is unknown") }
        (foreign, drifted) = (foreign.sorted(), drifted.sorted())
        leftOut.sort { $0.name < $1.name }
        var written: [ResourceKey: String] = [:]
        ProgressBoard.begin(.exporting, of: documents.values.reduce(0) { $0 + $1.count })
        for (path, found) in documents.sorted(by: { $0.key < $1.key }) {
            let inOrder = found.sorted { ($0.position, $0.resource.key) < ($1.position, $1.resource.key) }
            var texts: [String] = []
            for (_, resource) in inOrder {
                guard let text = resource.yaml(isEffective: true) else { throw UnwritableResource(key: resource.key) }
                texts.append(text)
                written[resource.key] = resource.canonical
            }
            files.append(SourceFile(path: path, bytes: Array(texts.joined(separator: "---\n").utf8)))
        }
        resourceCount = written.count
        check = DeclarationCheck(files: files, refusals: [], beside: state.others)
        for (key, canonical) in written where check.declarations.resources[key]?.canonical ?? canonical != canonical {
            throw UnwritableResource(key: key)
        }
    }

    /// Something would be read back otherwise than it was applied.
    struct UnwritableResource: Error, CustomStringConvertible {
        let key: ResourceKey
        var description: String { "\(key) cannot be written as YAML that reads the same; nothing was written" }
    }
}

extension Position {
    /// Behind all that has a place.
    fileprivate static let last = Position(line: .max, column: .max)
}

/// Where a resource is written.
struct ExportPath {
    let text: String

    /// The path it was declared at, where a file there would be read, and as the same owner's. Throws where its name makes no
    /// path either: a hand or a forged export may hold an organization that leads out of the folder.
    init(of key: ResourceKey, declaredAt path: String?) throws(UnfitName) {
        guard let fit = [path, Self.path(of: key)].compactMap(\.self).first(where: { Self.isFit($0, for: key) }) else {
            throw UnfitName(key: key)
        }
        text = fit
    }

    struct UnfitName: Error, CustomStringConvertible {
        let key: ResourceKey
        var description: String { "\(key) has a name that no file can have".printable }
    }

    private static func isFit(_ path: String, for key: ResourceKey) -> Bool {
        if key.kind == .repository { return path == SourceFile.rulesPath }
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        return SourceFile.isRead(path) && !SourceFile.holdsFolderDefaults(path) && path != SourceFile.rulesPath
            && Folder(of: path).organization == key.org
            && names.allSatisfy { !$0.isEmpty && SuspectName.problem(String($0)) == nil && $0.unicodeScalars.allSatisfy(\.isPrintable) }
    }

    /// `orgs/<org>/<kinds>/<name>.yaml`; names that some system takes for one another share a file.
    private static func path(of key: ResourceKey) -> String {
        if key.kind == .repository { return SourceFile.rulesPath }
        let folder = key.org.map { "orgs/\($0)/" } ?? ""
        let name = String(key.name.lowercased().map { $0 == "/" || $0 == ":" ? "-" : $0 })
        return "\(folder)\(key.kind.plural)/\(name).yaml"
    }
}
