internal import Glibc

/// Where declarations lie, and which part of them somebody asked about.
package struct DeclarationRoot: Hashable, Sendable {
    /// The folder from which the paths of declarations count; absolute, without links.
    package var folder: String
    /// What leads to it from the root of the Git repository around it: empty, or ending in `/`.
    package var prefix: String
    /// The root of the Git repository around it, when there is one.
    package var repository: String?
    /// What was asked about, counted from `folder`; empty means all of it.
    package var focus: Set<String> = []
    /// Every path that was named, whether or not another one holds it.
    private(set) var named: [NamedPath] = []

    /// A path as somebody wrote it, and as it counts from the root.
    struct NamedPath: Hashable, Sendable {
        var text: String
        var path: String
        var isFolder: Bool
        /// Whether it is not there, so that only a commit can have it.
        var isMissing = false
    }

    /// Finds the one root of all paths.
    ///
    /// A folder that has a `charter.yaml` or `.git` is a root itself, and so is one with neither above it. Anything else
    /// is part of the nearest folder above with a `charter.yaml`, or else, for files, with `.git`, or else of the current
    /// folder. With `mayBeMissing` a path need not be there, since it is a commit's.
    package static func find(
        _ paths: [String], mayBeMissing: Bool = false
    ) throws(DeclarationRootError) -> DeclarationRoot {
        var found: DeclarationRoot?
        for path in paths {
            let one = try DeclarationRoot(of: path, mayBeMissing: mayBeMissing)
            guard var sofar = found else {
                found = one
                continue
            }
            guard sofar.folder == one.folder else { throw .several(sofar.folder, one.folder) }
            // Who names the root asks about everything.
            sofar.focus = sofar.focus.isEmpty || one.focus.isEmpty ? [] : sofar.focus.union(one.focus)
            sofar.named += one.named
            found = sofar
        }
        guard let found else { return try DeclarationRoot(of: ".") }
        return found
    }

    private init(of path: String, mayBeMissing: Bool = false) throws(DeclarationRootError) {
        guard !path.isEmpty else { throw .empty }
        var status = stat()
        let isMissing = lstat(path, &status) != 0
        if isMissing {
            let code = errno
            guard mayBeMissing, code == ENOENT || code == ENOTDIR else {
                throw .unreadable(path, SystemError.text(of: code))
            }
        }
        let isFolder =
            !isMissing && (path.hasSuffix("/") || stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR)
        let place = try isMissing ? Self.placeOfMissing(path) : isFolder ? Self.real(path) : Self.realParent(of: path)
        let root = try isFolder ? Self.rootOfFolder(place) : Self.rootOfFile(place)
        folder = root
        repository = Self.nearest(from: root) { Self.exists($0 + "/.git") }
        prefix = repository.map { Self.rest(of: root, below: $0) }.map { $0.isEmpty ? "" : $0 + "/" } ?? ""
        let rest = Self.rest(of: place, below: root)
        focus = rest.isEmpty ? [] : [rest]
        named = [NamedPath(text: path, path: rest, isFolder: isFolder, isMissing: isMissing)]
    }

    /// A unit's folder, named with a final slash, of the repository at `path`: a root itself, whatever lies above it.
    package static func unit(_ folder: String, of path: String) throws(DeclarationRootError) -> DeclarationRoot {
        var root = try DeclarationRoot(of: "\(path)/\(folder)")
        root.folder = try real("\(path)/\(folder)")
        root.prefix = root.repository.map { rest(of: root.folder, below: $0) + "/" } ?? ""
        root.focus = []
        return root
    }

    /// Whether a file, named from the root, is among what was asked about.
    package func isAsked(_ path: String) -> Bool {
        focus.isEmpty || focus.contains(path) || Self.folders(above: path).contains(where: focus.contains)
    }

    /// Those that were named and hold none of the paths.
    func named(apartFrom paths: some Sequence<String>) -> [NamedPath] {
        var missing = Set(named.map(\.path)).subtracting([""])
        for path in paths where !missing.isEmpty {
            missing.remove(path)
            for folder in Self.folders(above: path) { missing.remove(folder) }
        }
        return named.filter { missing.contains($0.path) }
    }

    /// The folders that a path lies in, the nearest first, without the root.
    private static func folders(above path: String) -> some Sequence<String> {
        sequence(state: path[...]) { folder in
            guard let slash = folder.lastIndex(of: "/") else { return nil }
            folder = folder[..<slash]
            return String(folder)
        }
    }
}

extension DeclarationRoot {
    private static let rules = "/charter.yaml"

    private static func rootOfFolder(_ folder: String) -> String {
        if exists(folder + rules) || exists(folder + "/.git") { return folder }
        return nearest(from: folder) { exists($0 + rules) } ?? folder
    }

    private static func rootOfFile(_ path: String) throws(DeclarationRootError) -> String {
        let folder = parent(of: path)
        if let root = nearest(from: folder, { exists($0 + rules) }) ?? nearest(from: folder, { exists($0 + "/.git") }) {
            return root
        }
        let current = try real(".")
        return path.hasPrefix(current + "/") ? current : folder
    }

    /// The folder itself or the nearest above it for which the question holds; not beyond a Git repository's root.
    private static func nearest(from folder: String, _ holds: (String) -> Bool) -> String? {
        var folder = folder
        while true {
            if holds(folder) { return folder }
            if folder == "/" || exists(folder + "/.git") { return nil }
            folder = parent(of: folder)
        }
    }

    /// What leads from `root` to `path`; both absolute.
    private static func rest(of path: String, below root: String) -> String {
        guard path != root else { return "" }
        return String(path.dropFirst(root == "/" ? 1 : root.count + 1))
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// A file's absolute path without links on the way; it may be a link itself, which is then refused when read.
    private static func realParent(of path: String) throws(DeclarationRootError) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let folder = path.contains("/") ? parent(of: path) : "."
        let real = try real(folder)
        return real == "/" ? "/" + name : real + "/" + name
    }

    /// Where a path would be, counted from the nearest folder above it that is there.
    private static func placeOfMissing(_ path: String) throws(DeclarationRootError) -> String {
        var names = path.split(separator: "/").map(String.init)
        var rest: [String] = []
        while let name = names.popLast() {
            guard name != ".." else { throw .unreadable(path, SystemError.text(of: ENOENT)) }
            if name != "." { rest.insert(name, at: 0) }
            let above = (path.hasPrefix("/") ? "/" : names.isEmpty ? "." : "") + names.joined(separator: "/")
            guard exists(above) else { continue }
            let folder = try real(above)
            return (folder == "/" ? "" : folder) + "/" + rest.joined(separator: "/")
        }
        throw .unreadable(path, SystemError.text(of: ENOENT))
    }

    private static func real(_ path: String) throws(DeclarationRootError) -> String {
        guard let resolved = realpath(path, nil) else { throw .unreadable(path, SystemError.text(of: errno)) }
        defer { free(resolved) }
        guard let text = String(validatingCString: resolved) else { throw .unreadable(path, "its name is not UTF-8") }
        return text
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

/// Why there is nothing to validate.
package enum DeclarationRootError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String, String)
    case several(String, String)
    case empty

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .empty: "a path is empty"
        case .several(let one, let other): "the paths lie in two repositories, \(one) and \(other)"
        }
    }
}
