import Foundation

/// The built executables, from the folder that the tests themselves were built into.
enum Programs {
    static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    static let charter = folder.appending(path: "charter").path
    static let gateway = folder.appending(path: "charter-gateway").path

    /// The root of this repository.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
