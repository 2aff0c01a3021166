package import Spec

/// What a request's decision is called in the ledger and in `x-charter-decision`: 32 hexadecimal digits, of which the first twelve are
/// the milliseconds since 1970 at which it arrived, by its gateway's clock.
package struct DecisionName: Hashable, Sendable {
    /// In lower case.
    package let text: String
    package let at: Instant

    /// Nil for what names none.
    package init?(_ text: String) {
        let digits = text.lowercased()
        guard digits.utf8.count == Self.digitsCount, digits.utf8.allSatisfy(Self.isHexadecimal),
            let milliseconds = Int64(digits.prefix(Self.digitsOfTime), radix: 16), milliseconds < Self.end.milliseconds
        else { return nil }
        self.text = digits
        at = Instant(milliseconds: milliseconds)
    }

    /// Within which its attempts were admitted: the last may come long after the first, and clocks are set.
    var span: Range<Instant> {
        let day = CivilDate.millisecondsPerDay
        return Instant(milliseconds: at.milliseconds - day)..<Instant(milliseconds: at.milliseconds + day)
    }

    private static let digitsCount = 32
    private static let digitsOfTime = 12
    /// Years of five digits are no text that PostgreSQL reads in every style.
    private static let end = CivilDate(year: 9999, month: 1, day: 1).start

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
