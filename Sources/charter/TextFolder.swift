import Glibc

/// A folder that is made where it is missing, to write small generated files into.
struct TextFolder {
    var path: String

    init(_ path: String) { self.path = path }

    /// Writes over what is there; each file appears whole.
    func write(_ files: [(name: String, text: String)]) throws(WriteFailure) {
        try make()
        for (name, text) in files {
            let place = "\(path)/\(name)"
            let beside = "\(place).\(getpid()).tmp"
            try write(text, to: beside)
            guard rename(beside, place) == 0 else { throw WriteFailure(place) }
        }
    }

    private func make() throws(WriteFailure) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for count in parts.indices.map({ $0 + 1 }) {
            let folder = parts.prefix(count).joined(separator: "/")
            if folder.isEmpty || mkdir(folder, 0o755) == 0 || errno == EEXIST { continue }
            throw WriteFailure(folder)
        }
    }

    private func write(_ text: String, to place: String) throws(WriteFailure) {
        let file = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw WriteFailure(place) }
        defer { close(file) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw WriteFailure(place) }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// Why a file could not be written; made at once, while `errno` still says so.
struct WriteFailure: Error, CustomStringConvertible {
    var description: String

    init(_ place: String) {
        let code = errno
        description = "cannot write \(place): \(String(cString: strerror(code)))"
    }
}
