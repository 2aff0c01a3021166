internal import Glibc

/// One fetch at a time into one mirror, and no trace of one that was killed.
enum MirrorLock {
    /// Takes the lock until this process ends, then removes the reference locks that a killed fetch left behind.
    static func hold(_ mirror: String) throws(SystemError) {
        let path = mirror + ".lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError("open \(path)", code: errno) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw SystemError("lock \(path)", code: errno) }
        }
        removeLocks(in: mirror + "/refs")
    }

    private static func removeLocks(in folder: String) {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = entry.entryName
            guard name != ".", name != ".." else { continue }
            let path = folder + "/" + name
            if entry.pointee.d_type == UInt8(DT_DIR) {
                removeLocks(in: path)
            } else if name.hasSuffix(".lock") {
                unlink(path)
            }
        }
    }
}
