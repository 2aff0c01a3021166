/// Finds what was probably meant.
package enum Suggestion {
    /// Edits (insert, delete, replace, swap neighbours) within which a name counts as meant.
    static let editsMax = 2

    /// The nearest of `names` within the bound, ignoring case; the first in order where several are equally near.
    package static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased().unicodeScalars)
        var best: (name: String, edits: Int)?
        for name in names {
            let length = name.unicodeScalars.count
            let allowed = min(editsAllowed(in: max(length, wanted.count)), best.map { $0.edits - 1 } ?? editsMax)
            guard allowed >= 0, abs(length - wanted.count) <= allowed else { continue }
            let scalars = Array(name.lowercased().unicodeScalars)
            let edits = distance(wanted, scalars)
            if edits <= allowed, edits == 0 || isAlike(wanted, scalars) { best = (name, edits) }
        }
        return best?.name
    }

    /// Short words are near to everything: at most a third of one may be wrong.
    private static func editsAllowed(in length: Int) -> Int { min(editsMax, length / 3) }

    /// One letter of three is much, so that words so short must begin alike too, or be of the same letters.
    private static func isAlike(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Bool {
        min(a.count, b.count) > 3 || a.first == b.first || a.sorted() == b.sorted()
    }

    /// "did you mean `x`?", or the whole list where it is short.
    static func hint(for word: String, among names: [String]) -> String? {
        if let near = nearest(to: word, among: names) { return "did you mean `\(near)`?" }
        if names.isEmpty || names.count > 16 { return nil }
        return "one of: " + names.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// The name that a hint says was meant, where it says that alone.
    static func replacement(in hint: String) -> String? {
        let (before, after) = ("did you mean `", "`?")
        guard hint.hasPrefix(before), hint.hasSuffix(after), hint.utf8.count > before.utf8.count + after.utf8.count else {
            return nil
        }
        let name = hint.dropFirst(before.count).dropLast(after.count)
        return name.contains("`") ? nil : String(name)
    }

    /// The optimal string alignment distance.
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var current = [i + 1]
            for j in b.indices {
                var edits = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { edits = min(edits, before[j - 1] + 1) }
                current.append(edits)
            }
            (before, previous) = (previous, current)
        }
        return previous[b.count]
    }
}
