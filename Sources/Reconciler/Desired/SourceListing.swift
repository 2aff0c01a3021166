internal import Spec

/// What of a repository is read, chosen by names alone: one rule for the folders of a disk and the trees of a commit.
///
/// Whoever walks them tells of every entry that is not hidden; `Content` is what leads to a file's bytes.
struct SourceListing<Content> {
    struct Entry {
        var path: String
        var content: Content
    }

    /// Those that are read.
    private(set) var entries: [Entry] = []
    private(set) var refusals: [PathRefusal] = []
    private let limits: GitLimits
    private var entryCount = 0

    init(limits: GitLimits) { self.limits = limits }

    /// Throws where folders nest deeper than the limit.
    func enter(_ folder: String, depth: Int) throws(TooMuchToRead) {
        guard depth <= limits.folderDepthMax else {
            throw TooMuchToRead("folders that nest deeper than \(limits.folderDepthMax), such as \(folder)")
        }
    }

    /// Takes the entry `name` of a folder or refuses it; true for a folder, which is to be entered then.
    ///
    /// `folder` is empty or ends in a slash.
    mutating func visit(_ name: String, in folder: String, _ sort: EntrySort, _ content: Content) throws(TooMuchToRead)
        -> Bool
    {
        try count()
        let path = folder + name
        let isYAML = SourceFile.isRead(name)
        if isYAML || sort == .folder, let problem = SuspectName.problem(name) {
            refuse(path, problem)
            return false
        }
        switch sort {
        case .folder: return true
        case .file where isYAML: try take(path, content)
        case .file: if SourceFile.isNearlyRead(name) { refusals.append(PathRefusal(nearlyRead: path)) }
        case .link:
            // One such as README.md at the root hides nothing; one among an organization's files, or to a folder, may.
            if isYAML || path.hasPrefix("orgs/") || !Self.isOtherFile(name) {
                refuse(path, "it is a symbolic link; write the file or folder itself")
            }
        case .submodule: refuse(path, "it is a submodule; its files are not part of this repository")
        case .other(let reason): if isYAML || !Self.isOtherFile(name) { refuse(path, reason) }
        }
        return false
    }

    /// Whether a name is only given to files, such as `README.md` and `LICENSE`; anything else may stand where a folder was, and
    /// hide what is in it.
    private static func isOtherFile(_ name: String) -> Bool {
        guard name.contains(where: \.isLowercase) else { return true }
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
        return name[dot...].dropFirst().first?.isLetter ?? false
    }

    /// Refuses an entry whose name is not text.
    mutating func visit(unreadableName path: String) throws(TooMuchToRead) {
        try count()
        refuse(path, "its name is not UTF-8")
    }

    mutating func refuse(_ path: String, _ reason: String) {
        refusals.append(PathRefusal(path: path, reason: reason))
    }

    private mutating func take(_ path: String, _ content: Content) throws(TooMuchToRead) {
        guard path.unicodeScalars.allSatisfy(\.isPrintable) else {
            return refuse(path, "its name has control characters")
        }
        guard entries.count < limits.reading.filesMax else { throw .files(limits.reading) }
        entries.append(Entry(path: path, content: content))
    }

    private mutating func count() throws(TooMuchToRead) {
        entryCount += 1
        if entryCount > limits.entriesMax { throw TooMuchToRead("more than \(limits.entriesMax) files and folders") }
    }
}

extension SourceListing.Entry: Sendable where Content: Sendable {}

/// What an entry of a folder or tree is, as far as it matters here.
enum EntrySort: Hashable {
    case file, folder, link, submodule
    /// Anything else, with the reason for which it is not read.
    case other(String)
}

/// A repository that is larger than its limits; says what it has too much of.
package struct TooMuchToRead: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    static func files(_ limits: ReadingLimits) -> TooMuchToRead {
        TooMuchToRead("more than \(limits.filesMax) YAML files, as many as --max-files allows")
    }

    static func bytes(_ limits: ReadingLimits) -> TooMuchToRead {
        TooMuchToRead("more than \(limits.bytesMax) bytes of YAML, as many as --max-bytes allows")
    }

    /// The same said of a place.
    func of(_ place: String) -> TooMuchToRead { TooMuchToRead("\(place) has \(description)") }
}
