/// Why the repository could not be read.
package struct SourceError: Error, Sendable, CustomStringConvertible {
    package var message: String
    /// True when trying again cannot help until somebody changes something.
    package var needsHuman: Bool
    /// Whether what is here of a remote may be damaged.
    private(set) var isOfDamage = false

    init(_ message: String, needsHuman: Bool) {
        self.message = message
        self.needsHuman = needsHuman
    }

    init(_ error: GitError, in source: GitSource) {
        switch (error.operation, error.code) {
        case (.open, .notFound):
            self.init("\(source.location) is not a Git repository (its root, bare or with .git)", needsHuman: true)
        case (.reference, .notFound):
            self.init("\(source.location) has \(error.message)", needsHuman: true)
        default:
            self.init("\(source.location): \(error)", needsHuman: error.code == .refused)
        }
        isOfDamage = error.isOfDamage
    }

    package var description: String { message }
}
