/// Why bytes are not the strict JSON of RFC 8259, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case empty = "the text is empty"
        case byteOrderMark = "a byte order mark is not allowed"
        case unexpectedEnd = "the text ends too early"
        case unexpectedByte = "unexpected byte"
        case invalidLiteral = "expected true, false or null"
        case invalidNumber = "invalid number"
        case numberTooLarge = "a number beyond what a double holds"
        case controlCharacter = "a control character must be escaped inside a string"
        case invalidEscape = "invalid escape"
        case loneSurrogate = "a surrogate escape without its partner"
        case invalidUTF8 = "invalid UTF-8"
        case tooDeep = "nested too deeply"
        case duplicateName = "a member name occurs twice"
        case trailingBytes = "bytes follow the value"
    }

    package let reason: Reason
    /// Offset in bytes from the start of the text.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason.rawValue) at byte \(offset)" }
}
