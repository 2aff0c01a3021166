/// The part of a repository that a change concerns: enough of it read to judge that part as the whole would be judged.
package struct Selection: Sendable {
    /// The files that were parsed: those concerned, and what they depend on.
    package let files: [ParsedFile]
    /// Paths of what the change touches and of what depends on it; findings in other files are none of its business.
    package let concerned: Set<String>

    /// Finds it without parsing the rest: what may speak of a name has the name's bytes, or an escape.
    package init(of change: Change, in files: [SourceFile]) {
        self.init(of: change, in: files, narrowing: true)
    }

    /// Without `narrowing` every file is parsed, which the tests hold the quick way against.
    init(of change: Change, in files: [SourceFile], narrowing: Bool, smallFolder: Int = Selector.smallFolder) {
        var selector = Selector(Corpus(files.filter { SourceFile.isRead($0.path) }), smallFolder: smallFolder)
        if !narrowing { selector.readAll() }
        selector.select(change)
        self.files = selector.parsed.sorted { $0.key < $1.key }.map(\.value)
        concerned = Set(selector.concerned.map { selector.corpus.files[$0].path })
    }
}
