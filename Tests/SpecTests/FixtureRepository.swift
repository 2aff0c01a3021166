import Foundation

@testable import Spec

/// Repositories under `Fixtures/`, each in a folder named after what it shows.
enum FixtureRepository {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func files(_ name: String) throws -> [SourceFile] {
        try files(in: folder.appending(path: name))
    }

    /// Every file that Charter reads, sorted by path.
    static func files(in root: URL) throws -> [SourceFile] {
        let root = root.standardizedFileURL
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        return try paths.sorted().filter(SourceFile.isRead).map { path in
            SourceFile(path: path, bytes: Array(try Data(contentsOf: root.appending(path: path))))
        }
    }

    static func load(_ name: String) throws -> Declarations { Specification.load(try files(name)) }
}

extension SourceFile {
    init(_ path: String, _ text: String) { self.init(path: path, bytes: Array(text.utf8)) }
}

extension Declarations {
    /// Codes in order, for short expectations.
    var codes: [DiagnosticCode] { diagnostics.map(\.code) }
    var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
}
