/// Which plain numbers and booleans a text's pattern lets through.
///
/// A schema sees numbers by their value, and applies patterns to strings alone; the decoder reads every scalar as it is
/// written. So the pattern is asked of examples, among them one as long as a digest.
struct PlainScalars {
    var integers: Bool
    var fractions: Bool
    var negatives: Bool
    var booleans: Bool

    static let all = PlainScalars(integers: true, fractions: true, negatives: true, booleans: true)

    /// Nil accepts all; a pattern that cannot be read accepts all too, so that nothing good is refused.
    init(of pattern: String?) {
        guard let pattern, let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else {
            self = .all
            return
        }
        func accepts(_ examples: [String]) -> Bool {
            examples.contains { ((try? regex.wholeMatch(in: $0)) ?? nil) != nil }
        }
        integers = accepts(["0", "1", "7", "42", "600", "2027", "16384", "1000000000", String(repeating: "1", count: 64)])
        fractions = accepts(["0.5", "1.5", "12.25", "3.0", "0.001", "1e3"])
        negatives = accepts(["-1", "-42", "-0.5"])
        booleans = accepts(["true", "false", "True", "False", "TRUE", "FALSE"])
    }

    private init(integers: Bool, fractions: Bool, negatives: Bool, booleans: Bool) {
        self.integers = integers
        self.fractions = fractions
        self.negatives = negatives
        self.booleans = booleans
    }

    /// As JSON Schema's `type`, beside `string`.
    var types: [String] {
        (fractions ? ["number"] : integers || negatives ? ["integer"] : []) + (booleans ? ["boolean"] : [])
    }
}
