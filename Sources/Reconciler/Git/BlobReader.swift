internal import CLibGit2
internal import Dispatch
internal import Glibc
internal import Spec
internal import Synchronization

/// Reads the blobs of a listing, many at once: a repository's handle belongs to one thread, so each has its own.
struct BlobReader {
    var folder: String
    var limits: GitLimits

    typealias Outcome = Result<BlobFile, PathRefusal>

    /// Blobs that are worth opening the repository again for.
    private static let blobsPerHandle = 200

    /// In the order given; `here` is this thread's handle.
    func read(_ entries: [TreeListing.Entry], here: OpaquePointer) throws(GitError) -> [Outcome] {
        let tasks = min(max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), entries.count / Self.blobsPerHandle)
        guard tasks > 1 else { return try read(entries[...], from: here) }
        let parts = Mutex<[Int: Result<[Outcome], GitError>]>([:])
        let share = (entries.count + tasks - 1) / tasks
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
            let range = min(entries.count, task * share)..<min(entries.count, (task + 1) * share)
            let part = Result { () throws(GitError) in
                let own = try GitRepository(at: folder)
                return try withExtendedLifetime(own) { () throws(GitError) in try read(entries[range], from: own.handle)
                }
            }
            parts.withLock { $0[task] = part }
        }
        let ended = parts.withLock { $0 }
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(entries.count)
        for task in 0..<tasks { outcomes += try ended[task]?.get() ?? [] }
        return outcomes
    }

    private func read(_ entries: ArraySlice<TreeListing.Entry>, from handle: OpaquePointer) throws(GitError)
        -> [Outcome]
    {
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(entries.count)
        for entry in entries {
            if outcomes.count % ProgressBoard.batch == ProgressBoard.batch - 1 { ProgressBoard.advance(by: ProgressBoard.batch) }
            var id = entry.content
            let size = try blobSize(handle, id)
            if let refusal = PathRefusal(path: entry.path, byteCount: size, limits: limits.reading) {
                outcomes.append(.failure(refusal))
            } else {
                let bytes = try readBlob(handle, id)
                outcomes.append(.success(BlobFile(path: entry.path, blob: ObjectID(&id), bytes: bytes)))
            }
        }
        return outcomes
    }
}
