internal import Spec
internal import Store

/// The files of a commit as a request has them changed, one step after the other. Confined to one thread.
struct EditedFiles {
    private let repository: GitRepository
    private let desired: DesiredState
    private let defaults: FolderDefaults
    /// The files that those are read from.
    private let folders: [SourceFile]
    /// Their bytes; nil for those that are to be removed.
    private(set) var files: [String: [UInt8]?] = [:]
    /// Where documents were added in this request, and nil for those that it removed, which `desired` does not know.
    private var moved: [ResourceKey: String?] = [:]
    /// What is to be declared in the end, by canonical texts.
    private var wanted: [ResourceKey: String] = [:]

    init(_ desired: DesiredState, in repository: GitRepository) throws {
        self.repository = repository
        self.desired = desired
        folders = try desired.blobs.keys.filter(SourceFile.holdsFolderDefaults).compactMap { path in
            try repository.bytes(at: path, inCommit: desired.commit.id).map { SourceFile(path: path, bytes: $0) }
        }
        defaults = FolderDefaults(folders)
    }

    /// The commit that is edited.
    var commit: ObjectID { desired.commit.id }

    /// For the edits of one request: others wait meanwhile, and the lead is not renewed.
    static let editingMax = Duration.seconds(5)

    /// Paths that differ from the commit's.
    var changed: [String] { files.keys.sorted() }

    /// Throws `refused` where it takes longer than to `end`.
    mutating func carryOut(_ step: ChangePatch.Step, until end: ContinuousClock.Instant) throws {
        do {
            try Self.check(end)
            switch step {
            case .edit(let key, let operations):
                // Each operation reads the file again, for the proof that it did what was meant.
                for operation in operations {
                    try Self.check(end)
                    try edit(key, operation)
                }
            case .add(let document, let org, let path): try add(document, org, path)
            case .remove(let key): try remove(key)
            case .removeOrganization(let org): try removeOrganization(org)
            case .declare(let key, let canonical): try declare(key, canonical)
            }
        } catch let refusal as EditRefusal {
            throw ChangeRefusal.refused(refusal.message + (refusal.related.map { " (\($0))" } ?? ""), place: refusal.place)
        }
    }

    /// Throws `refused` where what a step has declared would read as something else.
    func requireWanted(in resources: [ResourceKey: Resource]) throws(ChangeRefusal) {
        for (key, canonical) in wanted.sorted(by: { $0.key < $1.key }) where resources[key]?.canonical != canonical {
            throw .refused("\(key) would not read as what is to be declared", place: resources[key]?.place)
        }
    }

    private static func check(_ end: ContinuousClock.Instant) throws(ChangeRefusal) {
        guard .now < end else { throw .refused("the change takes too long to make; ask for less at a time") }
    }

    private mutating func edit(_ key: ResourceKey, _ operation: ChangePatch.FieldOperation) throws {
        let path = try path(of: key)
        wanted[key] = nil
        let file = try file(path)
        let edited = try DocumentEdit(EditTarget(key), [Self.edit(operation)]).applied(to: file, under: defaults)
        if edited != file.bytes { files[path] = edited }
    }

    private static func edit(_ operation: ChangePatch.FieldOperation) throws(ChangeRefusal) -> FieldEdit {
        guard let json = operation.value else { return FieldEdit(operation.pointer, .remove) }
        do { return FieldEdit(operation.pointer, .set(try EditValue(json: json))) } catch {
            throw .refused("the value of \(FieldPointer.readable(operation.pointer)) is not JSON")
        }
    }

    private mutating func remove(_ key: ResourceKey) throws {
        let path = try path(of: key)
        let left = try DocumentRemoval(EditTarget(key)).applied(to: file(path))
        // A file that the commit does not have either needs no removal.
        if left == nil, desired.blobs[path] == nil { files.removeValue(forKey: path) } else { files[path] = .some(left) }
        moved[key] = .some(nil)
        wanted[key] = nil
    }

    /// Files of its folder go whole, its folders' defaults among them, so that it does not matter how much it declares.
    private mutating func removeOrganization(_ org: String) throws {
        let keys = Set(desired.resources.keys).union(moved.keys).filter { $0.org == org && isDeclared($0) }
        guard !keys.isEmpty else { throw ChangeRefusal.refused("the branch declares no organization \(org)") }
        var own = Set(desired.blobs.keys.filter { Folder(of: $0).organization == org })
        for key in keys.sorted() {
            own.insert(try path(of: key))
            moved[key] = .some(nil)
            wanted[key] = nil
        }
        for path in own {
            if desired.blobs[path] == nil { files.removeValue(forKey: path) } else { files[path] = .some(nil) }
        }
    }

