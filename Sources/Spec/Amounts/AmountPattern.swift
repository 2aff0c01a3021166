/// Pieces of the regular expressions of amounts: what `AmountScanner` reads, as far as a regular language can say it.
///
/// What they leave open is that a number may be too large.
enum AmountPattern {
    /// A decimal with `k`, `M` or `G`, of at most so many digits after the point once those are worked in; nil leaves
    /// the digits open.
    static func decimal(fraction digits: Int?) -> String {
        let forms = [("", 0), ("k(?![A-Za-z])", 3), ("M(?![A-Za-z])", 6), ("G(?![A-Za-z])", 9)].map { suffix, zeros in
            fraction(digits.map { $0 + zeros }) + suffix
        }
        return "\(whole)(?:\(forms.joined(separator: "|")))"
    }

    /// Digits without zeros before them.
    static let whole = "(?:0|[1-9][0-9]*)"

    /// The point and what follows it; zeros at the end are free.
    static func fraction(_ digits: Int?) -> String {
        switch digits {
        case nil: "(?:\\.[0-9]+)?"
        case 0: "(?:\\.0+)?"
        case let digits?: "(?:\\.[0-9]{1,\(digits)}0*)?"
        }
    }
}
