import Foundation

/// One Swift file as the rules see it: its path, its lines, and the same lines with comments and string contents blanked.
struct SourceFile {
    /// Relative to the root of the repository, such as `Sources/Spec/YAML/Parser.swift`.
    let path: String
    let lines: [String]
    /// As many lines as `lines`, holding code only.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = Self.lines(of: text)
        var blanker = CodeBlanker()
        code = Self.lines(of: blanker.blank(text))
    }

    private static func lines(of text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    /// The target whose folder holds the file, or nil for a file outside `Sources`.
    var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources" else { return nil }
        return String(parts[1])
    }

    /// Folders below the target's own, such as `YAML` in `Sources/Spec/YAML/Parser.swift`.
    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
}

/// The files of this repository that the rules are held against.
enum SourceTree {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func swiftFiles(under folders: [String]) throws -> [SourceFile] {
        try folders.flatMap { folder in
            let base = root.appending(path: folder)
            let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
            return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
                let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
                return SourceFile(path: "\(folder)/\(path)", text: text)
            }
        }
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
