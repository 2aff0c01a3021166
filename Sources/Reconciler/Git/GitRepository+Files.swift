internal import CLibGit2
internal import Spec

/// One YAML file of a commit.
package struct BlobFile: Sendable {
    package var path: String
    package var blob: ObjectID
    package var bytes: [UInt8]
}

/// A whole commit as read: every YAML file, and every path that could not be taken.
package struct TreeReading: Sendable {
    package var files: [BlobFile] = []
    package var refusals: [PathRefusal] = []
}

/// A path of the repository that Charter will not read, and why.
package struct PathRefusal: Hashable, Sendable {
    package var path: String
    package var reason: String
}

extension GitRepository {
    /// Every `*.yaml` and `*.yml` outside hidden folders, in the order of their paths.
    ///
    /// Throws when the read could not be completed, so that a partial read is never taken for a small repository.
    package func files(of commit: Commit, limits: GitLimits = GitLimits()) throws(GitError) -> TreeReading {
        var walk = TreeWalk(repository: handle, limits: limits)
        try walk.enter(commit.tree.oid, path: "", depth: 0)
        return walk.reading
    }

    /// The bytes of the file at `path` in a commit; nil when there is no such file or no such commit here.
    func bytes(at path: String, inCommit id: ObjectID, limits: GitLimits = GitLimits()) throws(GitError) -> [UInt8]? {
        let commit: Commit
        do {
            commit = try self.commit(id)
        } catch  where error.code == .notFound {
            return nil
        }
        var oid = commit.tree.oid
        let tree = try git(.tree) { git_tree_lookup(&$0, handle, &oid) }
        defer { git_tree_free(tree) }
        let entry: OpaquePointer
        do {
            entry = try git(.tree) { git_tree_entry_bypath(&$0, tree, path) }
        } catch  where error.code == .notFound {
            return nil
        }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB, let id = git_tree_entry_id(entry) else { return nil }
        return try readBlob(handle, id.pointee, sizeMax: limits.fileBytesMax)
    }
}

/// The state of one walk through a commit's trees.
private struct TreeWalk {
    let repository: OpaquePointer
    let limits: GitLimits
    var reading = TreeReading()
    private var entries = 0
    private var bytes = 0

    init(repository: OpaquePointer, limits: GitLimits) {
        self.repository = repository
        self.limits = limits
    }

    mutating func enter(_ id: git_oid, path: String, depth: Int) throws(GitError) {
        guard depth <= limits.depthMax else { throw refusal("\(path): folders nest deeper than \(limits.depthMax)") }
        var id = id
        let tree = try git(.tree) { git_tree_lookup(&$0, repository, &id) }
        defer { git_tree_free(tree) }
        let count = git_tree_entrycount(tree)
        entries += count
        guard entries <= limits.entriesMax else { throw refusal("more than \(limits.entriesMax) files and folders") }
        for index in 0..<count {
            guard let entry = git_tree_entry_byindex(tree, index) else { continue }
            try visit(entry, in: path, depth: depth)
        }
    }

    private mutating func visit(_ entry: OpaquePointer, in folder: String, depth: Int) throws(GitError) {
        guard let text = git_tree_entry_name(entry), let id = git_tree_entry_id(entry) else { return }
        guard text.pointee != UInt8(ascii: ".") else { return }
        guard let name = String(validatingCString: text) else {
            return refuse(folder + String(cString: text), "its name is not UTF-8")
        }
        let path = folder + name
        // Git writes no such trees; who makes one by hand wants a file taken for another.
        guard !name.contains("/"), reading.files.last?.path != path else {
            return refuse(path, "its name is not one that Git gives")
        }
        switch FileMode(rawValue: UInt32(git_tree_entry_filemode_raw(entry).rawValue)) {
        case .folder: try enter(id.pointee, path: path + "/", depth: depth + 1)
        case .file, .executable: if Self.isYAML(name) { try read(id.pointee, at: path) }
        case .submodule: refuse(path, "it is a submodule; its files are not part of this repository")
        case .symlink: if Self.matters(path, name) { refuse(path, "it is a symbolic link; write the file itself") }
        default: if Self.matters(path, name) { refuse(path, "its mode is not that of a file or folder") }
        }
    }

    private mutating func read(_ id: git_oid, at path: String) throws(GitError) {
        guard path.unicodeScalars.allSatisfy(\.isPrintable) else {
            return refuse(path, "its name has control characters")
        }
        let content: [UInt8]
        do {
            content = try readBlob(repository, id, sizeMax: limits.fileBytesMax)
        } catch  where error.code == .refused {
            return refuse(path, error.message)
        }
        bytes += content.count
        guard bytes <= limits.totalBytesMax else { throw refusal("more than \(limits.totalBytesMax) bytes of YAML") }
        var id = id
        reading.files.append(BlobFile(path: path, blob: ObjectID(&id), bytes: content))
    }

    private mutating func refuse(_ path: String, _ reason: String) {
        reading.refusals.append(PathRefusal(path: path, reason: reason))
    }

    private func refusal(_ message: String) -> GitError { GitError(.tree, code: .refused, message: message) }

    private static func isYAML(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

    /// A link elsewhere, such as a README at the root, hides nothing; one among an organization's files may.
    private static func matters(_ path: String, _ name: String) -> Bool {
        isYAML(name) || path.hasPrefix("orgs/") || path == "orgs"
    }
}

/// The modes Git writes, octal in its own documents.
private enum FileMode: UInt32 {
    case folder = 0o040000
    case file = 0o100644
    case executable = 0o100755
    case symlink = 0o120000
    case submodule = 0o160000
}

/// A blob's bytes; its size is asked first, so that a delta made to explode is never unpacked.
private func readBlob(_ repository: OpaquePointer, _ id: git_oid, sizeMax: Int) throws(GitError) -> [UInt8] {
    var id = id
    let database = try git(.blob) { git_repository_odb(&$0, repository) }
    defer { git_odb_free(database) }
    var size = 0
    var type = GIT_OBJECT_INVALID
    try git(.blob) { git_odb_read_header(&size, &type, database, &id) }
    guard size <= sizeMax else {
        throw GitError(.blob, code: .refused, message: "it has \(size) bytes, more than \(sizeMax)")
    }
    let blob = try git(.blob) { git_blob_lookup(&$0, repository, &id) }
    defer { git_blob_free(blob) }
    return Array(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
}
