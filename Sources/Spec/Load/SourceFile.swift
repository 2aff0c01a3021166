/// A file of the repository; the path is relative to its root, with `/` between names.
package struct SourceFile: Sendable {
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Whether Charter reads it: YAML, and no part of its path hidden.
    package static func isRead(_ path: String) -> Bool {
        guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else { return false }
        var previous = UInt8(ascii: "/")
        for byte in path.utf8 {
            if byte == UInt8(ascii: "."), previous == UInt8(ascii: "/") { return false }
            previous = byte
        }
        return true
    }

    /// Whether it would be read but for upper-case letters at the end of its name.
    package static func isNearlyRead(_ path: String) -> Bool {
        guard !isRead(path), let dot = path.lastIndex(of: ".") else { return false }
        return isRead(path[..<dot] + path[dot...].lowercased())
    }

    package static let rulesPath = "charter.yaml"

    /// Whether it holds the defaults of its folder.
    var isFolderDefaults: Bool { Self.holdsFolderDefaults(path) }

    package static func holdsFolderDefaults(_ path: String) -> Bool {
        folderDefaultsNames.contains { path == $0 || path.hasSuffix("/" + $0) }
    }

    /// Where the defaults that hold for a file may stand, the nearest folder first.
    package static func folderDefaultsPaths(above path: String) -> [String] {
        var folder = path[...]
        var paths: [String] = []
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            paths += folderDefaultsNames.map { "\(folder)/\($0)" }
        }
        return (paths + folderDefaultsNames).filter { $0 != path }
    }

    private static let folderDefaultsNames = ["_defaults.yaml", "_defaults.yml"]
}
