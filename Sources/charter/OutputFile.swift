import Glibc
import Reconciler
import Spec

/// A file to be written whole or not at all.
struct OutputFile {
    var path: String
    var text: String
    /// Whether only its owner may read it.
    var isPrivate = false

    /// Names every file that is there already.
    static func refuseExisting(_ files: [OutputFile]) throws(CommandFailure) {
        let existing = files.map(\.path).filter(FileText.exists)
        guard let first = existing.first else { return }
        let more = existing.count > 1 ? ", and \(existing.count - 1) more files" : ""
        throw CommandFailure(
            "\(first)\(more) would be written over; nothing was written\n  give --force, or another --output")
    }

    /// Writes each beside its place first, so that a full disk or a crash leaves no half of one; then moves all.
    static func write(_ files: [OutputFile], over overwrites: Bool) throws(CommandFailure) {
        var written: [(from: String, to: String)] = []
        do throws(CommandFailure) {
            ProgressBoard.begin(.writing, of: files.count)
            for (index, file) in files.enumerated() {
                if index > 0, index % filesTold == 0 { ProgressBoard.advance(by: filesTold) }
                try makeFolder(of: file.path)
                let temporary = "\(file.path).\(getpid()).tmp"
                written.append((temporary, file.path))
                try file.write(to: temporary, isSynced: files.count <= filesSyncedMax)
            }
            for (from, to) in written { try move(from, to, over: overwrites) }
        } catch {
            for (from, _) in written { unlink(from) }
            throw error
        }
    }

    /// Of so many at once it is told how far the writing is.
    private static let filesTold = 100
    /// More than these are quicker made once more, should the machine go down, than waited for one by one.
    private static let filesSyncedMax = 64

    private func write(to temporary: String, isSynced: Bool) throws(CommandFailure) {
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, isPrivate ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw .system("write \(path)") }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .system("write \(path)") }
            bytes = bytes.dropFirst(count)
        }
        guard !isSynced || fsync(descriptor) == 0 else { throw .system("write \(path)") }
    }

    /// `link` refuses what came into being meanwhile, where `rename` would replace it.
    private static func move(_ from: String, _ to: String, over overwrites: Bool) throws(CommandFailure) {
        guard !overwrites else {
            guard rename(from, to) == 0 else { throw .system("write \(to)") }
            return
        }
        guard link(from, to) == 0 else { throw .system("write \(to)") }
        unlink(from)
    }

    private static func makeFolder(of path: String) throws(CommandFailure) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for count in parts.indices.map({ $0 + 1 }) {
            let folder = parts.prefix(count).joined(separator: "/")
            if folder.isEmpty || mkdir(folder, 0o755) == 0 || errno == EEXIST { continue }
            throw .system("make the folder \(folder)")
        }
    }
}

/// Files as the commands read them.
enum FileText {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// When its content was last changed.
    static func lastChange(of path: String) -> Instant? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Instant(milliseconds: Int64(status.st_mtim.tv_sec) * 1000)
    }

    static func read(_ path: String, bytesMax: Int) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("read \(path)") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system("read \(path)") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= bytesMax else { throw CommandFailure("\(path) has more than \(bytesMax) bytes") }
        }
    }
}

extension CommandFailure {
    /// The gate of system calls here: reads `errno` at once.
    static func system(_ action: String) -> CommandFailure {
        let code = errno
        return CommandFailure("cannot \(action): \(String(cString: strerror(code)))")
    }
}
