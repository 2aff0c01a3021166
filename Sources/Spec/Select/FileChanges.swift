/// What differs between two states of a repository.
package struct FileChanges: Sendable {
    /// Paths of files that were added, removed or edited.
    package var paths: Set<String>
    /// What those of them that were there said before.
    package var before: [SourceFile]

    package init(paths: Set<String>, before: [SourceFile]) {
        self.paths = paths
        self.before = before
    }
}
