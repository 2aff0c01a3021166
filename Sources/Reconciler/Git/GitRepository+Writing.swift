internal import CLibGit2
internal import Glibc

/// What the write-back makes of a repository: objects, which change nothing by themselves, and a reference that is moved at last.
extension GitRepository {
    /// Makes a tree like that of a commit with these files: their bytes, or nil for those that are removed.
    ///
    /// Paths count from the unit's folder; folders that lose their last file go with it.
    func makeTree(like commit: ObjectID, with files: [String: [UInt8]?]) throws(GitError) -> ObjectID {
        let baseline = try Self.tree(rootTree(of: commit).oid, in: handle)
        defer { git_tree_free(baseline) }
        var updates: [git_tree_update] = []
        let paths = files.keys.sorted()
        for path in paths {
            var update = git_tree_update()
            update.filemode = Self.isExecutable(unitFolder + path, in: baseline) ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB
            if case .some(.some(let bytes)) = files[path] {
                update.action = GIT_TREE_UPDATE_UPSERT
                update.id = try makeBlob(bytes)
            } else {
                update.action = GIT_TREE_UPDATE_REMOVE
            }
            updates.append(update)
        }
        var made = git_oid()
        let answer: Result<Void, GitError> = withCStrings(paths.map { unitFolder + $0 }) { texts in
            for index in updates.indices { updates[index].path = UnsafePointer(texts[index]) }
            return Result { () throws(GitError) in
                try git(.tree) { git_tree_create_updated(&made, handle, baseline, updates.count, updates) }
            }
        }
        try answer.get()
        return ObjectID(&made)
    }

    private static func isExecutable(_ path: String, in tree: OpaquePointer) -> Bool {
        var entry: OpaquePointer?
        guard git_tree_entry_bypath(&entry, tree, path) == 0 else { return false }
        defer { git_tree_entry_free(entry) }
        return git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE
    }

    private func makeBlob(_ bytes: [UInt8]) throws(GitError) -> git_oid {
        var made = git_oid()
        try git(.blob) { git_blob_create_from_buffer(&made, handle, bytes, bytes.count) }
        return made
    }

    /// Of the whole repository, whatever the unit's folder is.
    private func rootTree(of id: ObjectID) throws(GitError) -> ObjectID {
        var oid = id.oid
        let commit = try git(.commit) { git_commit_lookup(&$0, handle, &oid) }
        defer { git_commit_free(commit) }
        return ObjectID(git_commit_tree_id(commit))
    }

    /// Keeps the bytes of a commit as an object.
    func makeCommit(_ object: [UInt8]) throws(GitError) -> ObjectID {
        let database = try git(.commit) { git_repository_odb(&$0, handle) }
        defer { git_odb_free(database) }
        var made = git_oid()
        try git(.commit) { git_odb_write(&made, database, object, object.count, GIT_OBJECT_COMMIT) }
        return ObjectID(&made)
    }

    /// Has a reference name another commit than `old`, or be made where that is nil; false where it names something else by now.
    func move(_ reference: String, from old: ObjectID?, to new: ObjectID) throws(GitError) -> Bool {
        var id = new.oid
        do {
            let moved = try git(.reference) { made in
                guard var before = old?.oid else {
                    return git_reference_create(&made, handle, reference, &id, 0, Self.reflogMessage)
                }
                return git_reference_create_matching(&made, handle, reference, &id, 1, &before, Self.reflogMessage)
            }
            git_reference_free(moved)
            return true
        } catch  where [.modified, .exists].contains(error.code) || (old != nil && error.code == .notFound) {
            return false
        }
    }

    /// Removes a reference that names `old` yet; false where it names something else by now, or is not there.
    func remove(_ reference: String, at old: ObjectID) throws(GitError) -> Bool {
        do {
            let found = try git(.reference) { git_reference_lookup(&$0, handle, reference) }
            defer { git_reference_free(found) }
            guard let target = git_reference_target(found), ObjectID(target) == old else { return false }
            // Checked again under the reference's lock (git_reference_delete).
            try git(.reference) { git_reference_delete(found) }
            return true
        } catch where [.modified, .notFound].contains(error.code) {
            return false
        }
    }

    /// Whether a work tree beside this repository (git-worktree(1)) has the branch checked out.
    func isCheckedOut(_ branch: BranchName) throws(GitError) -> Bool {
        do {
            let found = try git(.reference) { git_reference_lookup(&$0, handle, branch.reference) }
            defer { git_reference_free(found) }
            return git_branch_is_checked_out(found) == 1
        } catch where error.code == .notFound {
            return false
        }
    }

    private static let reflogMessage = "charter: write-back"

    /// Where the commit of a request is kept while it is on no branch.
    static func changeReference(_ uid: String) -> String { "refs/charter/change/\(uid)" }

    /// Points a reference of our own at a commit, wherever it pointed.
    func keep(_ id: ObjectID, as reference: String) throws(GitError) {
        var oid = id.oid
        let made = try git(.reference) { git_reference_create(&$0, handle, reference, &oid, 1, Self.reflogMessage) }
        git_reference_free(made)
    }

    /// Forgets it; one that is not there is forgotten already.
    func drop(_ reference: String) { _ = git_reference_remove(handle, reference) }

    /// The commit that a reference names; nil where there is none.
    func target(of reference: String) throws(GitError) -> ObjectID? {
        var oid = git_oid()
        do {
            try git(.reference) { git_reference_name_to_id(&oid, handle, reference) }
        } catch  where error.code == .notFound {
            return nil
        }
        return ObjectID(&oid)
    }
}
