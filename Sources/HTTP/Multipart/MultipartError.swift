/// Why bytes are no form that all readers take apart alike, and where.
package struct MultipartError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case noBoundary = "the content type names no boundary that a form may have"
        case noDelimiter = "the first delimiter is not where the form begins"
        case strayDelimiter = "the delimiter stands where no part begins or ends"
        case unfinished = "the form ends before its last delimiter"
        case trailingBytes = "bytes follow the last delimiter"
        case tooManyParts = "there are too many parts"
        case headTooLarge = "the fields of a part are too large"
        case badField = "a part has a field that breaks the rules"
        case noDisposition = "a part has no single Content-Disposition of a form"
        case badName = "a part has no single plain name"
        case encoded = "a part has a transfer encoding"
        case repeatedName = "a part that may be there once is there twice"
    }

    package let reason: Reason
    /// Bytes from the beginning of the form.
    package let offset: Int

    package var description: String { "\(reason.rawValue) (at byte \(offset))" }
}
