import Foundation
import TestKit

/// A file system of its own that is soon full; unmounted with the value.
final class SmallDisk {
    private let folder: TemporaryDirectory
    var path: String { folder.path }

    /// Whether this process may mount; a container often may not.
    static let isPossible: Bool = (try? SmallDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        folder = try TemporaryDirectory()
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0777", "charter-test", folder.path)
    }

    deinit { _ = try? Subprocess.run(["umount", "-l", folder.path]) }

    func grow(megabytes: Int) throws { try Self.run("mount", "-o", "remount,size=\(megabytes)m", path) }

    private static func run(_ words: String...) throws {
        let outcome = try Subprocess.run(words)
        guard outcome.code == 0 else { throw Refused(words: outcome.errors) }
    }

    struct Refused: Error { let words: String }
}
