internal import Spec
internal import Store

/// The files of a commit as a request has them changed, one step after the other. Confined to one thread.
struct EditedFiles {
    private let repository: GitRepository
    private let desired: DesiredState
    private let defaults: FolderDefaults
    /// Their bytes; nil for those that are to be removed.
    private(set) var files: [String: [UInt8]?] = [:]
    /// Where documents were added in this request, which `desired` does not know.
    private var added: [ResourceKey: String] = [:]

    init(_ desired: DesiredState, in repository: GitRepository) throws {
        self.repository = repository
        self.desired = desired
        let sources = try desired.blobs.keys.filter(SourceFile.holdsFolderDefaults).compactMap { path in
            try repository.bytes(at: path, inCommit: desired.commit.id).map { SourceFile(path: path, bytes: $0) }
        }
        defaults = FolderDefaults(sources)
    }

    /// Paths that differ from the commit's.
    var changed: [String] { files.keys.sorted() }

    mutating func carryOut(_ step: ChangePatch.Step) throws {
        do {
            switch step {
            case .edit(let key, let operations): try edit(key, operations)
            case .add(let document, let org, let path): try add(document, org, path)
            case .remove(let key): try remove(key)
            }
        } catch let refusal as EditRefusal {
            throw ChangeRefusal.refused(refusal.message + (refusal.related.map { " (\($0))" } ?? ""), place: refusal.place)
        }
    }

    private mutating func edit(_ key: ResourceKey, _ operations: [ChangePatch.FieldOperation]) throws {
        let path = try path(of: key)
        let edits = try operations.map { operation in
            guard let json = operation.value else { return FieldEdit(operation.pointer, .remove) }
            do { return FieldEdit(operation.pointer, .set(try EditValue(json: json))) } catch {
                throw ChangeRefusal.refused("the value of \(FieldPointer.readable(operation.pointer)) is not JSON")
            }
        }
        let file = try file(path)
        let edited = try DocumentEdit(EditTarget(key), edits).applied(to: file, under: defaults)
        if edited != file.bytes { files[path] = edited }
    }

    private mutating func remove(_ key: ResourceKey) throws {
        let path = try path(of: key)
        let left = try DocumentRemoval(EditTarget(key)).applied(to: file(path))
        // A file that the commit does not have either needs no removal.
        if left == nil, desired.blobs[path] == nil { files.removeValue(forKey: path) } else { files[path] = .some(left) }
        added[key] = nil
    }

    private mutating func add(_ document: String, _ org: String?, _ path: String?) throws {
        let bytes = Array(document.utf8)
        let keys = try Self.keys(of: bytes, org)
        for key in keys where desired.resources[key] != nil || added[key] != nil {
            throw ChangeRefusal.refused("\(key) is declared already", place: desired.resources[key]?.place)
        }
        guard let path = try path ?? Self.usualPath(of: keys) else {
            throw ChangeRefusal.refused("several documents have no usual file; name the one that they go to")
        }
        try Self.check(path, org)
        files[path] = try DocumentAddition(bytes).applied(to: present(path) ?? SourceFile(path: path, bytes: []))
        for key in keys { added[key] = path }
    }

    // MARK: Files

    /// Where a resource is declared.
    private func path(of key: ResourceKey) throws(ChangeRefusal) -> String {
        if let path = added[key] { return path }
        guard let resource = desired.resources[key] else {
            let names = desired.resources.keys.filter { $0.org == key.org && $0.kind == key.kind }.map(\.name)
            let near = Suggestion.nearest(to: key.name, among: names).map { "; did you mean \($0)?" } ?? ""
            throw .refused("the branch declares no \(key)\(near)")
        }
        guard let path = resource.place?.path, desired.blobs[path] != nil else {
            throw .refused("\(key) is not declared in a file of this repository")
        }
        return path
    }

    private func file(_ path: String) throws -> SourceFile {
        guard let file = try present(path) else { throw ChangeRefusal.refused("there is no file \(path)") }
        return file
    }

    private func present(_ path: String) throws -> SourceFile? {
        if let edited = files[path] { return edited.map { SourceFile(path: path, bytes: $0) } }
        return try repository.bytes(at: path, inCommit: desired.commit.id).map { SourceFile(path: path, bytes: $0) }
    }

    // MARK: Documents

    /// What the documents declare, in the organization's folder or the platform's.
    private static func keys(of bytes: [UInt8], _ org: String?) throws(ChangeRefusal) -> [ResourceKey] {
        let folder = org.map { "orgs/\($0)/" } ?? ""
        let check = DeclarationCheck(files: [SourceFile(path: folder + "document.yaml", bytes: bytes)], refusals: [])
        let keys = check.declarations.resources.keys.sorted()
        guard keys.isEmpty else { return keys }
        let first = check.diagnostics.first { $0.severity == .error }
        throw .refused("what is to be added cannot be read: \(first?.message ?? "it has no document")", place: first?.place)
    }

    private static func usualPath(of keys: [ResourceKey]) throws(ChangeRefusal) -> String? {
        guard keys.count == 1 else { return nil }
        do { return try ExportPath(of: keys[0], declaredAt: nil).text } catch { throw .refused("\(error)") }
    }

    private static func check(_ path: String, _ org: String?) throws(ChangeRefusal) {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = names.allSatisfy {
            !$0.isEmpty && SuspectName.problem(String($0)) == nil && $0.unicodeScalars.allSatisfy(\.isPrintable)
        }
        guard isPlain, SourceFile.isRead(path), Folder(of: path).organization == org else {
            throw .refused("\(path.printable) is no file of \(org ?? "the platform") that is read")
        }
    }
}
