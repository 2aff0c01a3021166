package import Foundation

/// The built executables, from the folder that the tests themselves were built into.
package enum Programs {
    package static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    package static let charter = folder.appending(path: "charter").path
    package static let gateway = folder.appending(path: "charter-gateway").path

    /// The root of this repository.
    package static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
