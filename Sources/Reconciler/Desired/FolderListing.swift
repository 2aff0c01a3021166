internal import Glibc
internal import Spec

/// The names of what a folder holds, found without opening a file: those that Charter reads, and those that it refuses.
struct FolderListing {
    /// Relative to the root, in order.
    private(set) var paths: [String] = []
    private(set) var refusals: [PathRefusal] = []
    private let name: String
    private let limits: GitLimits
    private var entries = 0

    /// Lists every YAML file below the open folder `root`; throws when there is more than `limits` allow.
    init(_ root: Int32, named name: String, limits: GitLimits) throws(TooMuchToRead) {
        self.name = name
        self.limits = limits
        try enter(root, path: "", depth: 0)
        try checkCount()
        paths.sort()
    }

    private mutating func enter(_ folder: Int32, path: String, depth: Int) throws(TooMuchToRead) {
        guard depth <= limits.depthMax else {
            throw TooMuchToRead("folders that nest deeper than \(limits.depthMax), such as \(path)", in: name)
        }
        // A copy, since closing the directory closes what it was made from.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let directory = fdopendir(copy) else { return refuse(path, becauseOf: errno) }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            guard entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) else { continue }
            entries += 1
            try checkCount()
            let own = entry.entryName
            let whole = path.isEmpty ? own : path + "/" + own
            guard entry.hasTextName else {
                refusals.append(PathRefusal(path: whole, reason: "its name is not UTF-8"))
                continue
            }
            try visit(whole, own, in: folder, EntrySort(entry.pointee.d_type), depth: depth)
        }
    }

    private func checkCount() throws(TooMuchToRead) {
        if entries > limits.entriesMax {
            throw TooMuchToRead("more than \(limits.entriesMax) files and folders", in: name)
        }
        if paths.count > limits.filesMax { throw TooMuchToRead("more than \(limits.filesMax) YAML files, as many as --max-files allows", in: name) }
    }

    private mutating func visit(
        _ path: String, _ name: String, in folder: Int32, _ known: EntrySort, depth: Int
    ) throws(TooMuchToRead) {
        let isRead = SourceFile.isRead(name)
        switch known == .unknown ? EntrySort(of: name, in: folder) : known {
        case .folder:
            let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else { return refuse(path, becauseOf: errno) }
            defer { close(inner) }
            try enter(inner, path: path, depth: depth + 1)
        case .file:
            guard isRead else { return }
            guard path.unicodeScalars.allSatisfy(\.isPrintable) else {
                refusals.append(PathRefusal(path: path, reason: "its name has control characters"))
                return
            }
            paths.append(path)
        case .link:
            // A link elsewhere, such as a README at the root, hides nothing; one among an organization's files may.
            if isRead || path.hasPrefix("orgs/") || path == "orgs" {
                refusals.append(PathRefusal(path: path, reason: "it is a symbolic link; write the file itself"))
            }
        case .other, .unknown:
            if isRead { refusals.append(PathRefusal(path: path, reason: EntrySort.otherReason)) }
        }
    }

    private mutating func refuse(_ path: String, becauseOf code: Int32) {
        refusals.append(
            PathRefusal(path: path.isEmpty ? "." : path, reason: "it cannot be read: \(SystemError.text(of: code))"))
    }
}

/// What an entry of a folder is, as far as it matters here.
enum EntrySort {
    case file, folder, link, other, unknown

    /// Of `d_type` (readdir(3)), which some file systems leave open.
    init(_ type: UInt8) {
        switch Int(type) {
        case Int(DT_REG): self = .file
        case Int(DT_DIR): self = .folder
        case Int(DT_LNK): self = .link
        case Int(DT_UNKNOWN): self = .unknown
        default: self = .other
        }
    }

    /// Asks the file system, without following a link.
    init(of name: String, in folder: Int32) {
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            self = .unknown
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case S_IFLNK: self = .link
        default: self = .other
        }
    }

    static let otherReason = "it is a pipe, a socket or a device, not a file"
}

extension UnsafeMutablePointer<dirent> {
    /// The name of a directory's entry (readdir(3)); U+FFFD stands for bytes that are not UTF-8.
    var entryName: String { withName { String(cString: $0) } }

    var hasTextName: Bool { withName { String(validatingCString: $0) != nil } }

    private func withName<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        withUnsafePointer(to: &pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee), body)
        }
    }
}
