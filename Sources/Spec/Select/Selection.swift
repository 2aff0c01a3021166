/// The part of a repository that a change concerns: enough of it read to judge that part as the whole would be judged.
package struct Selection: Sendable {
    /// The files that were parsed: those concerned, and what they depend on.
    package let files: [ParsedFile]
    /// Paths of what the change touches and of what depends on it, in order.
    package let concerned: [String]
    /// Whether nothing was left out.
    let isWhole: Bool
    /// The same with their text, and the files of defaults that hold for them.
    package let sources: [SourceFile]
    private let own: Set<String>
    private let inherited: Set<String>

    /// Finds it without parsing the rest: what may speak of a name has the name's bytes, or an escape.
    ///
    /// `unread` are paths that could not be read.
    package init(of change: FileChanges, in files: [SourceFile], unread: [String] = []) {
        self.init(of: change, in: Corpus(files).missing(unread))
    }

    package init(of change: FileChanges, in corpus: Corpus) {
        self.init(of: change, in: corpus, narrowing: true)
    }

    /// Without `narrowing` every file is parsed, which the tests hold the quick way against.
    init(of change: FileChanges, in corpus: Corpus, narrowing: Bool, smallFolder: Int = Selector.smallFolder) {
        var selector = Selector(corpus, smallFolder: smallFolder)
        if !narrowing { selector.readAll() }
        selector.select(change)
        // What defaults give by themselves is judged where all was read that may inherit it.
        self.files = selector.parsed.sorted { $0.key < $1.key }.map { [selector] index, file in
            selector.concerned.contains(index) ? file : file.withoutGiven
        }
        concerned = selector.concerned.sorted().map { [selector] in selector.corpus.files[$0].path }
        isWhole = selector.parsed.count == corpus.files.count
        own = Set(concerned)
        inherited = Set(selector.inherited).subtracting(own)
        sources = selector.corpus.files.filter { [own, inherited] in
            own.contains($0.path) || inherited.contains($0.path)
        }
    }

    /// Whether a finding is the change's business: about what it concerns, or in defaults that hold for that.
    package func shows(_ diagnostic: Diagnostic) -> Bool {
        guard let place = diagnostic.place else { return true }
        if diagnostic.related.contains(where: { own.contains($0.place.path) }) { return true }
        // A remark in defaults may silence what only files that were not read would be told.
        return own.contains(place.path) || inherited.contains(place.path) && diagnostic.code != .ignoreUnused
    }
}
