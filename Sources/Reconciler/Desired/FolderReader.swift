internal import Dispatch
internal import Glibc
package import Spec
internal import Synchronization

/// Reads a folder of files as a commit of it would be read: for checking before committing.
///
/// Never waits for another process: what is no ordinary file is refused, and opened in a way that cannot block.
package struct FolderReader {
    package private(set) var files: [SourceFile] = []
    package private(set) var refusals: [PathRefusal]

    /// Files that one task reads at once: enough to make the hand-over cheap.
    private static let filesPerTask = 64

    /// Reads every YAML file below `root`; throws when the read could not be completed.
    package init(_ root: String, limits: GitLimits = GitLimits()) throws {
        let folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw SystemError("read \(root)", code: errno) }
        defer { close(folder) }
        do {
            let listing = try FolderListing(folder, limits: limits)
            refusals = listing.refusals
            ProgressBoard.begin(.reading, of: listing.paths.count)
            take(Self.read(listing.paths, in: folder, limits: limits.reading))
            let bytes = files.reduce(0) { $0 + $1.bytes.count }
            guard bytes <= limits.reading.bytesMax else { throw TooMuchToRead.bytes(limits.reading) }
        } catch let excess as TooMuchToRead {
            throw excess.of(root)
        }
    }

    private mutating func take(_ outcomes: [Result<SourceFile, PathRefusal>]) {
        files.reserveCapacity(outcomes.count)
        for outcome in outcomes {
            switch outcome {
            case .success(let file): files.append(file)
            case .failure(let refusal): refusals.append(refusal)
            }
        }
    }

    /// On every core, in the order given.
    private static func read(
        _ paths: [String], in folder: Int32, limits: ReadingLimits
    ) -> [Result<SourceFile, PathRefusal>] {
        let tasks = (paths.count + filesPerTask - 1) / filesPerTask
        let parts = Mutex<[Int: [Result<SourceFile, PathRefusal>]]>([:])
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
            let range = task * filesPerTask..<min(paths.count, (task + 1) * filesPerTask)
            let part = paths[range].map { path in
                Result { () throws(PathRefusal) in try read(path, in: folder, limits: limits) }
            }
            parts.withLock { $0[task] = part }
            ProgressBoard.advance(by: part.count)
        }
        return parts.withLock { parts in (0..<tasks).flatMap { parts[$0] ?? [] } }
    }

    private static func read(
        _ path: String, in folder: Int32, limits: ReadingLimits
    ) throws(PathRefusal) -> SourceFile {
        // The listing saw a file; should it have become a pipe since, the open still must not wait for a writer.
        let file = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw PathRefusal(path: path, code: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw PathRefusal(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw PathRefusal(path: path, reason: EntrySort.specialReason) }
        let size = Int(status.st_size)
        if let refusal = PathRefusal(path: path, byteCount: size, limits: limits) { throw refusal }
        var bytes: [UInt8] = []
        // One byte more than expected, so that the end of an unchanged file is met in the same call.
        var room = size + 1
        while true {
            let count = bytes.append(from: file, atMost: room)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw PathRefusal(path: path, code: errno) }
            guard count == room else { return SourceFile(path: path, bytes: bytes) }
            if let refusal = PathRefusal(path: path, byteCount: bytes.count, limits: limits) { throw refusal }
            room = 64 << 10
        }
    }
}

extension PathRefusal {
    fileprivate init(path: String, code: Int32) {
        self.init(path: path, reason: "it cannot be read: \(SystemError.text(of: code))")
    }
}

extension [UInt8] {
    /// Appends what one read(2) gives; answers its count, or -1 with errno set.
    fileprivate mutating func append(from file: Int32, atMost room: Int) -> Int {
        var answer = 0
        let read = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            answer = Glibc.read(file, buffer.baseAddress, room)
            count = Swift.max(0, answer)
        }
        if isEmpty { self = read } else { self += read }
        return answer
    }
}
