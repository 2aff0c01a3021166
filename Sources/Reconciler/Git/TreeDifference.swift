internal import CLibGit2

/// Compares two trees by walking both in Git's order at once, entering only the folders whose ids differ.
///
/// What stands out of order in a tree made by hand is told of more often than it differs, never less.
struct TreeDifference {
    private let repository: OpaquePointer
    private let among: Set<String>?
    /// Of files.
    private(set) var paths: Set<String> = []

    /// With `among` of no others.
    init(in repository: OpaquePointer, among: Set<String>? = nil) {
        self.repository = repository
        self.among = among
    }

    mutating func compare(_ old: git_oid?, _ new: git_oid?) throws(GitError) {
        if let old, let new, Self.isSame(old, new) { return }
        try compare(old, new, path: "", depth: 0)
    }

    private mutating func compare(_ old: git_oid?, _ new: git_oid?, path: String, depth: Int) throws(GitError) {
        guard depth <= GitLimits().folderDepthMax else { return }
        let before = try old.map { id throws(GitError) in try GitRepository.tree(id, in: repository) }
        defer { git_tree_free(before) }
        let after = try new.map { id throws(GitError) in try GitRepository.tree(id, in: repository) }
        defer { git_tree_free(after) }
        var (left, right) = (0, 0)
        while true {
            let one = before.flatMap { git_tree_entry_byindex($0, left) }
            let other = after.flatMap { git_tree_entry_byindex($0, right) }
            switch (one, other) {
            case (nil, nil): return
            case (let one?, let other?):
                let order = git_tree_entry_cmp(one, other)
                if order <= 0 { left += 1 }
                if order >= 0 { right += 1 }
                if order == 0, Self.isSame(one, other) { continue }
                try differ(order <= 0 ? one : nil, order >= 0 ? other : nil, in: path, depth: depth)
            default:
                if one != nil { left += 1 } else { right += 1 }
                try differ(one, other, in: path, depth: depth)
            }
        }
    }

    /// Each is nil where the other tree alone has the name.
    private mutating func differ(_ old: OpaquePointer?, _ new: OpaquePointer?, in folder: String, depth: Int) throws(GitError) {
        guard let name = git_tree_entry_name(old ?? new) else { return }
        let path = folder + String(cString: name)
        let folders = (Self.folder(old), Self.folder(new))
        let isFile = (old != nil && folders.0 == nil) || (new != nil && folders.1 == nil)
        if isFile && (among?.contains(path) ?? true) { paths.insert(path) }
        guard folders.0 != nil || folders.1 != nil, isWanted(below: path) else { return }
        try compare(folders.0, folders.1, path: path + "/", depth: depth + 1)
    }

    /// Of few paths that are asked for, most folders hold none.
    private func isWanted(below folder: String) -> Bool {
        guard let among, among.count <= Self.askedMax else { return true }
        return among.contains { $0.utf8.starts(with: folder.utf8) }
    }

    /// So many are looked through faster than a folder is read.
    private static let askedMax = 64

    private static func folder(_ entry: OpaquePointer?) -> git_oid? {
        guard let entry, git_tree_entry_type(entry) == GIT_OBJECT_TREE else { return nil }
        return git_tree_entry_id(entry)?.pointee
    }

    /// Whether nothing that is read of an entry changed; the right to execute is not read.
    private static func isSame(_ one: OpaquePointer, _ other: OpaquePointer) -> Bool {
        guard let first = git_tree_entry_id(one), let second = git_tree_entry_id(other), git_oid_equal(first, second) == 1 else { return false }
        let modes = (git_tree_entry_filemode_raw(one).rawValue, git_tree_entry_filemode_raw(other).rawValue)
        return modes.0 == modes.1 || EntrySort(mode: UInt32(modes.0)) == EntrySort(mode: UInt32(modes.1))
    }

    private static func isSame(_ one: git_oid, _ other: git_oid) -> Bool {
        var (one, other) = (one, other)
        return git_oid_equal(&one, &other) == 1
    }
}
