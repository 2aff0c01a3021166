internal import Spec

/// The text of decision records that differ in numbers alone: what all of them say, and where each puts its numbers.
///
/// Most requests of a key are decided alike, so whoever keeps their records can keep the text once.
package struct DecisionForm: Hashable, Sendable {
    /// Where a number stands, and how it is written there.
    package struct Blank: Hashable, Sendable {
        /// In the form's text, which has nothing there.
        package var offset: Int
        package var isHexadecimal: Bool

        package init(offset: Int, isHexadecimal: Bool) {
            self.offset = offset
            self.isHexadecimal = isHexadecimal
        }
    }

    /// JSON without its numbers.
    package let text: [UInt8]
    /// In the order of the text.
    package let blanks: [Blank]

    package init(text: [UInt8], blanks: [Blank]) {
        self.text = text
        self.blanks = blanks
    }

    /// The record of these numbers, one for each blank, as JSON.
    package func filled(with numbers: [Int64]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + blanks.count * Self.digitsUsual)
        var copied = 0
        for index in 0..<min(blanks.count, numbers.count) {
            let (blank, number) = (blanks[index], numbers[index])
            bytes.append(contentsOf: text[copied..<blank.offset])
            copied = blank.offset
            if blank.isHexadecimal {
                bytes.append(contentsOf: String(UInt64(bitPattern: number), radix: 16).utf8)
            } else {
                DecimalText.append(number, to: &bytes)
            }
        }
        bytes.append(contentsOf: text[copied...])
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digitsUsual = 12
}
