/// A change of text that is known to be what was meant.
struct Fix: Hashable, Sendable {
    /// Unicode scalars to be replaced, from the finding's place.
    var length: Int
    var text: String
}

extension Diagnostic {
    /// The name that the hint says was meant; nil when it says something else.
    package var replacement: String? { hint.flatMap(Suggestion.replacement) }

    /// Nil unless exactly one word stands where the finding is, so that what is put in its place changes nothing else.
    var fix: Fix? {
        guard let replacement, let place, let sourceLine else { return nil }
        let found = SourceColumns(sourceLine, column: place.position.column, length: length).covered
        guard found.unicodeScalars.count == length, let quote = found.unicodeScalars.first else { return nil }
        switch quote {
        case "\"", "'":
            guard length > 2, found.unicodeScalars.last == quote, Self.isWord(found.dropFirst().dropLast()) else {
                return nil
            }
            return Fix(length: length, text: "\(quote)\(replacement)\(quote)")
        default: return Self.isWord(found[...]) ? Fix(length: length, text: replacement) : nil
        }
    }

    private static func isWord(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            Names.isLowerOrDigit(byte) || Names.isLowerOrDigit(byte | 0x20) && byte > 0x40
                || "._-/:".utf8.contains(byte)
        }
    }
}
