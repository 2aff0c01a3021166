internal import Glibc

/// How much of the disk a mirror takes.
///
/// Every fetch adds a pack, and nothing repacks them.
struct MirrorSpace {
    private let mirror: String
    private let most: Int

    init(_ order: FetchOrder) {
        mirror = order.mirror
        most = order.mirrorBytesMax
    }

    private struct Use {
        var bytes = 0
        var packs = 0
    }

    /// More make every look for an object slow.
    private static let packsMax = 400
    /// How much more than it should a mirror may take that cannot be fetched anew.
    private static let excessMax = 2

    /// Removes what killed fetches left behind.
    func clear() {
        _ = measure(mirror, removing: true)
        guard access(mirror, F_OK) != 0 else { return FileTree.remove(mirror + Self.oldSuffix) }
        // One that was killed in `replace` left it, and nothing in its place.
        rename(mirror + Self.oldSuffix, mirror)
    }

    /// Why the mirror should begin anew, a clause; nil while it is of a good size.
    var complaint: String? {
        let use = measure(mirror, removing: false)
        if use.bytes > most { return "has grown to \(use.bytes) bytes, of which \(most) are allowed" }
        return use.packs > Self.packsMax ? "has come to \(use.packs) packs" : nil
    }

    /// Whether nothing more may be added to it, whatever stands against a new one.
    var isFull: Bool { measure(mirror, removing: false).bytes / Self.excessMax > most }

    private static let oldSuffix = ".old"

    /// Puts another in its place, whole or not at all.
    static func replace(_ mirror: String, by fresh: String) throws(SystemError) {
        let old = mirror + oldSuffix
        FileTree.remove(old)
        guard rename(mirror, old) == 0 || errno == ENOENT else { throw SystemError("move \(mirror)", code: errno) }
        guard rename(fresh, mirror) == 0 else {
            let code = errno
            rename(old, mirror)
            throw SystemError("move \(fresh)", code: code)
        }
        FileTree.remove(old)
    }

    private func measure(_ folder: String, removing isUnderway: Bool) -> Use {
        guard let directory = opendir(folder) else { return Use() }
        defer { closedir(directory) }
        var use = Use()
        while let entry = readdir(directory) {
            let name = entry.entryName
            guard name != ".", name != ".." else { continue }
            let path = folder + "/" + name
            if entry.pointee.d_type == UInt8(DT_DIR) {
                let inner = measure(path, removing: isUnderway)
                use = Use(bytes: use.bytes + inner.bytes, packs: use.packs + inner.packs)
            } else if isUnderway && name.contains(Self.unfinished) {
                unlink(path)
            } else {
                var status = stat()
                if lstat(path, &status) == 0 { use.bytes += Int(status.st_blocks) * 512 }
                if name.hasSuffix(".pack") { use.packs += 1 }
            }
        }
        return use
    }

    /// In the names of libgit2's temporary files (git_futils_mktmp).
    private static let unfinished = "_git2_"
}
