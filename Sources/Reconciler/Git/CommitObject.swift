internal import Spec

/// A commit's bytes taken apart without asking that its author and its date make sense, as libgit2 does; a value.
///
/// Programs that import histories write such commits, and no commit after one could be applied otherwise.
struct CommitObject {
    let tree: ObjectID
    private(set) var parents: [ObjectID] = []
    /// `Name <mail>`, or whatever stands there.
    private(set) var author = ""
    /// The beginning of 1970 where none is given.
    private(set) var committedAt = Instant(milliseconds: 0)
    private(set) var summary = ""

    /// Nil unless it begins with a tree, and then its parents (git's Documentation/technical, "commit object").
    init?(_ bytes: [UInt8]) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        guard let tree = Self.value("tree", of: lines.popFirst()).flatMap({ ObjectID(hex: $0) }) else { return nil }
        self.tree = tree
        while let parent = Self.value("parent", of: lines.first) {
            guard let id = ObjectID(hex: parent) else { return nil }
            parents.append(id)
            lines.removeFirst()
        }
        while let line = lines.popFirst(), !line.isEmpty {
            if let text = Self.value("author", of: line) { author = Self.person(text) }
            if let text = Self.value("committer", of: line), let seconds = Self.seconds(text) {
                committedAt = Self.date(seconds)
            }
        }
        summary = lines.first { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Whoever commits sets the date; one that no calendar and no database knows is brought to the nearest that they do.
    static func date(_ seconds: Int64) -> Instant { Instant(milliseconds: min(max(seconds, 0), secondsMax) * 1000) }

    /// The last of the year 9999.
    private static let secondsMax: Int64 = 253_402_300_799

    private static func value(_ name: String, of line: ArraySlice<UInt8>?) -> String? {
        guard let line, line.starts(with: (name + " ").utf8) else { return nil }
        return String(decoding: line.dropFirst(name.utf8.count + 1), as: UTF8.self)
    }

    /// Without the date that ends the line.
    private static func person(_ text: String) -> String {
        guard let end = text.lastIndex(of: ">") else { return text }
        return String(text[...end])
    }

    private static func seconds(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        return words.count > 1 ? Int64(words[words.count - 2]) : nil
    }
}
