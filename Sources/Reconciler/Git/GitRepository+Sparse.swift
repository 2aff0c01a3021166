internal import CLibGit2
internal import Glibc
internal import Spec

extension GitRepository {
    /// The YAML files below `prefix` that a sparse checkout leaves out of its folder, as the index has them
    /// (git-sparse-checkout(1)); what is there all the same is not among them. Paths count from `prefix`.
    func filesLeftOut(below prefix: String, apartFrom there: Set<String>, limits: GitLimits) throws(GitError) -> TreeReading {
        var reading = TreeReading()
        guard mayLeaveOut else { return reading }
        for (path, id) in try pathsLeftOut(below: prefix) where !there.contains(path) {
            do {
                let size = try blobSize(handle, id)
                if let refusal = PathRefusal(path: path, byteCount: size, limits: limits.reading) {
                    reading.refusals.append(refusal)
                    continue
                }
                var name = id
                reading.files.append(BlobFile(path: path, blob: ObjectID(&name), bytes: try readBlob(handle, id)))
            } catch  where error.code == .notFound {
                reading.refusals.append(
                    PathRefusal(path: path, reason: "the sparse checkout leaves it out, and this clone has no copy of it"))
            }
        }
        return reading
    }

    /// Where nobody ever asked for a sparse checkout, the index need not be read.
    private var mayLeaveOut: Bool {
        git_repository_path(handle).map { access(String(cString: $0) + "info/sparse-checkout", F_OK) == 0 } ?? false
    }

    private func pathsLeftOut(below prefix: String) throws(GitError) -> [(path: String, id: git_oid)] {
        let index: OpaquePointer
        do {
            index = try git(.open) { git_repository_index(&$0, handle) }
        } catch {
            throw GitError(
                .open, code: error.code, message: "cannot read the index of this sparse checkout (\(error)); judge a commit with --rev")
        }
        defer { git_index_free(index) }
        var found: [(path: String, id: git_oid)] = []
        for position in 0..<git_index_entrycount(index) {
            guard let entry = git_index_get_byindex(index, position)?.pointee, entry.mode & 0o170000 == 0o100000,
                UInt32(entry.flags_extended) & GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue != 0,
                let path = entry.path.flatMap({ String(validatingCString: $0) }), path.utf8.starts(with: prefix.utf8)
            else { continue }
            let rest = String(path.utf8.dropFirst(prefix.utf8.count)) ?? path
            if SourceFile.isRead(rest) { found.append((rest, entry.id)) }
        }
        return found
    }
}
