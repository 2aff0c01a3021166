internal import Spec

/// How much of a repository is read before it is refused; all are far above what people write by hand.
package struct GitLimits: Sendable {
    /// Objects in one pack that a remote sends; a larger number is a mistake or an attack.
    static let packObjectsMax = 4_000_000

    /// Entries of all trees of one commit, so that a hostile tree ends in a message and not in swapping.
    package var entriesMax = 1_000_000
    /// Folders within folders; a tree may be made to nest without end.
    package var depthMax = 64
    /// Bytes of one YAML file, checked before the object is unpacked.
    package var fileBytesMax = 4 << 20
    /// Bytes of all YAML files together; they are held in memory while they are parsed.
    package var totalBytesMax = ReadingLimits.standard.bytesMax
    /// YAML files of one commit.
    package var filesMax = ReadingLimits.standard.filesMax
    /// Commits walked to find who changed a file last; older ones are named by where the walk ended.
    package var commitsMax = 20_000
    /// Commits looked into to find who changed one of a file's several documents; beyond them the oldest is named.
    package var touchesMax = 64
    /// Bytes received in one fetch.
    package var fetchBytesMax = 2 << 30

    package init() {}
}
