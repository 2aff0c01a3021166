internal import CLibGit2

extension GitRepository {
    /// The bytes of a commit object, as they are hashed and signed.
    func rawCommit(_ id: ObjectID, limits: GitLimits = GitLimits()) throws(GitError) -> [UInt8] {
        var oid = id.oid
        let database = try git(.commit) { git_repository_odb(&$0, handle) }
        defer { git_odb_free(database) }
        var size = 0
        var type = GIT_OBJECT_INVALID
        try git(.commit) { git_odb_read_header(&size, &type, database, &oid) }
        guard size <= limits.commitBytesMax else {
            throw GitError(.commit, code: .refused, message: "\(id.short) has \(size) bytes, more than \(limits.commitBytesMax)")
        }
        let object = try git(.commit) { git_odb_read(&$0, database, &oid) }
        defer { git_odb_object_free(object) }
        guard git_odb_object_type(object) == GIT_OBJECT_COMMIT else {
            throw GitError(.commit, code: .notFound, message: "\(id.short) is not a commit")
        }
        return Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
    }
}
