/// A `multipart/form-data` body checked whole, with an index of its parts. It points into the bytes it was made from and must not
/// outlive them.
///
/// RFC 7578, and RFC 2046 §5.1.1 without what its readers differ on: nothing before the first delimiter, nothing but a line's end
/// behind the last, no space behind any, no bare line ends and no folded fields in the head of a part, and the delimiter nowhere else.
package struct MultipartScan {
    package let bytes: UnsafeRawBufferPointer
    package let parts: [MultipartPart]

    /// More than any form of an API has; bounds the work of looking one up.
    private static let partsMax = 128

    package init(_ bytes: UnsafeRawBufferPointer, _ boundary: MultipartBoundary) throws(MultipartError) {
        self.bytes = bytes
        var walk = DelimiterWalk(bytes, boundary.delimiter)
        guard bytes.starts(with: boundary.delimiter), try walk.next() == 0 else { throw MultipartError(reason: .noDelimiter, offset: 0) }
        var parts: [MultipartPart] = []
        while !walk.isAtEnd {
            let start = walk.position
            guard parts.count < Self.partsMax else { throw MultipartError(reason: .tooManyParts, offset: start) }
            guard let end = try walk.next() else { throw MultipartError(reason: .unfinished, offset: bytes.count) }
            parts.append(try MultipartPart(bytes, from: start, to: end))
        }
        let rest = bytes.slice(from: walk.position)
        guard rest.isEmpty || rest.equals("\r\n") else { throw MultipartError(reason: .trailingBytes, offset: walk.position) }
        self.parts = parts
    }

    /// The part of that name, which must not be there twice: another reader might take the other one.
    package func only(_ name: String) throws(MultipartError) -> MultipartPart? {
        var found: MultipartPart?
        for part in parts where part.name == name {
            guard found == nil else { throw MultipartError(reason: .repeatedName, offset: part.content.lowerBound) }
            found = part
        }
        return found
    }
}

/// Finds one delimiter after another, and refuses any that does not stand in a line of its own.
private struct DelimiterWalk {
    private let bytes: UnsafeRawBufferPointer
    private let delimiter: [UInt8]
    /// Behind the line of the delimiter that was found last.
    private(set) var position = 0
    /// Whether that was the last of the form.
    private(set) var isAtEnd = false

    init(_ bytes: UnsafeRawBufferPointer, _ delimiter: [UInt8]) {
        self.bytes = bytes
        self.delimiter = delimiter
    }

    /// Where the content before the delimiter ends, without the line's end that belongs to the delimiter; nil where there is none.
    mutating func next() throws(MultipartError) -> Int? {
        guard let start = bytes.firstIndex(of: delimiter, from: position) else { return nil }
        let isFirst = start == 0
        // An empty part would share its line's end with the delimiter before it; its head has one of its own.
        guard isFirst || start >= position + 2 && bytes[start - 2] == Bytes.carriageReturn && bytes[start - 1] == Bytes.lineFeed else {
            throw MultipartError(reason: .strayDelimiter, offset: start)
        }
        let behind = start + delimiter.count
        guard behind + 2 <= bytes.count else { throw MultipartError(reason: .unfinished, offset: behind) }
        let mark = bytes.slice(behind..<behind + 2)
        isAtEnd = mark.equals("--")
        guard isAtEnd || mark.equals("\r\n") else { throw MultipartError(reason: .strayDelimiter, offset: start) }
        position = behind + 2
        return isFirst ? 0 : start - 2
    }
}
