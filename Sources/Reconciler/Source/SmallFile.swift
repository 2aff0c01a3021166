internal import Glibc

/// A file of settings, read whole.
enum SmallFile {
    /// Throws when it cannot be read, is no file, is longer than `bytesMax`, or is not UTF-8.
    static func text(_ path: String, bytesMax: Int) throws(SystemError) -> String {
        // A pipe that nobody writes to would be waited for without end.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError("read \(path)", code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError("read \(path)", code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError("read \(path)", code: EINVAL) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read \(path)", code: errno) }
            guard count > 0 else { break }
            bytes += chunk[..<count]
            guard bytes.count <= bytesMax else { throw SystemError("read \(path)", code: EFBIG) }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw SystemError("read \(path)", code: EILSEQ) }
        return text
    }

    /// Replaces the file, for this account alone.
    static func write(_ text: String, to path: String) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("write \(path)", code: errno) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write \(path)", code: errno) }
            bytes = bytes.dropFirst(count)
        }
    }
}
