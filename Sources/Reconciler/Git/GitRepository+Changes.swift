internal import CLibGit2
internal import Dispatch
package import Spec
internal import Synchronization

extension GitRepository {
    /// The tree of a folder of the commit, named with a final slash; the whole for the empty name, nil when there is none.
    package func tree(of commit: Commit, at folder: String) throws(GitError) -> ObjectID? {
        folder.isEmpty ? commit.tree : try tree(commit.tree, at: folder)
    }

    func tree(_ whole: ObjectID, at folder: String) throws(GitError) -> ObjectID? {
        let tree = try Self.tree(whole.oid, in: handle)
        defer { git_tree_free(tree) }
        let entry: OpaquePointer
        do {
            entry = try git(.tree) { git_tree_entry_bypath(&$0, tree, String(folder.dropLast())) }
        } catch  where error.code == .notFound {
            return nil
        }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_type(entry) == GIT_OBJECT_TREE, let id = git_tree_entry_id(entry) else { return nil }
        return ObjectID(id)
    }

    /// What changed from one tree to another; nil stands for an empty one.
    package func change(from old: ObjectID?, to new: ObjectID?) throws(GitError) -> FileChanges {
        let paths = try changedPaths(from: old, to: new).filter { SourceFile.isRead($0) || SourceFile.isNearlyRead($0) }
        return FileChanges(paths: paths, before: try before(paths, in: old))
    }

    /// What changed from a tree to files that lie outside of Git; each is compared by what its blob would be called.
    ///
    /// `unread` are paths in `folder` of which nothing but this is asked.
    package func change(
        from old: ObjectID?, to files: [SourceFile], unread: [String] = [], in folder: String = ""
    ) throws(GitError) -> FileChanges {
        var listed: [String: git_oid] = [:]
        if let old {
            let entries = try TreeListing(of: old, in: handle, limits: Self.limitsOfNames).entries
            listed.reserveCapacity(entries.count)
            for entry in entries { listed[entry.path] = entry.content }
        }
        var paths = Set<String>()
        for (file, blob) in zip(files, BlobNames.of(files)) {
            if let known = listed.removeValue(forKey: file.path), known.isEqual(to: blob) { continue }
            paths.insert(file.path)
        }
        paths.formUnion(listed.keys)
        for path in unread where try !isUnchanged(path, from: old, in: folder) { paths.insert(path) }
        return FileChanges(paths: paths, before: try before(paths, in: old))
    }

    private func isUnchanged(_ path: String, from old: ObjectID?, in folder: String) throws(GitError) -> Bool {
        guard var root = old?.oid else { return false }
        let tree = try git(.tree) { git_tree_lookup(&$0, handle, &root) }
        defer { git_tree_free(tree) }
        let entry: OpaquePointer
        do {
            entry = try git(.tree) { git_tree_entry_bypath(&$0, tree, path) }
        } catch  where error.code == .notFound {
            return false
        }
        defer { git_tree_entry_free(entry) }
        var name = git_oid()
        guard git_odb_hashfile(&name, folder + "/" + path, GIT_OBJECT_BLOB) == 0 else { return false }
        return git_tree_entry_id(entry)?.pointee.isEqual(to: name) ?? false
    }

    /// Of what was, names alone are listed; how many files may be read now is no business of theirs.
    private static var limitsOfNames: GitLimits {
        var limits = GitLimits()
        limits.reading.filesMax = limits.entriesMax
        return limits
    }

    private func before(_ paths: Set<String>, in tree: ObjectID?) throws(GitError) -> [SourceFile] {
        guard let tree, !paths.isEmpty else { return [] }
        let wanted = try TreeListing(of: tree, in: handle, limits: Self.limitsOfNames).entries.filter {
            paths.contains($0.path)
        }
        return try BlobReader(folder: folder, limits: GitLimits()).read(wanted, here: handle).compactMap { outcome in
            (try? outcome.get()).map { SourceFile(path: $0.path, bytes: $0.bytes) }
        }
    }
}

/// What Git would call files, found without a repository.
private enum BlobNames {
    private static let filesPerTask = 256

    /// In the order given, on every core; a name of zeros, which no blob has, where there is no answer.
    static func of(_ files: [SourceFile]) -> [git_oid] {
        let tasks = (files.count + filesPerTask - 1) / filesPerTask
        let parts = Mutex<[Int: [git_oid]]>([:])
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
            let part = files[task * filesPerTask..<min(files.count, (task + 1) * filesPerTask)].map { file in
                var name = git_oid()
                return git_odb_hash(&name, file.bytes, file.bytes.count, GIT_OBJECT_BLOB) == 0 ? name : git_oid()
            }
            parts.withLock { $0[task] = part }
        }
        return parts.withLock { parts in (0..<tasks).flatMap { parts[$0] ?? [] } }
    }
}

extension git_oid {
    fileprivate func isEqual(to other: git_oid) -> Bool {
        var (one, two) = (self, other)
        return git_oid_equal(&one, &two) == 1
    }
}
