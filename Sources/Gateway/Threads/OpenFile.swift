internal import Glibc

/// An open file, closed when its last owner lets go of it; calls from several threads are the kernel's to order.
final class OpenFile: Sendable {
    let path: String
    let descriptor: Int32

    init(reading path: String) throws(DiskFault) {
        self.path = path
        descriptor = try Disk.check("open", path) { open(path, O_RDONLY | O_CLOEXEC) }
    }

    /// A new file that only its owner can read; one of that name must not exist.
    init(creating path: String) throws(DiskFault) {
        self.path = path
        descriptor = try Disk.check("open", path) { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    }

    /// A file that may exist, to be written behind its end.
    init(appending path: String) throws(DiskFault) {
        self.path = path
        descriptor = try Disk.check("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
    }

    /// A file that this process alone holds until the object goes; one that another process holds is a fault.
    init(locking path: String) throws(DiskFault) {
        self.path = path
        let descriptor = try Disk.check("open", path) { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        self.descriptor = descriptor
        try Disk.check("lock", path) { flock(descriptor, LOCK_EX | LOCK_NB) }
    }

    /// A descriptor that another process has opened, which this one owns from now on.
    init(adopting descriptor: Int32, path: String) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Writes all bytes at `offset`; after a fault the file may hold a part of them.
    func write(_ bytes: [UInt8], at offset: Int) throws(DiskFault) {
        var done = 0
        while done < bytes.count {
            done += try Disk.check("pwrite", path) {
                bytes.withUnsafeBytes { buffer in
                    pwrite(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
                }
            }
        }
    }

    func truncate(to length: Int) throws(DiskFault) {
        try Disk.check("ftruncate", path) { ftruncate(descriptor, off_t(length)) }
    }

    /// Waits until what was written is on the disk.
    func synchronize() throws(DiskFault) {
        try Disk.check("fdatasync", path) { fdatasync(descriptor) }
    }

    /// Up to `max` bytes from `offset`; fewer at the end of the file.
    func read(at offset: Int, max: Int) throws(DiskFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max)
        var done = 0
        while done < max {
            let count = try Disk.check("pread", path) {
                bytes.withUnsafeMutableBytes { buffer in
                    pread(descriptor, buffer.baseAddress! + done, max - done, off_t(offset + done))
                }
            }
            if count == 0 { break }
            done += count
        }
        bytes.removeLast(max - done)
        return bytes
    }

    func length() throws(DiskFault) -> Int {
        var status = stat()
        try Disk.check("fstat", path) { fstat(descriptor, &status) }
        return Int(status.st_size)
    }
}
