internal import CLibGit2
internal import Spec

/// The YAML files of one tree by name and blob, and every path that cannot be taken; no blob is read.
struct TreeListing {
    struct Entry {
        var path: String
        var blob: git_oid
    }

    private(set) var entries: [Entry] = []
    private(set) var refusals: [PathRefusal] = []
    private let repository: OpaquePointer
    private let limits: GitLimits
    private var count = 0

    /// Walks the whole tree; throws when the walk could not be completed.
    init(of tree: ObjectID, in repository: OpaquePointer, limits: GitLimits) throws(GitError) {
        self.repository = repository
        self.limits = limits
        try enter(tree.oid, path: "", depth: 0)
    }

    private mutating func enter(_ id: git_oid, path: String, depth: Int) throws(GitError) {
        guard depth <= limits.depthMax else {
            throw .refusal("\(path): folders nest deeper than \(limits.depthMax)")
        }
        var id = id
        let tree = try git(.tree) { git_tree_lookup(&$0, repository, &id) }
        defer { git_tree_free(tree) }
        let inside = git_tree_entrycount(tree)
        count += inside
        guard count <= limits.entriesMax else { throw .refusal("more than \(limits.entriesMax) files and folders") }
        for index in 0..<inside {
            guard let entry = git_tree_entry_byindex(tree, index) else { continue }
            try visit(entry, in: path, depth: depth)
        }
    }

    private mutating func visit(_ entry: OpaquePointer, in folder: String, depth: Int) throws(GitError) {
        guard let text = git_tree_entry_name(entry), let id = git_tree_entry_id(entry) else { return }
        guard text.pointee != UInt8(ascii: ".") else { return }
        guard let name = String(validatingCString: text) else {
            return refuse(folder + String(cString: text), "its name is not UTF-8")
        }
        let path = folder + name
        // Git writes no such trees; who makes one by hand wants a file taken for another.
        guard !name.contains("/"), entries.last?.path != path else {
            return refuse(path, "its name is not one that Git gives")
        }
        switch FileMode(rawValue: UInt32(git_tree_entry_filemode_raw(entry).rawValue)) {
        case .folder: try enter(id.pointee, path: path + "/", depth: depth + 1)
        case .file, .executable: if Self.isYAML(name) { take(path, id.pointee) }
        case .submodule: refuse(path, "it is a submodule; its files are not part of this repository")
        case .symlink: if Self.matters(path, name) { refuse(path, "it is a symbolic link; write the file itself") }
        default: if Self.matters(path, name) { refuse(path, "its mode is not that of a file or folder") }
        }
    }

    private mutating func take(_ path: String, _ blob: git_oid) {
        guard path.unicodeScalars.allSatisfy(\.isPrintable) else {
            return refuse(path, "its name has control characters")
        }
        entries.append(Entry(path: path, blob: blob))
    }

    private mutating func refuse(_ path: String, _ reason: String) {
        refusals.append(PathRefusal(path: path, reason: reason))
    }

    private static func isYAML(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

    /// A link elsewhere, such as a README at the root, hides nothing; one among an organization's files may.
    private static func matters(_ path: String, _ name: String) -> Bool {
        isYAML(name) || path.hasPrefix("orgs/") || path == "orgs"
    }
}

/// The modes Git writes, octal in its own documents.
private enum FileMode: UInt32 {
    case folder = 0o040000
    case file = 0o100644
    case executable = 0o100755
    case symlink = 0o120000
    case submodule = 0o160000
}

extension GitError {
    /// What Charter itself will not read.
    static func refusal(_ message: String) -> GitError { GitError(.tree, code: .refused, message: message) }
}
