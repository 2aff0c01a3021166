/// A decimal number of at most three places: `0.7`.
package struct Thousandths: Hashable, Sendable {
    package var value: Int64
}

extension Thousandths: Amount {
    static let noun = "a decimal number"
    static let example = "0.7"
    static let pattern: String? = "\(AmountPattern.whole)\(AmountPattern.fraction(3))"

    static func parse(_ text: String) throws(AmountProblem) -> Thousandths {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }) else {
            throw AmountProblem("it holds something else than digits and a point")
        }
        var scanner = AmountScanner(text)
        let value = try scanner.decimal(scale: 1000, finest: "a thousandth")
        try scanner.end()
        return Thousandths(value: value)
    }

    package var text: String { AmountText.decimal(value, scale: 1000) }
}

extension Shape where Value == Thousandths {
    /// One between 0 and `most`.
    static func thousandths(to most: Int64) -> Shape<Thousandths> {
        let amount = Shape<Thousandths>.amount
        return Shape(amount.describe()) { node, reading in
            guard let decoded = amount.read(node, reading) else { return nil }
            guard decoded.value.value <= most else {
                reading.report(
                    .valueInvalid, node.extent,
                    "\(decoded.value.text) is not between 0 and \(Thousandths(value: most).text)")
                return nil
            }
            return decoded
        }
    }
}
