internal import CLibGit2
internal import Glibc
internal import Spec

/// The YAML files of one tree by name and blob, and every path that cannot be taken; no blob is read.
struct TreeListing {
    typealias Entry = SourceListing<git_oid>.Entry

    private var listing: SourceListing<git_oid>
    private let repository: OpaquePointer

    var entries: [Entry] { listing.entries }
    var refusals: [PathRefusal] { listing.refusals }

    /// Walks the whole tree, or what differs from `old`; throws when the walk could not be completed.
    init(
        of tree: ObjectID, since old: ObjectID? = nil, in repository: OpaquePointer, limits: GitLimits
    ) throws(GitError) {
        self.repository = repository
        listing = SourceListing(limits: limits)
        try walk(tree.oid, since: old?.oid, path: "", depth: 0)
    }

    private mutating func walk(
        _ id: git_oid, since old: git_oid?, path: String, depth: Int
    ) throws(GitError) {
        try Self.limited { () throws(TooMuchToRead) in try listing.enter(path, depth: depth) }
        let tree = try GitRepository.tree(id, in: repository)
        defer { git_tree_free(tree) }
        let before = try old.map { id throws(GitError) in try GitRepository.tree(id, in: repository) }
        defer { git_tree_free(before) }
        var order = TreeNames(of: tree)
        var names = FoldedNames()
        for index in 0..<git_tree_entrycount(tree) {
            guard let entry = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(entry) else { continue }
            let isRepeated = order.isRepeated(at: index)
            if Self.isSuspect(name) { refuseClash(of: entry, in: tree, path, &names) }
            let known = before.flatMap { git_tree_entry_byname($0, name) }
            if let known, !isRepeated, Self.isSame(known, entry) { continue }
            try visit(entry, insteadOf: known, in: path, depth: depth, isRepeated: isRepeated)
        }
    }

    private static let foreignName = "its name is not one that Git gives"

    private static func isSuspect(_ name: UnsafePointer<CChar>) -> Bool {
        FoldedNames.isSuspect(UnsafeRawBufferPointer(start: name, count: strlen(name)))
    }

    /// Also where the entry itself did not change, since what it clashes with may be added.
    private mutating func refuseClash(
        of entry: OpaquePointer, in tree: OpaquePointer, _ folder: String, _ names: inout FoldedNames
    ) {
        guard let text = git_tree_entry_name(entry), text.pointee != UInt8(ascii: "."), let name = String(validatingCString: text),
            git_tree_entry_type(entry) == GIT_OBJECT_TREE || SourceFile.isRead(name),
            let problem = names.problem(name, isThere: { git_tree_entry_byname(tree, $0) != nil })
        else { return }
        listing.refuse(folder + name, problem)
    }

    private static func isSame(_ one: OpaquePointer, _ other: OpaquePointer) -> Bool {
        git_tree_entry_filemode_raw(one) == git_tree_entry_filemode_raw(other)
            && git_oid_equal(git_tree_entry_id(one), git_tree_entry_id(other)) == 1
    }

    private mutating func visit(
        _ entry: OpaquePointer, insteadOf known: OpaquePointer?, in folder: String, depth: Int, isRepeated: Bool
    ) throws(GitError) {
        guard let text = git_tree_entry_name(entry), let id = git_tree_entry_id(entry) else { return }
        if text.pointee == UInt8(ascii: ".") {
            let name = String(cString: text)
            if SuspectName.isGitFolder(name) {
                listing.refuse(folder + name, SuspectName.gitFolderReason)
            } else if name.utf8.contains(UInt8(ascii: "/")) {
                listing.refuse(folder + name, Self.foreignName)
            }
            return
        }
        guard let name = String(validatingCString: text) else {
            return try Self.limited { () throws(TooMuchToRead) in
                try listing.visit(unreadableName: folder + String(cString: text))
            }
        }
        // Git writes no such trees; who makes one by hand wants a file taken for another.
        guard !name.contains("/"), !isRepeated else {
            return listing.refuse(folder + name, Self.foreignName)
        }
        let sort = EntrySort(mode: UInt32(git_tree_entry_filemode_raw(entry).rawValue))
        let isFolder = try Self.limited { () throws(TooMuchToRead) in try listing.visit(name, in: folder, sort, id.pointee) }
        guard isFolder else { return }
        let old = known.flatMap { git_tree_entry_type($0) == GIT_OBJECT_TREE ? git_tree_entry_id($0)?.pointee : nil }
        try walk(id.pointee, since: old, path: folder + name + "/", depth: depth + 1)
    }

    private static func limited<Value>(_ body: () throws(TooMuchToRead) -> Value) throws(GitError) -> Value {
        do { return try body() } catch { throw .refusal(error) }
    }
}

extension EntrySort {
    /// Of the modes Git writes, octal in its own documents; 100664 is in trees of its first years.
    init(mode: UInt32) {
        switch mode {
        case 0o040000: self = .folder
        case 0o100644, 0o100755, 0o100664: self = .file
        case 0o120000: self = .link
        case 0o160000: self = .submodule
        default: self = .other("its mode is not that of a file or folder")
        }
    }
}
