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

extension GitRepository {
    /// Every `*.yaml` and `*.yml` outside hidden folders, in the order of their paths.
    ///
    /// Throws when the read could not be completed, so that a partial read is never taken for a small repository.
    package func files(of commit: Commit, limits: GitLimits = GitLimits()) throws(GitError) -> TreeReading {
        try files(ofTree: commit.tree, limits: limits)
    }

    /// The same of a tree, whose paths count from it; on every core.
    ///
    /// With `old` only those that this tree does not have, or has otherwise, or under another mode.
    func files(
        ofTree tree: ObjectID, since old: ObjectID? = nil, limits: GitLimits = GitLimits()
    ) throws(GitError) -> TreeReading {
        let listing = try TreeListing(of: tree, since: old, in: handle, limits: limits)
        var reading = TreeReading()
        reading.refusals = listing.refusals
        var bytes = 0
        ProgressBoard.begin(.reading, of: listing.entries.count)
        for outcome in try BlobReader(folder: folder, limits: limits).read(listing.entries, here: handle) {
            switch outcome {
            case .success(let file):
                bytes += file.bytes.count
                reading.files.append(file)
            case .failure(let refusal): reading.refusals.append(refusal)
            }
        }
        guard bytes <= limits.reading.bytesMax else { throw .refusal(.bytes(limits.reading)) }
        return reading
    }

    /// The bytes of the file at `path` in a commit; nil when there is no such file or commit here, or it is too large.
    func bytes(at path: String, inCommit id: ObjectID, limits: GitLimits = GitLimits()) throws(GitError) -> [UInt8]? {
        let commit: Commit
        do {
            commit = try self.commit(id)
        } catch  where error.code == .notFound {
            return nil
        }
        let tree = try Self.tree(commit.tree.oid, in: handle)
        defer { git_tree_free(tree) }
        let entry: OpaquePointer
        do {
            entry = try git(.tree) { git_tree_entry_bypath(&$0, tree, path) }
        } catch  where error.code == .notFound {
            return nil
        }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB, let id = git_tree_entry_id(entry) else { return nil }
        let size = try blobSize(handle, id.pointee)
        return size <= limits.reading.fileBytesMax ? try readBlob(handle, id.pointee) : nil
    }
}

extension GitRepository {
    /// A tree's handle, which the caller frees; its size is asked first.
    static func tree(_ id: git_oid, in repository: OpaquePointer) throws(GitError) -> OpaquePointer {
        var id = id
        let size = try blobSize(repository, id)
        guard size <= GitLimits.treeBytesMax else {
            throw GitError(.tree, code: .refused, message: "the commit has a folder whose list alone takes \(size) bytes")
        }
        return try git(.tree) { git_tree_lookup(&$0, repository, &id) }
    }
}

/// A blob's size, to be asked first, so that a delta made to explode is never unpacked.
func blobSize(_ repository: OpaquePointer, _ id: git_oid) throws(GitError) -> Int {
    var id = id
    let database = try git(.blob) { git_repository_odb(&$0, repository) }
    defer { git_odb_free(database) }
    var size = 0
    var type = GIT_OBJECT_INVALID
    do {
        try git(.blob) { git_odb_read_header(&size, &type, database, &id) }
    } catch  where error.code == .notFound {
        let name = withUnsafePointer(to: &id) { ObjectID($0) }
        throw GitError(
            .blob, code: .general,
            message: "the repository lacks \(name.short), a part of the commit; if it is a partial clone, clone it again without --filter",
            isOfDamage: true)
    }
    return size
}

func readBlob(_ repository: OpaquePointer, _ id: git_oid) throws(GitError) -> [UInt8] {
    var id = id
    let blob = try git(.blob) { git_blob_lookup(&$0, repository, &id) }
    defer { git_blob_free(blob) }
    return Array(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
}
