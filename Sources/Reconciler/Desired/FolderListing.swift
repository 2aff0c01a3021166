internal import Glibc
internal import Spec

/// The names of what a folder holds, found without opening a file.
struct FolderListing {
    private var listing: SourceListing<Void>

    /// Relative to the root, in order.
    let paths: [String]
    var refusals: [PathRefusal] { listing.refusals }

    /// Lists every YAML file below the open folder `root`; throws when there is more than `limits` allow.
    init(_ root: Int32, limits: GitLimits) throws(TooMuchToRead) {
        var listing = SourceListing<Void>(limits: limits)
        try listing.walk(root, path: "", depth: 0)
        paths = listing.entries.map(\.path).sorted()
        self.listing = listing
    }
}

extension SourceListing<Void> {
    /// Tells of all that is below a folder; `path` is empty or ends in a slash.
    fileprivate mutating func walk(_ folder: Int32, path: String, depth: Int) throws(TooMuchToRead) {
        try enter(path, depth: depth)
        // A copy, since closing the directory closes what it was made from.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let directory = fdopendir(copy) else { return refuse(path, becauseOf: errno) }
        defer { closedir(directory) }
        var names = FoldedNames()
        while let entry = readdir(directory) {
            guard entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) else { continue }
            let name = entry.entryName
            guard entry.hasTextName else {
                try visit(unreadableName: path + name)
                continue
            }
            let sort = EntrySort(entry.pointee.d_type) ?? EntrySort(of: name, in: folder)
            if FoldedNames.isSuspect(name.utf8), sort == .folder || SourceFile.isRead(name),
                let problem = names.problem(name, isThere: { faccessat(folder, $0, F_OK, AT_SYMLINK_NOFOLLOW) == 0 })
            {
                refuse(path + name, problem)
            }
            guard try visit(name, in: path, sort, ()) else { continue }
            let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else {
                refuse(path + name, becauseOf: errno)
                continue
            }
            defer { close(inner) }
            try walk(inner, path: path + name + "/", depth: depth + 1)
        }
    }

    private mutating func refuse(_ path: String, becauseOf code: Int32) {
        let name = path.isEmpty ? "." : path.hasSuffix("/") ? String(path.dropLast()) : path
        refuse(name, "it cannot be read: \(SystemError.text(of: code))")
    }
}

extension EntrySort {
    /// Of `d_type` (readdir(3)); nil where the file system leaves it open.
    fileprivate init?(_ type: UInt8) {
        switch Int(type) {
        case Int(DT_REG): self = .file
        case Int(DT_DIR): self = .folder
        case Int(DT_LNK): self = .link
        case Int(DT_UNKNOWN): return nil
        default: self = .special
        }
    }

    /// Asks the file system, without following a link.
    fileprivate init(of name: String, in folder: Int32) {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            self = .other("it cannot be read: \(SystemError.text(of: errno))")
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .link
        default: self = .special
        }
    }

    private static let special = EntrySort.other(specialReason)
    static let specialReason = "it is a pipe, a socket or a device, not a file"
}

extension UnsafeMutablePointer<dirent> {
    /// The name of a directory's entry (readdir(3)); U+FFFD stands for bytes that are not UTF-8.
    var entryName: String { withName { String(cString: $0) } }

    fileprivate var hasTextName: Bool { withName { String(validatingCString: $0) != nil } }

    private func withName<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafePointer(to: &pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee), body)
        }
    }
}
