/// One thing to tell the author of a repository, with the place where it was found.
package struct Diagnostic: Sendable {
    package enum Severity: String, Sendable { case error, warning }

    package var code: DiagnosticCode
    package var severity: Severity
    /// One sentence without a full stop.
    package var message: String
    package var place: Place?
    /// Where it was found in a text without lines of its own, as RFC 6901 has it; nil where it has a place.
    package internal(set) var pointer: String?
    /// Unicode scalars that the caret line covers, at least 1.
    package var length: Int
    package var hint: String?
    /// Other places that belong to it, such as the first of two equal names.
    package var related: [(place: Place, message: String)]
    /// Whether the caret is to cover the value that begins at the place.
    var coversValue = false
    /// The text of the line at `place`, without its break.
    package var sourceLine: String?
    /// Whether what stands at the place may be a secret, which no output repeats.
    package var isOfSecret = false
    /// Where it counts findings of a file that are not listed: how many of each code.
    package internal(set) var unlisted: [DiagnosticCode: Int] = [:]
    /// Bytes of the file before that line.
    package var sourceOffset: Int?

    /// Characters of a message; what it quotes may be a whole file.
    private static let messageCharactersMax = 400

    /// The severity is the code's own; the message is made safe to print.
    package init(
        _ code: DiagnosticCode, at place: Place?, length: Int = 1, _ message: String, hint: String? = nil,
        related: [(place: Place, message: String)] = []
    ) {
        self.code = code
        self.severity = code.severity
        self.message = message.printable.shortened(to: Self.messageCharactersMax)
        self.place = place
        self.length = max(1, length)
        self.hint = hint?.printable
        self.related = related
        self.sourceLine = nil
    }

    /// The same about a field's value, which the caret is to cover; how long it is, `SourceLines` finds in the text.
    package init(
        _ code: DiagnosticCode, ofValueAt place: Place?, _ message: String, hint: String? = nil,
        related: [(place: Place, message: String)] = []
    ) {
        self.init(code, at: place, message, hint: hint, related: related)
        coversValue = true
    }

    /// Its own, or those of the findings that it counts.
    package var codes: Set<DiagnosticCode> { unlisted.isEmpty ? [code] : Set(unlisted.keys) }

    /// How many findings it stands for.
    package var count: Int { unlisted.isEmpty ? 1 : unlisted.values.reduce(0, +) }

    /// By path, then position, then code; those without a place first, and what counts the unlisted at the end of its file.
    package static func precedes(_ a: Diagnostic, _ b: Diagnostic) -> Bool {
        guard let first = a.place, let second = b.place else { return a.place == nil && b.place != nil }
        return (first.path, a.code.isOfUnlisted ? 1 : 0, first.position, a.code.rawValue, a.message)
            < (second.path, b.code.isOfUnlisted ? 1 : 0, second.position, b.code.rawValue, b.message)
    }
}
