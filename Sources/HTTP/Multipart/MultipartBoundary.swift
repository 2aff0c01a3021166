/// The text between the parts of a form, as its content type names it (RFC 2046 §5.1.1).
package struct MultipartBoundary: Equatable, Sendable {
    /// Two hyphens and the boundary.
    let delimiter: [UInt8]

    private static let bytesMax = 70

    /// Of the one Content-Type among the fields of a request; nil where that is no form's, or none that all read alike.
    package init?(_ headers: Headers) {
        var found: [MultipartBoundary?] = []
        headers.forEach { name, value in
            if name.equalsIgnoringCase("content-type") { found.append(MultipartBoundary(contentType: value)) }
        }
        guard found.count == 1, let boundary = found[0] else { return nil }
        self = boundary
    }

    init?(contentType value: UnsafeRawBufferPointer) {
        var parameters = FieldParameters(value)
        guard let type = parameters.takeValue(), type.equalsIgnoringCase("multipart/form-data") else { return nil }
        var boundary: [UInt8]?
        while let parameter = parameters.next() {
            guard parameter.name.equalsIgnoringCase("boundary") else { continue }
            guard boundary == nil else { return nil }
            boundary = Array(parameter.value)
        }
        guard parameters.isWhole, let boundary, (1...Self.bytesMax).contains(boundary.count), boundary.allSatisfy(Self.isAllowed),
            boundary.last != Bytes.space
        else { return nil }
        delimiter = [UInt8(ascii: "-"), UInt8(ascii: "-")] + boundary
    }

    /// A content type that says nothing else, so that the next reader finds the same boundary in it.
    package var contentType: String {
        let boundary = delimiter.dropFirst(2)
        let text = String(decoding: boundary, as: UTF8.self)
        return "multipart/form-data; boundary=" + (boundary.allSatisfy(Bytes.isToken) ? text : "\"\(text)\"")
    }

    /// RFC 2046's `bchars`.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}
