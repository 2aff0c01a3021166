internal import Glibc

/// How much of the disk a mirror takes.
struct MirrorSpace {
    private let mirror: String
    private let most: Int

    init(_ order: FetchOrder) {
        mirror = order.mirror
        most = order.mirrorBytesMax
    }

    /// Removes what killed fetches left behind; begins the mirror anew when it has grown too large.
    ///
    /// Every fetch adds a pack, and nothing repacks them.
    func makeRoom() throws(SystemError) {
        let used = measure(mirror, removing: true)
        guard used.bytes > most || used.packs > Self.packsMax else { return }
        try Self.discard(mirror)
    }

    /// Whole or not at all, whoever is killed meanwhile.
    static func discard(_ mirror: String) throws(SystemError) {
        // One that was killed here left it.
        FileTree.remove(mirror + ".old")
        guard rename(mirror, mirror + ".old") == 0 || errno == ENOENT else { throw SystemError("move \(mirror)", code: errno) }
        FileTree.remove(mirror + ".old")
    }

    /// Puts another in its place.
    static func replace(_ mirror: String, by fresh: String) throws(SystemError) {
        try discard(mirror)
        guard rename(fresh, mirror) == 0 else { throw SystemError("move \(fresh)", code: errno) }
    }

    /// More make every look for an object slow.
    private static let packsMax = 400

    private func measure(_ folder: String, removing isUnderway: Bool) -> (bytes: Int, packs: Int) {
        guard let directory = opendir(folder) else { return (0, 0) }
        defer { closedir(directory) }
        var used = (bytes: 0, packs: 0)
        while let entry = readdir(directory) {
            let name = entry.entryName
            guard name != ".", name != ".." else { continue }
            let path = folder + "/" + name
            if entry.pointee.d_type == UInt8(DT_DIR) {
                let inner = measure(path, removing: isUnderway)
                used = (used.bytes + inner.bytes, used.packs + inner.packs)
            } else if isUnderway && name.contains(Self.unfinished) {
                unlink(path)
            } else {
                var status = stat()
                if lstat(path, &status) == 0 { used.bytes += Int(status.st_blocks) * 512 }
                if name.hasSuffix(".pack") { used.packs += 1 }
            }
        }
        return used
    }

    /// In the names of libgit2's temporary files (git_futils_mktmp).
    private static let unfinished = "_git2_"
}
