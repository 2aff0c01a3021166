/// A file system of its own that is soon full; unmounted with the value.
package final class SmallDisk: Sendable {
    private let folder: TemporaryDirectory
    package var path: String { folder.path }

    /// Whether this process may mount; a container often may not.
    package static let isPossible: Bool = (try? SmallDisk(megabytes: 1)) != nil

    package init(megabytes: Int) throws {
        folder = try TemporaryDirectory()
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0777", "charter-test", folder.path)
    }

    /// Takes what room there is, until `free`.
    package func fill() throws { _ = try Subprocess.run(["sh", "-c", "cat /dev/zero > '\(path)/filler'"]) }
    package func free() throws { _ = try Subprocess.run(["rm", "-f", path + "/filler"]) }

    deinit { _ = try? Subprocess.run(["umount", "-l", folder.path]) }

    package func grow(megabytes: Int) throws { try Self.run("mount", "-o", "remount,size=\(megabytes)m", path) }

    private static func run(_ words: String...) throws {
        let outcome = try Subprocess.run(words)
        guard outcome.code == 0 else { throw Refused(words: outcome.errors) }
    }

    struct Refused: Error { let words: String }
}
