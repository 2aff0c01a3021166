package import Spec

/// How much of a repository is read before it is refused; all are far above what people write by hand.
package struct GitLimits: Sendable {
    /// Objects in one pack that a remote sends; a larger number is a mistake or an attack.
    static let packObjectsMax = 4_000_000
    /// Bytes of one object once unpacked; larger ones are no files that people write, and a small pack can hold them.
    static let packObjectBytesMax = 512 << 20
    /// Bytes of one folder's list of entries, far more than `entriesMax` entries take.
    static let treeBytesMax = 256 << 20

    /// Files, bytes and sizes of files: the same for a commit, a folder and the reader of YAML.
    package var reading = ReadingLimits.standard
    /// Entries of all trees of one commit, so that a hostile tree ends in a message and not in swapping.
    package var entriesMax = 1_000_000
    /// Folders within folders; a tree may be made to nest without end.
    package var folderDepthMax = 64
    /// Commits walked to find who changed a file last; older ones are named by where the walk ended.
    package var commitsMax = 20_000
    /// Commits looked into to find who changed one of a file's several documents; beyond them the oldest is named.
    package var touchesMax = 64
    /// Bytes of one commit object with its message and signature.
    var commitBytesMax = 1 << 20
    /// Bytes received in one fetch.
    package var fetchBytesMax = 2 << 30
    /// Bytes of memory of the process that fetches; it resolves deltas, for which a few objects are held whole.
    package var fetchMemoryMax = 1 << 30
    /// Bytes on disk of one mirror; a larger one is fetched anew.
    package var mirrorBytesMax = 8 << 30

    package init() {}
}
