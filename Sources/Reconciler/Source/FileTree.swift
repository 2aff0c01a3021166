internal import Glibc

/// A folder with all that is in it.
enum FileTree {
    /// Makes it, and those above it that are missing, for this account alone.
    static func make(_ path: String) throws(SystemError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
                throw SystemError("make folder \(made)", code: errno)
            }
        }
    }

    /// Links are removed and not followed; what cannot be removed stays.
    static func remove(_ path: String) {
        if let directory = opendir(path) {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = entry.entryName
                guard name != ".", name != ".." else { continue }
                if entry.pointee.d_type == UInt8(DT_DIR) { remove(path + "/" + name) } else { unlink(path + "/" + name) }
            }
        }
        rmdir(path)
    }
}
