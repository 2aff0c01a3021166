internal import CLibGit2
internal import Glibc

/// Tells which names of a tree are repeated, asked entry by entry in the tree's own order.
///
/// Git sorts a tree by bytes, as if folders ended in a slash (base_name_compare of Git), so that in a tree that Git wrote a name
/// follows on another it is equal to; a tree made by hand may have any order.
struct TreeNames {
    private let tree: OpaquePointer
    /// Those met so far; nil while they came in order.
    private var seen: Set<String>?

    init(of tree: OpaquePointer) { self.tree = tree }

    /// Whether the entry has the name of one before it.
    mutating func isRepeated(at index: Int) -> Bool {
        if seen == nil, index > 0, !Self.isOrdered(entry(index - 1), entry(index)) {
            seen = Set((0..<index).compactMap(name))
        }
        if seen != nil { return name(index).map { seen?.insert($0).inserted == false } ?? false }
        return hasFileOfItsName(index)
    }

    /// What lies between a file and the folder of the same name begins with that name.
    private func hasFileOfItsName(_ index: Int) -> Bool {
        guard let folder = entry(index), git_tree_entry_type(folder) == GIT_OBJECT_TREE, let name = git_tree_entry_name(folder) else {
            return false
        }
        let length = strlen(name)
        for before in stride(from: index - 1, through: 0, by: -1) {
            guard let other = git_tree_entry_name(entry(before)), strncmp(other, name, length) == 0 else { return false }
            if other[length] == 0 { return true }
        }
        return false
    }

    private func entry(_ index: Int) -> OpaquePointer? { git_tree_entry_byindex(tree, index) }

    private func name(_ index: Int) -> String? { git_tree_entry_name(entry(index)).map { String(cString: $0) } }

    /// Whether one comes before the other, and is not its equal.
    private static func isOrdered(_ one: OpaquePointer?, _ other: OpaquePointer?) -> Bool {
        guard let a = git_tree_entry_name(one), let b = git_tree_entry_name(other) else { return false }
        let shared = min(strlen(a), strlen(b))
        let order = memcmp(a, b, shared)
        return order != 0 ? order < 0 : byte(a, shared, of: one) < byte(b, shared, of: other)
    }

    private static func byte(_ name: UnsafePointer<CChar>, _ offset: Int, of entry: OpaquePointer?) -> UInt8 {
        if name[offset] != 0 { return UInt8(bitPattern: name[offset]) }
        return git_tree_entry_type(entry) == GIT_OBJECT_TREE ? UInt8(ascii: "/") : 0
    }
}
