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
        (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
            && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    static let rulesPath = "charter.yaml"

    /// Whether it holds the defaults of its folder.
    var isFolderDefaults: Bool { name == "_defaults.yaml" || name == "_defaults.yml" }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
