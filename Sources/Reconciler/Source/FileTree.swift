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

    /// It and the folders below it, as many as are worth watching.
    static func folders(in path: String) -> [String] {
        var found = [path]
        var next = 0
        while next < found.count && found.count < foldersMax {
            let folder = found[next]
            next += 1
            guard let directory = opendir(folder) else { continue }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = entry.entryName
                guard entry.pointee.d_type == UInt8(DT_DIR), name != ".", name != ".." else { continue }
                found.append(folder + "/" + name)
            }
        }
        return found
    }

    private static let foldersMax = 1000

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
