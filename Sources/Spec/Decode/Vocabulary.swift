/// Words of an open set: every well-formed one is accepted, and one that is nearly a known one gets a remark.
struct Vocabulary: Sendable {
    /// With its article: "a capability".
    let noun: String
    let example: String
    let known: [String]

    /// Runs of lower-case letters and digits between `-` or `.`.
    static let pattern = "[a-z0-9]+(?:[-.][a-z0-9]+)*"
    /// As long as the name of a resource.
    static let lengthMax = Names.lengthMax

    static func accepts(_ word: String) -> Bool {
        word.utf8.count <= lengthMax
            && word.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "-" || $0 == "." })
                .allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy(Names.isLowerOrDigit) }
    }

    /// What was probably meant by a word that is not known; nil for one that stands for itself.
    func meant(by word: String) -> String? {
        known.contains(word) ? nil : Suggestion.nearest(to: word, among: known)
    }

    /// Says of a word that it is nearly a known one.
    func remark(on word: String, at extent: Extent, _ reading: Reading) {
        guard let meant = meant(by: word) else { return }
        reading.report(
            .wordNearlyKnown, extent, "`\(word)` is \(noun) that Charter does not know",
            hint: "did you mean `\(meant)`?")
    }
}

extension Shape where Value == String {
    /// A word of an open set.
    static func word(of vocabulary: Vocabulary) -> Shape<String> {
        text(vocabulary.noun, example: vocabulary.example, pattern: Vocabulary.pattern, Vocabulary.accepts)
            .remarking(by: vocabulary)
    }

    /// Adds the remark on what is nearly a known word.
    func remarking(by vocabulary: Vocabulary) -> Shape<String> {
        noting { word, node, reading in vocabulary.remark(on: word, at: node.extent, reading) }
    }
}
