internal import Dispatch
internal import Synchronization

/// All files of a repository, unread, with what finds those that may speak of a name.
///
/// A value that a long-lived process keeps and brings up to date, so that the next change costs what it changes.
package struct Corpus: Sendable {
    /// In the order of their paths.
    package private(set) var files: [SourceFile]
    private(set) var defaults: FolderDefaults
    let limits: ReadingLimits
    /// Indexes of the files of each organization, and of the platform under nil.
    private(set) var folders: [String?: [Int]] = [:]
    /// Whose each file is.
    private(set) var organizations: [String?] = []
    private var filter: WordFilter
    private var opaque: [Int] = []
    /// Indexes of files of defaults, and the folder that each is of, with a final slash.
    private(set) var defaultsFolders: [(file: Int, folder: String)] = []

    private static let filesPerTask = 256

    /// Takes those of the files that are read at all.
    package init(_ all: [SourceFile], limits: ReadingLimits = .standard) {
        self.limits = limits
        files = all.filter { SourceFile.isRead($0.path) }.sorted { $0.path < $1.path }
        defaults = FolderDefaults(files, limits: limits)
        filter = Self.filter(files)
        arrange()
    }

    /// The same where these could not be read: what files of defaults among them would give is not known.
    package func missing(_ unread: [String]) -> Corpus {
        guard unread.contains(where: SourceFile.holdsFolderDefaults) else { return self }
        var corpus = self
        corpus.defaults = FolderDefaults(files, unread: unread, limits: limits)
        return corpus
    }

    /// Puts the written files in the place of those of the same path, and takes the removed ones out.
    package mutating func update(written: [SourceFile], removed: Set<String>) {
        let written = written.filter { SourceFile.isRead($0.path) }
        let isSameSet = removed.isEmpty && written.allSatisfy { index(of: $0.path) != nil }
        let hasDefaults =
            (written.map(\.path) + removed).contains { path in
                SourceFile.holdsFolderDefaults(path) || defaults.misnamed[path] != nil
            } || written.contains { MisnamedDefaults($0, limits: limits) != nil }
        for path in removed {
            guard let index = index(of: path) else { continue }
            files.remove(at: index)
            filter.remove(at: index)
        }
        for file in written {
            let index = place(of: file.path)
            let isKnown = index < files.count && files[index].path == file.path
            if isKnown { files[index] = file } else { files.insert(file, at: index) }
            filter.put(WordFilter(file.bytes), at: index, replacing: isKnown)
        }
        if hasDefaults { defaults = FolderDefaults(files, limits: limits) }
        if isSameSet { opaque = filter.opaqueFiles } else { arrange() }
    }

    /// Where the path is, or would be inserted.
    private func place(of path: String) -> Int {
        var low = 0
        var high = files.count
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path < path { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The file of that path; nil when there is none.
    package subscript(path: String) -> SourceFile? { index(of: path).map { files[$0] } }

    /// The bytes of all files.
    package var byteCount: Int { files.reduce(0) { $0 + $1.bytes.count } }

    /// The files that have the defaults of the file of that path; none for a file of another sort.
    package func paths(under path: String) -> [String] {
        guard SourceFile.holdsFolderDefaults(path) else { return [] }
        return below(SourceFile(path: path, bytes: []).folder).map { files[$0].path }
    }

    /// The index of the file of that path; nil when there is none.
    func index(of path: String) -> Int? {
        let index = place(of: path)
        return index < files.count && files[index].path == path ? index : nil
    }

    /// Finds by index whose each file is; after files came or went.
    private mutating func arrange() {
        opaque = filter.opaqueFiles
        defaultsFolders = files.enumerated().filter(\.element.isFolderDefaults).map { ($0.offset, $0.element.folder) }
        organizations = files.map { Folder(of: $0.path).organization }
        folders = [:]
        for (index, organization) in organizations.enumerated() { folders[organization, default: []].append(index) }
    }

    private static func filter(_ files: [SourceFile]) -> WordFilter {
        let tasks = (files.count + filesPerTask - 1) / filesPerTask
        let parts = Mutex<[Int: WordFilter]>([:])
        DispatchQueue.concurrentPerform(iterations: tasks) { task in
            var part = WordFilter()
            for index in task * filesPerTask..<min(files.count, (task + 1) * filesPerTask) {
                part.append(WordFilter(files[index].bytes))
            }
            parts.withLock { [part] in $0[task] = part }
        }
        var whole = WordFilter()
        parts.withLock { parts in for task in 0..<tasks { if let part = parts[task] { whole.append(part) } } }
        return whole
    }

    /// The files in which the text may occur, as a name or part of one, or be given by defaults above them.
    ///
    /// `kind` and `organizations` narrow the search to files that may declare such a resource, and lie in these folders.
    func mentioning(_ mention: Mention) -> [Int] {
        let words = WordList(mention.text)
        let kind = mention.kind.map { WordList($0.rawValue) }
        let text = mention.text.utf8.map(\.folded)
        func mayMention(_ index: Int) -> Bool {
            guard filter.mayHold(words, in: index), kind.map({ filter.mayHold($0, in: index) }) ?? true else {
                return false
            }
            let bytes = files[index].bytes
            return mention.isKind ? bytes.holds(word: Array(mention.text.utf8)) : bytes.holds(text)
        }
        var found: [Int] = []
        if let organizations = mention.organizations {
            for organization in organizations { found += (folders[organization] ?? []).filter(mayMention) }
        } else {
            found = files.indices.filter(mayMention)
        }
        for (file, folder) in defaultsFolders where !mention.isKind && mayMention(file) { found += below(folder) }
        return found + opaque
    }

    /// The files in a folder and those inside it; the empty folder is the whole.
    func below(_ folder: String) -> [Int] {
        files.indices.filter { folder.isEmpty || files[$0].path.utf8.starts(with: folder.utf8) }
    }
}

extension SourceFile {
    /// With a final slash; empty for the root.
    var folder: String { path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "" }
}

extension [UInt8] {
    /// Whether the text occurs, whatever the case of letters; `text` is in lower case.
    fileprivate func holds(_ text: [UInt8]) -> Bool {
        guard let first = text.first else { return true }
        guard count >= text.count else { return false }
        for start in 0...count - text.count where self[start].folded == first {
            var length = 1
            while length < text.count, self[start + length].folded == text[length] { length += 1 }
            if length == text.count { return true }
        }
        return false
    }
}

extension [UInt8] {
    /// Whether the word occurs as it is written, apart from letters and digits around it.
    fileprivate func holds(word: [UInt8]) -> Bool {
        guard let first = word.first, count >= word.count else { return false }
        for start in 0...count - word.count where self[start] == first {
            let end = start + word.count
            if start > 0 && WordHash.folded[Int(self[start - 1])] != 0 { continue }
            if end < count && WordHash.folded[Int(self[end])] != 0 { continue }
            if self[start..<end].elementsEqual(word) { return true }
        }
        return false
    }
}

extension UInt8 {
    fileprivate var folded: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}

/// A text to be looked for in files.
struct Mention: Hashable, Sendable {
    var text: String
    /// Nil where any document will do.
    var kind: Kind?
    /// Nil for everywhere; a nil inside is the platform.
    var organizations: [String?]?
    /// Whether the text is that of a kind: a whole word, in this case.
    var isKind = false

    /// Any document of the kind.
    static func every(_ kind: Kind, in organizations: [String?]?) -> Mention {
        Mention(text: kind.rawValue, kind: nil, organizations: organizations, isKind: true)
    }
}
