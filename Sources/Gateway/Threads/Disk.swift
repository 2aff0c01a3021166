internal import Glibc

/// A file system call that failed.
package struct DiskFault: Error, Hashable, Sendable, CustomStringConvertible {
    package var call: String
    package var errno: Int32
    package var path: String

    package var description: String { "\(call) \(path): \(String(cString: strerror(errno)))" }
    /// Whether waiting can help: space may be freed, a quota raised.
    package var isExhaustion: Bool { errno == ENOSPC || errno == EDQUOT }
}

/// The gate to the file system: the only place of this target that reads `errno` after a file call.
enum Disk {
    /// Runs `call` again while it is interrupted, and turns a negative result into a fault.
    @discardableResult
    static func check<Result: SignedInteger>(
        _ name: String, _ path: String, _ call: () -> Result
    ) throws(DiskFault) -> Result {
        while true {
            let result = call()
            if result >= 0 { return result }
            let code = errno
            if code != EINTR { throw DiskFault(call: name, errno: code, path: path) }
        }
    }

    static func makeDirectory(_ path: String) throws(DiskFault) {
        do {
            try check("mkdir", path) { mkdir(path, 0o700) }
        } catch where error.errno == EEXIST {
            return
        } catch where error.errno == ENOENT {
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw error }
            try makeDirectory(String(path[..<slash]))
            try check("mkdir", path) { mkdir(path, 0o700) }
        }
    }

    /// Waits until the names in a directory are on the disk: a file that was synchronized can still be missing without (fsync(2)).
    static func synchronizeDirectory(_ path: String) throws(DiskFault) {
        let descriptor = try check("open", path) { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { close(descriptor) }
        try check("fsync", path) { fsync(descriptor) }
    }

    static func rename(_ path: String, to other: String) throws(DiskFault) {
        try check("rename", path) { Glibc.rename(path, other) }
    }

    /// Names in a directory, without those that begin with a dot; empty when it does not exist.
    static func names(in path: String) throws(DiskFault) -> [String] {
        guard let directory = opendir(path) else {
            let code = errno
            if code == ENOENT { return [] }
            throw DiskFault(call: "opendir", errno: code, path: path)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// Removes a file; that it is gone already is no fault.
    static func remove(_ path: String) throws(DiskFault) {
        do {
            try check("unlink", path) { unlink(path) }
        } catch where error.errno == ENOENT {
            return
        }
    }

    /// Removes an empty directory; one that still holds something stays.
    static func removeEmptyDirectory(_ path: String) {
        _ = rmdir(path)
    }

    /// The whole content of a small file.
    static func read(_ path: String, max: Int) throws(DiskFault) -> [UInt8] {
        let file = try OpenFile(reading: path)
        return try file.read(at: 0, max: max)
    }
}