    private mutating func add(_ document: String, _ org: String?, _ path: String?) throws {
        let bytes = Array(document.utf8)
        let keys = try Self.keys(of: bytes, org)
        for key in keys where isDeclared(key) {
            throw ChangeRefusal.refused("\(key) is declared already", place: desired.resources[key]?.place)
        }
        guard let path = try path ?? Self.usualPath(of: keys) else {
            throw ChangeRefusal.refused("several documents have no usual file; name the one that they go to")
        }
        try Self.check(path, org)
        files[path] = try DocumentAddition(bytes).applied(to: present(path) ?? SourceFile(path: path, bytes: []))
        for key in keys { moved[key] = path }
    }

    // MARK: What is there already

    /// Whether the commit declares what all steps ask for, so that there is nothing to do; nil where the time `isOver` before that is known.
    ///
    /// One step, or one of the edits of a step, is looked at in any case.
    func areCarriedOut(_ steps: [ChangePatch.Step], unless isOver: () -> Bool) throws -> Bool? {
        let parts = steps.flatMap { step -> [ChangePatch.Step] in
            guard case .edit(let key, let operations) = step else { return [step] }
            return operations.map { .edit(key, [$0]) }
        }
        for (index, part) in parts.enumerated() {
            guard index == 0 || !isOver() else { return nil }
            guard try isCarriedOut(part) else { return false }
        }
        return true
    }

    private func isCarriedOut(_ step: ChangePatch.Step) throws -> Bool {
        switch step {
        case .edit(let key, let operations): try operations.allSatisfy { try isMade($0, of: key) }
        case .add(let document, let org, let path): try isAdded(Array(document.utf8), org, path)
        case .remove(let key): desired.resources[key] == nil
        case .removeOrganization(let org): !desired.resources.keys.contains { $0.org == org }
        case .declare(let key, let canonical): desired.resources[key]?.canonical == canonical
        }
    }

    private func isMade(_ operation: ChangePatch.FieldOperation, of key: ResourceKey) throws -> Bool {
        guard desired.resources[key] != nil else { return false }
        var copy = self
        do { try copy.edit(key, operation) } catch let refusal as EditRefusal {
            return operation.value == nil && refusal.reason == .fieldMissing
        } catch is ChangeRefusal {
            return false
        }
        return copy.changed.isEmpty
    }

    private func isAdded(_ bytes: [UInt8], _ org: String?, _ path: String?) throws -> Bool {
        guard let keys = try? Self.keys(of: bytes, org), let path = try path ?? Self.usualPath(of: keys) else { return false }
        let asked = Specification.load([SourceFile(path: path, bytes: bytes)] + folders).resources
        return keys.allSatisfy { asked[$0] != nil && asked[$0]?.canonical == desired.resources[$0]?.canonical }
    }

    // MARK: Declarations

    private mutating func declare(_ key: ResourceKey, _ canonical: String) throws {
        let resource = try Self.resource(key, canonical)
        if !isDeclared(key) {
            guard let text = resource.yaml(isEffective: true) else { throw ChangeRefusal.refused("\(key) cannot be written as a document") }
            try add(text, key.org, nil)
        }
        let (path, present) = (try path(of: key), try canonicalText(of: key))
        if present != canonical {
            let file = try file(path)
            let edited = try DeclarationEdit(of: key, from: present, to: canonical).applied(to: file, under: defaults)
            if edited != file.bytes { files[path] = edited }
        }
        wanted[key] = canonical
    }

    private static func resource(_ key: ResourceKey, _ canonical: String) throws(ChangeRefusal) -> Resource {
        let resource: Resource
        do { resource = try Resource.decode(key: key, canonical: canonical) } catch {
            throw .refused("what \(key) is to say cannot be read: \(error.diagnostics.first?.message ?? "it is no declaration")")
        }
        guard resource.canonical == canonical else { throw .refused("what \(key) is to say is not in canonical form") }
        return resource
    }

    /// As the edited files declare it.
    private func canonicalText(of key: ResourceKey) throws -> String {
        let path = try path(of: key)
        if moved[key] == nil, files[path] == nil, let resource = desired.resources[key] { return resource.canonical }
        guard let resource = Specification.load([try file(path)] + folders).resources[key] else {
            throw ChangeRefusal.refused("\(key) has mistakes after the steps before")
        }
        return resource.canonical
    }

    private func isDeclared(_ key: ResourceKey) -> Bool {
        if let path = moved[key] { path != nil } else { desired.resources[key] != nil }
    }

    // MARK: Files

    /// Where a resource is declared.
    private func path(of key: ResourceKey) throws(ChangeRefusal) -> String {
        if case .some(.some(let path)) = moved[key] { return path }
        guard let resource = desired.resources[key], isDeclared(key) else {
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
