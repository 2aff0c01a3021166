internal import Glibc
package import Spec

/// Reads a folder of files as a commit of it would be read: for checking before committing, without Git.
package struct FolderReader {
    package private(set) var files: [SourceFile] = []
    package private(set) var refusals: [PathRefusal] = []
    private let root: String
    private let limits: GitLimits
    private var entries = 0

    /// Reads every YAML file below `root`; throws when the read could not be completed.
    package init(_ root: String, limits: GitLimits = GitLimits()) throws(SystemError) {
        self.root = root
        self.limits = limits
        try enter("", depth: 0)
        files.sort { $0.path < $1.path }
    }

    private mutating func enter(_ folder: String, depth: Int) throws(SystemError) {
        let path = folder.isEmpty ? root : root + "/" + folder
        guard depth <= limits.depthMax else { throw SystemError("read \(path)", code: ELOOP) }
        for name in try Self.names(in: path) where !name.hasPrefix(".") {
            entries += 1
            guard entries <= limits.entriesMax else { throw SystemError("read \(path)", code: EFBIG) }
            try visit(folder.isEmpty ? name : folder + "/" + name, depth: depth)
        }
    }

    private mutating func visit(_ path: String, depth: Int) throws(SystemError) {
        // What is not UTF-8 was read with this mark in its place, and cannot be found by that name.
        guard !path.unicodeScalars.contains("\u{fffd}") else {
            refusals.append(PathRefusal(path: path, reason: "its name is not UTF-8"))
            return
        }
        var status = stat()
        guard lstat(root + "/" + path, &status) == 0 else { throw SystemError("read \(path)", code: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try enter(path, depth: depth + 1)
        case S_IFREG: if SourceFile.isRead(path) { try read(path, size: Int(status.st_size)) }
        case S_IFLNK:
            if SourceFile.isRead(path) || path.hasPrefix("orgs/") || path == "orgs" {
                refusals.append(PathRefusal(path: path, reason: "it is a symbolic link; write the file itself"))
            }
        default: break
        }
    }

    private mutating func read(_ path: String, size: Int) throws(SystemError) {
        guard path.unicodeScalars.allSatisfy(\.isPrintable) else {
            refusals.append(PathRefusal(path: path, reason: "its name has control characters"))
            return
        }
        guard size <= limits.fileBytesMax else {
            refusals.append(PathRefusal(path: path, reason: "it has \(size) bytes, more than \(limits.fileBytesMax)"))
            return
        }
        let file = open(root + "/" + path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw SystemError("read \(path)", code: errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limits.fileBytesMax {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read \(path)", code: errno) }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        files.append(SourceFile(path: path, bytes: bytes))
    }

    private static func names(in path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw SystemError("read \(path)", code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(entry.entryName)
        }
        return names.sorted()
    }
}

extension UnsafeMutablePointer<dirent> {
    /// The name of a directory's entry (readdir(3)).
    var entryName: String {
        withUnsafePointer(to: &pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
                String(cString: $0)
            }
        }
    }
}
