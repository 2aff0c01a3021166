internal import Spec

/// A commit that is not an object yet; a value.
struct CommitDraft: Hashable {
    var tree: ObjectID
    var parent: ObjectID
    var author: GitPerson
    var committer: GitPerson
    /// With a final line break.
    var message: String
    /// Of both persons.
    var at: Instant

    /// The bytes that are hashed, and signed where there is no signature yet (git-commit-tree(1), gitformat-signature(5)).
    func object(signedBy signature: String? = nil) -> [UInt8] {
        let seconds = at.milliseconds / 1000
        var text = """
            tree \(tree)
            parent \(parent)
            author \(author.text) \(seconds) +0000
            committer \(committer.text) \(seconds) +0000

            """
        if let signature {
            // Each further line of a header begins with a space.
            text += "gpgsig " + signature.split(separator: "\n").joined(separator: "\n ") + "\n"
        }
        return Array((text + "\n" + message).utf8)
    }
}

/// A name and an address as Git can write them.
struct GitPerson: Hashable {
    let name: String
    let mail: String

    /// What would end a field or a line is left out; nothing at all becomes `unknown`.
    init(name: String, mail: String) {
        self.name = Self.plain(name)
        self.mail = Self.plain(mail)
    }

    var text: String { "\(name) <\(mail)>" }

    private static func plain(_ text: String) -> String {
        let kept = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.isPrintable && $0 != "<" && $0 != ">" }))
        let words = kept.split(separator: " ").joined(separator: " ")
        return words.isEmpty ? "unknown" : words
    }
}
